import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArguments } from '../../src/cli/program';
import { createEvents, type Events } from '../../src/events';
import type { FkGuard } from '../../src/guard';
import type { Outcome, Plan, Report } from '../../src/outcome';
import type { PurgeOutcome, RestoreOutcome } from '../../src/quarantine-outcome';
import { plain } from '../../src/report/paint';
import type { Impact } from '../../src/runtime/impact/impact';
import type { Status } from '../../src/status/status';
import { cleanUp, orphans, outcome, plan, refused, report, validate } from '../report/samples';
import { recordedIo, type RecordedIo } from './streams';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'fk-guard-commands-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** What a guard of a test answers; its own port, no SQL is pretended. */
interface Answers {
  readonly report?: Report;
  readonly plan?: Plan;
  readonly outcome?: Outcome;
  readonly restored?: RestoreOutcome;
  readonly purged?: PurgeOutcome;
  readonly status?: Status;
  readonly impact?: Impact;
}

function guardOf(
  answers: Answers,
  events: Events = createEvents(),
): FkGuard & { readonly calls: unknown[][] } {
  const calls: unknown[][] = [];
  const answer =
    <T>(name: string, value: T | undefined) =>
    (...values: unknown[]): Promise<T> => {
      calls.push([name, ...values]);
      return value === undefined
        ? Promise.reject(new Error(`${name} was not expected`))
        : Promise.resolve(value);
    };
  return {
    calls,
    check: answer('check', answers.report),
    verify: answer('verify', answers.report),
    plan: answer('plan', answers.plan),
    apply: answer('apply', answers.outcome),
    run: answer('run', answers.outcome),
    restore: answer('restore', answers.restored),
    purge: answer('purge', answers.purged),
    status: answer('status', answers.status),
    impact: answer('impact', answers.impact),
    health: () => Promise.reject(new Error('health was not expected')),
    monitor: () => ({ count: () => Promise.resolve(), stop: () => Promise.resolve() }),
    metrics: () => ({}),
    on: events.on,
    lastOutcome: undefined,
    uninstall: () => undefined,
  };
}

async function command(
  guard: FkGuard,
  argv: readonly string[],
  io: RecordedIo = recordedIo({ cwd: directory }),
) {
  const request = parseArguments(argv);
  if ('print' in request) throw new Error(request.print);
  const { flags, argument, more } = request;
  if (!('run' in request.command)) throw new Error('it needs no guard');
  const result = await request.command.run({
    guard,
    flags,
    argument,
    more,
    quarantineSchema: 'fk_guard',
    settings: { config: { path: 'fk-guard.config.js' }, options: {} },
    io,
  });
  return { code: result.exitCode, text: result.text(plain), body: result.body };
}

describe('check', () => {
  it('is a report and a gate', async () => {
    const result = await command(guardOf({ report: report([orphans]) }), ['check']);
    expect(result).toMatchObject({ code: 2, body: { findings: [orphans] } });
    expect(result.text).toContain('1 error in 9 relations');
  });

  it('lets pass what --fail-on lets pass', async () => {
    expect(
      await command(guardOf({ report: report([orphans]) }), ['check', '--fail-on', 'never']),
    ).toMatchObject({ code: 0 });
  });
});

describe('verify', () => {
  it('looks a second time and judges as check does', async () => {
    const guard = guardOf({ report: report([orphans]) });
    expect(await command(guard, ['verify'])).toMatchObject({ code: 2 });
    expect(guard.calls).toEqual([['verify']]);
  });
});

describe('plan', () => {
  it('shows the steps and is no failure', async () => {
    const result = await command(guardOf({ plan: plan([validate]) }), ['plan']);
    expect(result.code).toBe(0);
    expect(result.text).toContain('  1. Validate Checkouts_userId_fkey');
  });

  it('tells pending changes by --exit-code', async () => {
    expect(await command(guardOf({ plan: plan([validate]) }), ['plan', '--exit-code'])).toMatchObject({
      code: 2,
    });
    expect(await command(guardOf({ plan: plan([]) }), ['plan', '--exit-code'])).toMatchObject({ code: 0 });
  });

  it('is SQL alone with --sql', async () => {
    const { text } = await command(guardOf({ plan: plan([validate]) }), ['plan', '--sql']);
    expect(text.split('\n')[1]).toBe(
      'alter table "public"."Checkouts" validate constraint "Checkouts_userId_fkey";',
    );
  });

  it('is saved for its owner only, and read back the same', async () => {
    const made = plan([validate, cleanUp('delete', 7)], [refused]);
    await command(guardOf({ plan: made }), ['plan', '--out', 'plan.json']);
    const file = join(directory, 'plan.json');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(made);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const guard = guardOf({ outcome: outcome() });
    await command(guard, ['apply', 'plan.json', '--yes', '--accept-data-loss']);
    expect(guard.calls).toEqual([['apply', made]]);
  });

  it('says when it cannot be saved', async () => {
    await expect(
      command(guardOf({ plan: plan([]) }), ['plan', '--out', 'no/such/plan.json']),
    ).rejects.toMatchObject({
      exitCode: 1,
      message: `Cannot write ${join(directory, 'no/such/plan.json')}: no such file or directory`,
    });
  });
});

