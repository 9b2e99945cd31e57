import fc from 'fast-check';
import { Sequelize } from 'sequelize';
import { createGuard, FkGuardError, installFkGuard, type FkGuardOptions } from 'sequelize-fk-guard';
import { parseOptions } from '../../src/parse-options';
import { thrown } from '../cli/thrown';

const ID = 'public.children(parent_id)';
const KEYS = [{ child: ID, parent: 'public.parents(id)' }];
/** Nobody listens there: an option that was let through is told by `CONNECTION`. */
const NOWHERE = 'postgres://127.0.0.1:1/nowhere';

const boom = (): never => {
  throw new Error('boom');
};
const endless: Record<string, unknown> = {};
endless['limits'] = endless;
const ofRelation = (own: unknown): unknown => ({ relations: { 'public.children.parent_id': own } });
const named = (json: string): unknown => JSON.parse(json);

/** What is written, and the option that the error has to name. */
const HOSTILE: readonly (readonly [title: string, options: unknown, option: string])[] = [
  ['text for everything', 'mode', 'options'],
  ['a list for everything', [], 'options'],
  ['a function for everything', boom, 'options'],
  ['a class', class Options {}, 'options'],
  ['a date', new Date(), 'options'],
  ['a symbol', { mode: Symbol('repair') }, 'mode'],
  [
    'a getter that throws',
    {
      get mode() {
        return boom();
      },
    },
    'mode',
  ],
  [
    'a getter that throws further down',
    {
      relations: {
        get 'public.children.parent_id'() {
          return boom();
        },
      },
    },
    'relations.public.children.parent_id',
  ],
  ['a proxy that throws', new Proxy({}, { ownKeys: boom }), 'options'],
  ['what holds itself', endless, 'limits.limits'],
  ['__proto__', named('{ "__proto__": { "mode": "check" } }'), 'options'],
  [
    '__proto__ as a relation',
    named('{ "relations": { "__proto__": { "orphans": "delete" } } }'),
    'relations',
  ],
  ['constructor as a relation', { relations: { constructor: { orphans: 'delete' } } }, 'relations'],
  ['a list of relations', { relations: [] }, 'relations'],
  ['a map of relations', { relations: new Map() }, 'relations'],
  ['a list for a relation', ofRelation([]), 'relations.public.children.parent_id'],
  ['a name of every object', { hasOwnProperty: 1 }, 'hasOwnProperty'],
  ['a relation of nobody', { relations: { '🦴.x\n.y': {} } }, 'relations'],
  ['a relation without a name', { relations: { '': {} } }, 'relations'],
  ['a list of limits', { limits: [] }, 'limits'],
  ['no number', { limits: { rows: NaN } }, 'limits.rows'],
  ['a number without end', { limits: { fraction: Infinity } }, 'limits.fraction'],
  ['a number below 0', { limits: { rows: -1 } }, 'limits.rows'],
  ['a number that is not exact', { limits: { rows: 1e300 } }, 'limits.rows'],
  ['a bigint', { sampleKeys: 1n }, 'sampleKeys'],
  ['a batch without end', { batchSize: Infinity }, 'batchSize'],
  ['a duration with an exponent', { lockTimeout: '1e9s' }, 'lockTimeout'],
  ['an empty duration', { waitTimeout: '' }, 'waitTimeout'],
  ['a duration below 0', { lockBudget: '-1s' }, 'lockBudget'],
  ['a duration that rounds to 0', { lockTimeout: '0.0001ms' }, 'lockTimeout'],
  ['a duration that no server holds', { statementTimeout: '25d' }, 'statementTimeout'],
  ['a duration beyond all numbers', { startupBudget: `${'9'.repeat(400)}d` }, 'startupBudget'],
  ['an empty pattern', { exclude: [''] }, 'exclude'],
  ['a pattern that keeps a regular expression busy', { exclude: [`${'*a'.repeat(40)}!`] }, 'exclude'],
  ['a quarantine in a list', { quarantine: [] }, 'quarantine'],
  ['a quarantine whose name is cut', { quarantine: { schema: '🦴'.repeat(16) } }, 'quarantine'],
  ['a quarantine with a NUL', { quarantine: { schema: 'a\0b' } }, 'quarantine'],
  ['a quarantine with half a character', { quarantine: { schema: 'a\ud800' } }, 'quarantine'],
  ["a quarantine in PostgreSQL's own schemas", { quarantine: { schema: 'pg_catalog' } }, 'quarantine'],
  [
    'a parent that is a function',
    ofRelation({ reparent: boom }),
    'relations.public.children.parent_id.reparent',
  ],
  [
    'a parent that is a date',
    ofRelation({ reparent: new Date() }),
    'relations.public.children.parent_id.reparent',
  ],
  ['a parent without a value', ofRelation({ reparent: {} }), 'relations.public.children.parent_id.reparent'],
  [
    'a parent of many values',
    ofRelation({ reparent: [1, 2] }),
    'relations.public.children.parent_id.reparent',
  ],
  [
    'a logger that cannot be read',
    {
      logger: {
        debug: boom,
        info: boom,
        warn: boom,
        get error() {
          return boom();
        },
      },
    },
    'logger.error',
  ],
  ['an option of another version', { deleteOrphans: true }, 'deleteOrphans'],
  ['nobody to look', { concurrency: 0 }, 'concurrency'],
  ['schemas that are one word', { schemas: 'tenant_*' }, 'schemas'],
  ['a sentinel by another name', { sentinel: { path: '/etc/passwd' } }, 'sentinel.path'],
  ['a sentinel that is a statement', { sentinel: { table: 'a.b; drop table x' } }, 'sentinel'],
  ['a direct address that is none', { directUrl: 'localhost; drop' }, 'directUrl'],
];

