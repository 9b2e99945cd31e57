import { CliError } from '../../src/cli/cli-error';
import { parseArguments } from '../../src/cli/program';

function parsed(...argv: string[]) {
  const request = parseArguments(argv);
  if ('print' in request) throw new Error(`only printed: ${request.print}`);
  return { name: request.command.name, flags: request.flags, argument: request.argument };
}

function refusal(...argv: string[]): CliError {
  try {
    parseArguments(argv);
  } catch (error) {
    if (error instanceof CliError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

const printed = (...argv: string[]): string => {
  const request = parseArguments(argv);
  return 'print' in request ? request.print : '';
};

describe('the command line', () => {
  it('knows its commands', () => {
    const names = ['check', 'plan', 'apply', 'verify', 'status', 'report'].map((name) => parsed(name).name);
    expect([...names, parsed('restore', '7f3a').name, parsed('purge', '--older-than', '30d').name]).toEqual([
      'check',
      'plan',
      'apply',
      'verify',
      'status',
      'report',
      'restore',
      'purge',
    ]);
  });

  it.each<readonly [readonly string[], string, object]>([
    [['analyse'], 'check', {}],
    [['analyze', '--deep'], 'check', { deep: true }],
    [['--fix'], 'apply', {}],
    [['--apply', '--fix-constraints', '--dry-run'], 'apply', { dryRun: true }],
    [['--force-fix'], 'apply', { force: true, yes: true, acceptDataLoss: true }],
    [['--fix', '--force-fix'], 'apply', { force: true, yes: true, acceptDataLoss: true }],
  ])('knows the words of other scripts: %j', (argv, name, flags) => {
    expect(parsed(...argv)).toMatchObject({ name, flags });
  });

  it('agrees to nothing where --force-fix is only to be shown', () => {
    const { name, flags } = parsed('--force-fix', '--dry-run', '--config', 'x.json');
    expect({ name, flags }).toMatchObject({ name: 'apply', flags: { force: true, dryRun: true } });
    expect(flags).not.toHaveProperty('yes');
    expect(flags).not.toHaveProperty('acceptDataLoss');
  });

  it('takes those words only where a command stands, and agrees to nothing by itself', () => {
    expect(parsed('--fix').flags).not.toHaveProperty('yes');
    expect(refusal('check', '--fix').exitCode).toBe(64);
    expect(refusal('apply', '--force-fix').exitCode).toBe(64);
    expect(refusal('--fix', 'check', 'x').exitCode).toBe(64);
    expect(parsed('apply', '--config', 'analyse').flags.config).toBe('analyse');
  });

  it('reads every flag into its own type', () => {
    const { flags } = parsed(
      ...[
        'check',
        '-c',
        'a.ts',
        '-r',
        'x',
        '--require',
        'y',
        '--url',
        'postgres://h/d',
        '--exclude',
        'a*',
        '--exclude',
        'b',
      ],
      ...[
        '--on-delete',
        'models',
        '--on-orphan',
        'keep',
        '--max-rows',
        '5',
        '--max-fraction',
        '.5',
        '--lock-timeout',
        '250ms',
      ],
      ...[
        '--format',
        'json',
        '--output',
        'r.json',
        '--fail-on',
        'warning',
        '--deep',
        '--sample-keys',
        '3',
        '--verbose',
        '--no-color',
      ],
    );
    expect(flags).toEqual({
      ...{ config: 'a.ts', require: ['x', 'y'], url: 'postgres://h/d', exclude: ['a*', 'b'] },
      ...{ onDelete: 'models', onOrphan: 'keep', maxRows: 5, maxFraction: 0.5, lockTimeout: '250ms' },
      ...{
        format: 'json',
        output: ['r.json'],
        annotations: true,
        failOn: 'warning',
        deep: true,
        sampleKeys: 3,
        verbose: true,
        progress: true,
        color: false,
      },
    });
  });

  it('has quiet defaults', () => {
    expect(parsed('check').flags).toEqual({
      format: 'text',
      failOn: 'error',
      color: true,
      progress: true,
      annotations: true,
    });
    expect(parsed('apply').flags).toEqual({ format: 'text', color: true, progress: true });
  });

  it('takes the plan of apply and the run of restore as arguments', () => {
    expect(parsed('apply', 'plan.json', '--yes', '--accept-data-loss')).toMatchObject({
      argument: 'plan.json',
      flags: { yes: true, acceptDataLoss: true },
    });
    expect(parsed('restore', '7f3a', '--dry-run')).toMatchObject({
      argument: '7f3a',
      flags: { dryRun: true },
    });
  });

  it.each([
    [['chek'], "unknown command 'chek' (Did you mean check?)", 'See fk-guard --help.'],
    [['check', '--fix'], "unknown option '--fix'", 'See fk-guard check --help.'],
    [
      ['apply', '--accept-dataloss'],
      "unknown option '--accept-dataloss' (Did you mean --accept-data-loss?)",
      'See fk-guard apply --help.',
    ],
    [['check', '--yes'], "unknown option '--yes'", 'See fk-guard check --help.'],
    [['effect'], "unknown command 'effect'", 'See fk-guard --help.'],
    [['purge'], "required option '--older-than <duration>' not specified", 'See fk-guard purge --help.'],
    [
      ['purge', '--older-than', '30d', '--dry-run', '--yes'],
      "option '--dry-run' cannot be used with option '-y, --yes'",
      'See fk-guard purge --help.',
    ],
    [['status', '--yes'], "unknown option '--yes'", 'See fk-guard status --help.'],
    [
      ['status', '--runs', 'all'],
      "option '--runs <n>' argument 'all' is invalid. It must be a whole number from 0.",
      'See fk-guard status --help.',
    ],
    ...['soon', '', '30', '-1d', '0', '0d', '1000000d'].map((text): [string[], string, string] => [
      ['purge', `--older-than=${text}`],
      `option '--older-than <duration>' argument '${text}' is invalid. It must be a duration such as "30d" or "12h", more than 0 and at most 100 years.`,
      'See fk-guard purge --help.',
    ]),
    [['plan', '--baseline', 'x'], "unknown option '--baseline'", 'See fk-guard plan --help.'],
    [
      ['check', 'now'],
      "too many arguments for 'check'. Expected 0 arguments but got 1.",
      'See fk-guard check --help.',
    ],
    [['restore'], "missing required argument 'run-id'", 'See fk-guard restore --help.'],
    [
      ['apply', '--dry-run', '--yes'],
      "option '--dry-run' cannot be used with option '-y, --yes'",
      'See fk-guard apply --help.',
    ],
    [
      ['apply', '--force', '--max-rows', '5'],
      "option '--force' cannot be used with option '--max-rows <n>'",
      'See fk-guard apply --help.',
    ],
  ])('%j is wrong usage', (argv, message, advice) => {
    expect(refusal(...argv)).toMatchObject({ code: 'USAGE', exitCode: 64, message, advice });
  });

  it.each([
    ['--on-delete', 'cascade', 'Allowed choices are explicit, models, CASCADE.'],
    ['--on-orphan', 'drop', 'Allowed choices are auto, delete, nullify, keep.'],
    [
      '--format',
      'xml',
      'Allowed choices are text, json, ndjson, sql, github, sarif, markdown, mermaid, dot, html.',
    ],
    ['--fail-on', 'info', 'Allowed choices are error, warning, never.'],
    ['--max-rows', '-1', 'It must be a whole number from 0.'],
    ['--max-rows', '1.5', 'It must be a whole number from 0.'],
    ['--sample-keys', 'all', 'It must be a whole number from 0.'],
    ['--max-fraction', '20', 'It must be a number from 0 to 1.'],
    ['--max-fraction', '20%', 'It must be a number from 0 to 1.'],
    ['--lock-timeout', 'soon', 'It must be a duration such as 100ms, 2s or 1m.'],
    ['--lock-timeout', '0', 'It must not be 0, which would wait for ever.'],
  ])('%s %s is a wrong value', (flag, value, reason) => {
    const error = refusal('check', `${flag}=${value}`);
    expect(error).toMatchObject({ code: 'USAGE', exitCode: 64 });
    expect(error.message).toContain(`argument '${value}' is invalid. ${reason}`);
  });

  it('says how it is used when nothing is asked for', () => {
    const error = refusal();
    expect(error).toMatchObject({ exitCode: 64, message: 'A command is missing.' });
    expect(error.advice).toContain('Usage: fk-guard');
  });

  it('prints help and version as a result', () => {
    expect(printed('--help')).toContain('Exit codes:\n  0 ');
    expect(printed('apply', '--help')).toContain('--accept-data-loss');
    expect(printed('--version')).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('explains that a URL cannot replace a Sequelize instance', () => {
    expect(printed('--help')).toContain(
      'A Sequelize instance brings its own connection, which none of these can replace',
    );
  });

  it('paces an apply, and nothing that only reads', () => {
    const { flags } = parsed(
      ...['apply', '--max-run-time', '30m', '--max-run-rows', '5000'],
      ...['--max-lag', '10s', '--sentinel-file', 'hold'],
    );
    expect(flags).toMatchObject({
      ...{ maxRunTime: '30m', maxRunRows: 5000, maxLag: '10s', sentinelFile: 'hold' },
    });
    expect(refusal('check', '--max-run-time=1s').exitCode).toBe(64);
  });

  it.each([
    ['--max-run-time', '0', 'It must not be 0.'],
    ['--max-lag', 'soon', 'It must be a duration such as 100ms, 2s or 1m.'],
    ['--max-run-rows', '0', 'It must be a whole number from 1.'],
  ])('%s %s is a wrong pace', (flag, value, reason) => {
    expect(refusal('apply', `${flag}=${value}`).message).toContain(reason);
  });
});