describe('apply', () => {
  const made = plan([validate, cleanUp('delete', 7)]);
  const repaired = outcome({ runId: '7f3a', status: 'repaired', rowsDeleted: 7, rowsQuarantined: 9 });

  it('plans, shows, asks and applies exactly what it showed', async () => {
    const guard = guardOf({ plan: made, outcome: repaired });
    const io = recordedIo({ answers: ['booknexus'] });
    const result = await command(guard, ['apply'], io);
    expect(result).toMatchObject({ code: 0, body: { summary: { status: 'repaired', rowsQuarantined: 9 } } });
    expect(result.text).toContain('fk-guard restore 7f3a');
    expect(guard.calls).toEqual([['plan'], ['apply', made]]);
    expect(io.err()).toMatch(
      /^2 steps, 7 rows will be removed\.[^]*Type the name of the database to go on: $/,
    );
  });

  it('writes nothing without consent', async () => {
    const guard = guardOf({ plan: made, outcome: repaired });
    await expect(command(guard, ['apply', '--yes'])).rejects.toMatchObject({ exitCode: 3 });
    expect(guard.calls).toEqual([['plan']]);
  });

  it('asks nothing with both flags', async () => {
    const guard = guardOf({ plan: made, outcome: repaired });
    expect(await command(guard, ['apply', '--yes', '--accept-data-loss'])).toMatchObject({ code: 0 });
    expect(guard.calls).toEqual([['plan'], ['apply']]);
  });

  it('stays with what was shown when only that was agreed to', async () => {
    const guard = guardOf({ plan: plan([validate]), outcome: repaired });
    await command(guard, ['apply', '--yes']);
    expect(guard.calls).toEqual([['plan'], ['apply', plan([validate])]]);
  });

  it('is the plan alone with --dry-run', async () => {
    const guard = guardOf({ plan: made });
    const result = await command(guard, ['apply', '--dry-run']);
    expect(result).toMatchObject({ code: 0, body: { summary: { rowsToDelete: 7 } } });
    expect(guard.calls).toEqual([['plan']]);
  });

  it('refuses with 3 what remains refused', async () => {
    const guard = guardOf({
      plan: plan([], [refused]),
      outcome: outcome({ status: 'refused', remaining: [refused] }),
    });
    const result = await command(guard, ['apply', '--yes']);
    expect(result.code).toBe(3);
    expect(result.text).toContain("to allow  relations: { 'Fine.checkoutId': { orphans: 'delete' } }");
  });

  it.each([
    ['is missing', undefined, /^Cannot read .*plan\.json: no such file or directory\.$/],
    ['is no JSON', 'not json', /plan\.json is not JSON\.$/],
    [
      'is something else',
      '{"schemaVersion":1}',
      /plan\.json is not a plan of this version of fk-guard: "fingerprint" is missing or wrong\.$/,
    ],
    [
      'is of another version',
      JSON.stringify({ ...made, schemaVersion: 2 }),
      /"schemaVersion" is missing or wrong\.$/,
    ],
    ['has lost its steps', JSON.stringify({ ...made, steps: 'none' }), /"steps" is missing or wrong\.$/],
  ])('refuses a plan that %s', async (_, text, message) => {
    if (text !== undefined) writeFileSync(join(directory, 'plan.json'), text);
    const guard = guardOf({ outcome: repaired });
    await expect(command(guard, ['apply', 'plan.json', '--yes', '--accept-data-loss'])).rejects.toMatchObject(
      {
        code: 'PLAN_INVALID',
        message: expect.stringMatching(message) as string,
      },
    );
    expect(guard.calls).toEqual([]);
  });
});

describe('restore', () => {
  it('puts a run back', async () => {
    const guard = guardOf({ restored: { runId: '7f3a', restored: 9, failed: [] } });
    expect(await command(guard, ['restore', '7f3a'])).toMatchObject({
      code: 0,
      text: 'Run 7f3a: 9 rows put back.\n',
    });
    expect(guard.calls).toEqual([['restore', '7f3a', { dryRun: false, schema: false }]]);
  });

  it('ends with 3 when rows could not be put back', async () => {
    const failed = [{ table: 'public.Checkouts', row: '(id)=(4)', reason: 'no parent' }];
    const guard = guardOf({ restored: { runId: '7f3a', restored: 8, failed } });
    expect(await command(guard, ['restore', '7f3a', '--dry-run'])).toMatchObject({
      code: 3,
      body: { failed },
    });
    expect(guard.calls).toEqual([['restore', '7f3a', { dryRun: true, schema: false }]]);
  });
});

