import type { Plan } from 'sequelize-fk-guard';
import { PHASES, type Change, type KeySpecification } from '../../src/changes/change';
import type { Conversion, Shadowed } from '../../src/changes/conversion';
import { statementsOf } from '../../src/changes/statement';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { declaredLocks, locksOf, observedLocks, rootsOf } from '../problem-tester/locks';
import { cascade, connect, guardAt, pidOf, untilBlockedBy } from '../quarantine/setup';

/**
 * Every kind of change is held against `pg_locks`, one by one: a kind without an entry here does not compile, and fails
 * the last test.
 */
let database: TestDatabase;
beforeEach(async () => {
  database = await createDatabase('locks');
  await database.query(TABLES);
});
afterEach(() => database.drop());

const TABLES = `
  create schema t;
  create table t.parent (id integer primary key, code integer not null);
  create table t.child (id integer not null, parent_id integer, "asText" text);
  create table t.low (id integer primary key, child_id integer);
  create table t.log (id integer not null, parent_id integer) partition by range (id);
  create table t.log_1 partition of t.log for values from (0) to (1000);
  insert into t.parent select i, i from generate_series(1, 100) i;
  insert into t.child select i, i, i from generate_series(1, 100) i;
  insert into t.low select i, i from generate_series(1, 110) i;
  insert into t.log select i, i from generate_series(1, 100) i;`;

const at = (name: string) => ({ schema: 't', name }) as const;
const [parent, child, log, log_1] = [at('parent'), at('child'), at('log'), at('log_1')];

const key: KeySpecification = {
  ...{ name: 'new_key', child, childColumns: ['parent_id'], parent, parentColumns: ['id'] },
  ...{ onDelete: 'CASCADE', onUpdate: 'NO ACTION' },
};
const drop = [{ name: 'old_key', parent, definition: 'FOREIGN KEY (parent_id) REFERENCES t.parent(id)' }];
const columns = ['parent_id'];
const OLD_KEY = 'alter table t.child add constraint old_key foreign key (parent_id) references t.parent';

const conversion: Conversion = {
  table: child,
  cast: { column: 'asText', from: 'text', to: 'integer' },
  rows: 0,
};
const shadowed: Shadowed = {
  conversion,
  shadow: {
    ...{ column: 'asText_fk_guard', trigger: 'zz_fk_guard', schema: 'fk_guard' },
    ...{ function: 'follow', changed: 'changed_fk_guard' },
  },
};
const index = { name: 'shadow_index', method: 'btree', unique: false, columns: ['asText_fk_guard'] };
const SHADOW = statementsOf({ op: 'add-shadow-column', ...shadowed })
  .map(({ sql }) => sql)
  .join(';');
const CHECK = `alter table t.child add constraint full_one check ("asText_fk_guard" is not null) not valid`;

/** Changes of rows have their SQL in `quarantine/` and `conversion/`. */
type OfRows = 'clean-orphans' | 'clean-uncastable' | 'fill-shadow-column';

/** One change of each kind, with what has to be there before it. */
const CHANGES: {
  readonly [Op in Exclude<Change['op'], OfRows>]: readonly [
    change: Omit<Extract<Change, { op: Op }>, 'op'>,
    before?: string,
  ];
} = {
  'drop-index': [{ table: child, index: 'left_over' }, 'create index left_over on t.child (parent_id)'],
  'create-index': [{ table: child, columns, index: 'new_index' }],
  'create-unique-index': [{ table: parent, columns: ['code'], index: 'new_index' }],
  'create-partitioned-index': [{ table: log, columns: ['id'], index: 'new_index' }],
  'attach-index': [
    { table: log_1, index: 'part', to: at('whole'), partitionOf: log },
    'create unique index whole on only t.log (id); create unique index part on t.log_1 (id)',
  ],
  'add-not-null-check': [{ table: child, columns, name: 'full_one' }],
  'validate-check': [
    { table: child, name: 'full_one' },
    'alter table t.child add constraint full_one check (id is not null) not valid',
  ],
  'add-primary-key': [
    { table: child, index: 'ids', name: 'child_pkey', check: 'full_one' },
    'create unique index ids on t.child (id); alter table t.child add constraint full_one check (id is not null)',
  ],
  'convert-column': [{ conversion }],
  'add-shadow-column': [shadowed],
  'create-shadow-index': [{ ...shadowed, index }, SHADOW],
  'add-shadow-check': [{ ...shadowed, check: 'full_one' }, SHADOW],
  'validate-shadow-check': [
    { ...shadowed, check: 'full_one' },
    `${SHADOW}; update t.child set id = id; ${CHECK}`,
  ],
  'swap-shadow-column': [{ ...shadowed, follow: { indexes: [], grants: [] } }, SHADOW],
  'add-foreign-key': [{ key }],
  'swap-foreign-key': [{ key, drop }, OLD_KEY],
  'create-parents': [
    {
      children: { child, childColumns: columns, parent, parentColumns: ['id'], equality: [] },
      parents: [{ key: ['200'], values: { id: '200', code: '200' } }],
    },
  ],
  'validate-foreign-key': [{ table: child, columns, parent, name: 'old_key' }, `${OLD_KEY} not valid`],
  'adopt-foreign-key': [
    {
      key: { ...key, child: log },
      drop: [],
      modes: { parent: 'ACCESS EXCLUSIVE', child: 'SHARE ROW EXCLUSIVE' },
    },
    'alter table t.log_1 add foreign key (parent_id) references t.parent on delete cascade',
  ],
  'alter-foreign-key': [
    { table: child, columns, name: 'old_key', deferrability: 'INITIALLY DEFERRED', before: 'NOT DEFERRABLE' },
    OLD_KEY,
  ],
  'drop-foreign-key': [{ table: child, columns, drop }, OLD_KEY],
};