describe('options that are none are OPTIONS, named, before anything is connected', () => {
  it.each(HOSTILE)('%s', async (_title, options, option) => {
    const look = async (): Promise<unknown> =>
      createGuard({ url: NOWHERE, foreignKeys: KEYS }, options as FkGuardOptions).plan();
    const error: unknown = await look().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(FkGuardError);
    expect(error).toMatchObject({ code: 'OPTIONS' });
    expect((error as Error).message).toContain(`"${option}`);
  });

  it('installFkGuard says the same, and leaves the instance as it was', () => {
    const sequelize = new Sequelize(NOWHERE);
    const { sync } = sequelize;
    const install = (): unknown => installFkGuard(sequelize, new Proxy({}, { ownKeys: boom }));
    expect(thrown(install)).toMatchObject({ code: 'OPTIONS' });
    expect(sequelize.sync).toBe(sync);
    expect(Reflect.get(sequelize, Symbol.for('sequelize-fk-guard'))).toBeUndefined();
  });

  it('no object has got a property by it', () => {
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(({} as { mode?: string }).mode).toBeUndefined();
  });
});

describe('a source that is none', () => {
  it.each<[unknown, string]>([
    [null, 'OPTIONS'],
    ['postgres://x', 'OPTIONS'],
    [{}, 'OPTIONS'],
    [{ sequelize: { dialect: null } }, 'OPTIONS'],
    [{ url: 5, foreignKeys: KEYS }, 'CONFIG'],
    [{ url: '', foreignKeys: KEYS }, 'CONFIG'],
    [{ url: 'not an address', foreignKeys: KEYS }, 'CONFIG'],
    [{ url: NOWHERE, foreignKeys: { length: 1 } }, 'CONFIG'],
    [{ url: NOWHERE, foreignKeys: [null, 1, boom, []] }, 'CONFIG'],
    [{ url: NOWHERE, foreignKeys: [{ child: `${'a.'.repeat(5000)}(`, parent: '(' }] }, 'CONFIG'],
  ])('%j: %s', (source, code) => {
    expect(thrown(() => createGuard(source as never))).toMatchObject({ name: 'FkGuardError', code });
  });

  it('never repeats an address, which may hold a password', () => {
    const error = thrown(() => createGuard({ url: 'postgres://u:hunter2@[/x', foreignKeys: KEYS }));
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('hunter2');
  });
});

it('never throws anything else, whatever is written', () => {
  const names = fc.constantFrom(
    'mode',
    'relations',
    'limits',
    'quarantine',
    'exclude',
    'lockTimeout',
    'logger',
    '__proto__',
  );
  const anything = fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withNullPrototype: true,
    withSparseArray: true,
  });
  fc.assert(
    fc.property(fc.oneof(anything, fc.dictionary(names, anything)), (options) => {
      try {
        expect(parseOptions(options, {}).mode).toMatch(/^(repair|check)$/);
      } catch (error) {
        if (!(error instanceof FkGuardError && error.code === 'OPTIONS')) throw error;
      }
    }),
    { numRuns: 2_000 },
  );
});