describe('purge', () => {
  const old = {
    runId: '7f3a',
    startedAt: '2026-01-02T03:04:05.000Z',
    rows: 9,
    restored: 2,
    oldest: '2026-01-02T03:04:05.000Z',
    newest: '2026-01-02T03:05:05.000Z',
    tables: [{ table: 'public.Checkouts', rows: 9, restored: 2 }],
  };
  const purged: PurgeOutcome = {
    database: plan([]).database,
    rows: 9,
    before: '2026-02-01T00:00:00.000Z',
    runs: [old],
    kept: [],
  };

  it('shows, asks for the name of the database, and purges what it showed', async () => {
    const guard = guardOf({ purged });
    const io = recordedIo({ answers: ['booknexus'] });
    const result = await command(guard, ['purge', '--older-than', '30d'], io);
    expect(result).toMatchObject({
      code: 0,
      body: { summary: { rows: 9, dryRun: false }, runs: [old], kept: [] },
    });
    expect(result.text).toMatch(/^9 copies purged, of 1 run\.\n/);
    expect(guard.calls).toEqual([
      ['purge', { olderThan: '30d', dryRun: true }],
      ['purge', { olderThan: '30d', runs: ['7f3a'] }],
    ]);
    expect(io.err()).toMatch(
      /^9 copies would be purged for good, of 1 run\.[^]*Run 7f3a\n[^]* 7 of them of rows that were not put back\.\nType the name of the database to go on: $/,
    );
  });

  it.each([
    [[], undefined, 3],
    [['--yes'], undefined, 3],
    [['--accept-data-loss'], undefined, 3],
    [['--yes'], 'yes', 3],
    [[], 'no', 3],
    [['--accept-data-loss'], 'booknexus', 3],
  ] as const)('purges nothing without consent: %j, answered with %p', async (flags, answer, exitCode) => {
    const guard = guardOf({ purged });
    const io = recordedIo(answer === undefined ? { cwd: directory } : { answers: [answer] });
    await expect(command(guard, ['purge', '--older-than', '30d', ...flags], io)).rejects.toMatchObject({
      code: 'CONSENT',
      exitCode,
    });
    expect(guard.calls).toEqual([['purge', { olderThan: '30d', dryRun: true }]]);
  });

  it.each([
    [['--yes', '--accept-data-loss'], undefined],
    [['--accept-data-loss'], 'yes'],
    [['--yes'], 'booknexus'],
  ] as const)('is agreed to by %j, answered with %p', async (flags, answer) => {
    const guard = guardOf({ purged });
    const io = recordedIo(answer === undefined ? { cwd: directory } : { answers: [answer] });
    expect(await command(guard, ['purge', '--older-than', '30d', ...flags], io)).toMatchObject({ code: 0 });
    expect(guard.calls).toHaveLength(2);
  });

  it('asks nothing where nothing goes, nor in a dry run', async () => {
    const nothing = guardOf({ purged: { ...purged, rows: 0, runs: [] } });
    expect(await command(nothing, ['purge', '--older-than', '30d'])).toMatchObject({ code: 0 });
    const dry = guardOf({ purged });
    expect(await command(dry, ['purge', '--older-than', '30d', '--dry-run'])).toMatchObject({
      code: 0,
      body: { summary: { dryRun: true } },
    });
    expect([nothing.calls, dry.calls]).toEqual([
      [['purge', { olderThan: '30d', dryRun: true }]],
      [['purge', { olderThan: '30d', dryRun: true }]],
    ]);
  });

  it('ends with 3 when old copies had to stay, and says why', async () => {
    const kept = [{ runId: '7f3a', rows: 9, reason: 'unfinished' as const }];
    const answers = { purged: { ...purged, rows: 0, runs: [], kept } };
    const result = await command(guardOf(answers), ['purge', '--older-than', '30d']);
    expect(result.code).toBe(3);
    expect(result.text).toContain('Kept: 9 copies of run 7f3a, because it has not ended');
    expect(await command(guardOf(answers), ['purge', '--older-than', '30d', '--dry-run'])).toMatchObject({
      code: 0,
    });
  });
});

describe('status', () => {
  const status: Status = {
    schemaVersion: 1,
    database: plan([]).database,
    ledger: { schema: 'fk_guard', state: 'none', runs: 0 },
    runs: [],
    notValid: [],
    quarantine: { rows: 0, open: 0, restored: 0, bytes: 0, tables: [] },
  };

  it('is no failure when nothing was ever done', async () => {
    const guard = guardOf({ status });
    expect(await command(guard, ['status', '--runs', '3'])).toMatchObject({ code: 0, body: { errors: [] } });
    expect(guard.calls).toEqual([['status', { runs: 3 }]]);
  });

  it('fails when the ledger could not be read', async () => {
    const error = { code: 'PRIVILEGE', message: 'The role x lacks: y.', advice: 'Grant this.' };
    const guard = guardOf({ status: { ...status, ledger: { ...status.ledger, state: 'unusable', error } } });
    const result = await command(guard, ['status']);
    expect(result).toMatchObject({ code: 1, body: { errors: [error] } });
    expect(result.text).toContain('  The role x lacks: y.\n  Grant this.\n');
  });
});