const planOf = (change: Change): Plan =>
  ({ steps: [{ change, statements: statementsOf(change) }] }) as unknown as Plan;

test.each(Object.entries(CHANGES))('%s takes the locks that it declares', async (op, [change, before]) => {
  if (before !== undefined) await database.query(before);
  const plan = planOf({ op, ...change } as Change);
  const observed = await observedLocks(database, plan);
  expect(observed).not.toEqual([]);
  expect(observed).toEqual(declaredLocks(plan, await rootsOf(database)));
});

interface RowWork {
  readonly before: string;
  /** How many steps are done before the row is held, because they want the whole table. */
  readonly steps?: number;
  readonly key: Parameters<typeof guardAt>[1][number];
  readonly options?: Parameters<typeof guardAt>[2];
  /** A row that the batch wants last of all. */
  readonly hold: string;
  readonly locks: Readonly<Record<string, string>>;
}

const ROWS: Readonly<Record<OfRows, RowWork>> = {
  'clean-orphans': {
    before: `alter table t.child add primary key (id);
      alter table t.low add foreign key (child_id) references t.child on delete cascade not valid;
      update t.child set parent_id = 300 where id <= 10;
      alter table t.child add foreign key (parent_id) references t.parent on delete cascade not valid`,
    key: cascade('t.child(parent_id)', 't.parent(id)'),
    hold: 'select from t.low where id = 10 for update',
    locks: { 't.child': 'ROW EXCLUSIVE', 't.low': 'ROW EXCLUSIVE', 't.parent': 'SHARE' },
  },
  'clean-uncastable': {
    before: `update t.child set "asText" = 'nobody' where id = 10`,
    key: { child: 't.child(asText)', parent: 't.parent(id)', type: 'integer', onDelete: 'CASCADE' },
    options: { relations: { 't.child.asText': { disposable: true } } },
    hold: 'select from t.child where id = 10 for update',
    locks: { 't.child': 'ROW EXCLUSIVE', 't.parent': 'SHARE' },
  },
  'fill-shadow-column': {
    before: '',
    steps: 1,
    key: { child: 't.child(asText)', parent: 't.parent(id)', type: 'integer', onDelete: 'CASCADE' },
    options: { limits: { rewriteRows: 1 } },
    hold: 'select from t.child where id = 10 for update',
    locks: { 't.child': 'ROW EXCLUSIVE' },
  },
};

test.each(Object.entries(ROWS))(
  '%s locks no table more than this',
  async (op, { before, key: wanted, options, hold, locks, steps = 0 }) => {
    await database.query(before);
    for (let step = 0; step < steps; step++)
      await guardAt(database.url, [wanted], { ...options, maxRunTime: '1ms' }).apply();
    const holder = await connect(database.url);
    const guard = guardAt(database.url, [wanted], { lockTimeout: '20s', ...options });
    const plan = await guard.plan();
    const begun = new Promise<void>((resolve) =>
      guard.on('step', ({ title }) => {
        if (title === plan.steps.find(({ change }) => change.op === op)?.title) resolve();
      }),
    );
    await holder.query('begin');
    await holder.query(hold);
    const applying = guard.apply(plan);
    await begun;
    const pid = await pidOf(holder);
    await untilBlockedBy(database, pid);
    const [waiting] = await database.query<{ pid: number }>(
      'select pid from pg_stat_activity where $1 = any (pg_blocking_pids(pid))',
      [pid],
    );
    const all = await locksOf(database, String(waiting?.pid));
    await holder.query('commit');
    await holder.end();
    expect(Object.fromEntries(Object.entries(all).filter(([table]) => table.startsWith('t.')))).toEqual(
      locks,
    );
    expect(
      (await applying).steps.find(
        ({ title }) => title === plan.steps.find(({ change }) => change.op === op)?.title,
      ),
    ).toMatchObject({ status: 'done' });
  },
);

test('no kind of change is left out', () => {
  expect([...Object.keys(CHANGES), ...Object.keys(ROWS)].sort()).toEqual(Object.keys(PHASES).sort());
});
