import type { FkGuardOptions } from '../../src/options';
import { mergeOptions, quarantineSchemaOf } from '../../src/cli/settings';
import { thrown } from './thrown';

const withoutLogger = ({ logger: _, ...options }: FkGuardOptions): FkGuardOptions => options;

describe('mergeOptions', () => {
  it('looks at the schemas that were named, and at no others', () => {
    expect(mergeOptions({ include: ['a'] }, { schema: ['tenant_?', 'public'] }).include).toEqual([
      'tenant_?.*',
      'public.*',
    ]);
    expect(mergeOptions({ include: ['a'] }, { schema: true }).include).toEqual(['a']);
  });

  it('lets each flag win over the configuration', () => {
    const configured = {
      onDelete: 'models',
      orphans: 'keep',
      lockTimeout: '1s',
      maxRunTime: '1h',
      sentinel: { file: 'a', table: 'ops.hold' },
      scan: 'needed',
      sampleKeys: 1,
      fence: true,
    };
    const flags = {
      onDelete: 'CASCADE',
      onOrphan: 'delete',
      lockTimeout: '50ms',
      ...{ maxRunTime: '5m', maxRunRows: 100, maxLag: '10s', sentinelFile: 'b' },
      deep: true,
      sampleKeys: 0,
    } as const;
    expect(withoutLogger(mergeOptions(configured, flags))).toEqual({
      ...{
        onDelete: 'CASCADE',
        orphans: 'delete',
        lockTimeout: '50ms',
        ...{ maxRunTime: '5m', maxRunRows: 100, maxLag: '10s' },
        sentinel: { file: 'b', table: 'ops.hold' },
        scan: 'all',
        sampleKeys: 0,
        fence: true,
      },
      onFindings: 'log',
    });
  });

  it('keeps the configuration where there is no flag', () => {
    const configured = { onDelete: 'models', limits: { rows: 3 }, exclude: ['a'], quarantine: false };
    expect(withoutLogger(mergeOptions(configured, {}))).toEqual({ ...configured, onFindings: 'log' });
  });

  it('adds exclusions to those of the configuration', () => {
    const because = { pattern: 'audit.*', because: 'history' };
    expect(mergeOptions({ exclude: [because] }, { exclude: ['b', 'c'] }).exclude).toEqual([
      because,
      'b',
      'c',
    ]);
  });

  it('changes only the limit that a flag names', () => {
    expect(mergeOptions({ limits: { rows: 3, fraction: 0.1 } }, { maxRows: 50 }).limits).toEqual({
      rows: 50,
      fraction: 0.1,
    });
    expect(mergeOptions({}, { maxFraction: 0.5 }).limits).toEqual({ fraction: 0.5 });
  });

  it('takes directUrl from the flag, then the environment, then the configuration', () => {
    const env = { FK_GUARD_DIRECT_URL: 'postgres://env/d' };
    const configured = { directUrl: 'postgres://configured/d' };
    expect([
      mergeOptions(configured, { directUrl: 'postgres://flag/d' }, env).directUrl,
      mergeOptions(configured, {}, env).directUrl,
      mergeOptions(configured, {}, { FK_GUARD_DIRECT_URL: '' }).directUrl,
    ]).toEqual(['postgres://flag/d', 'postgres://env/d', 'postgres://configured/d']);
  });

  it('lifts both limits, and only them, with --force', () => {
    expect(withoutLogger(mergeOptions({ limits: { rows: 3 } }, { force: true }))).toEqual({
      limits: { rows: Number.MAX_SAFE_INTEGER, fraction: 1 },
      onFindings: 'log',
    });
  });

  it('makes findings a result and never an exception', () => {
    expect(mergeOptions({ onFindings: 'throw' }, {}).onFindings).toBe('log');
  });

  it('keeps a logger that was configured, and is silent beside the progress without one', () => {
    const logger = { debug() {}, info() {}, warn() {}, error() {} };
    expect(mergeOptions({ logger }, {}).logger).toBe(logger);
    expect(mergeOptions({}, {}).logger?.warn('not seen')).toBeUndefined();
  });

  it.each([['text'], [[]], [7], [null]])('refuses options that are %j', (configured) => {
    expect(thrown(() => mergeOptions(configured, {}))).toMatchObject({
      code: 'OPTIONS',
      message: 'Invalid options: "options" must be an object.',
    });
  });
});

describe('quarantineSchemaOf', () => {
  it('knows where the copies are', () => {
    expect([
      quarantineSchemaOf({}),
      quarantineSchemaOf({ quarantine: { schema: 'q' } }),
      quarantineSchemaOf({ quarantine: false }),
    ]).toEqual(['fk_guard', 'q', undefined]);
  });
});
