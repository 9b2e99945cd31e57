import { createDatabase, type TestDatabase } from '../postgres/database';
import { expectAccounted, takePicture } from './accounted';
import { cascade, containing, copies, guardAt, type Key } from './setup';

let database: TestDatabase;

beforeEach(async () => {
  database = await createDatabase('ledger');
  await database.query(`
    create table parent (id integer primary key);
    create table child (id integer primary key, parent_id integer);
    create table low (child_id integer references child on delete cascade);
    insert into parent select i from generate_series(1, 100) i;
    insert into child select i, i from generate_series(1, 104) i;
    insert into low select i from generate_series(1, 104) i`);
});
afterEach(() => database.drop());

const KEY = cascade('public.child(parent_id)', 'public.parent(id)');
const NULLED: Key = { ...KEY, onDelete: 'SET NULL' };

const rows = async (table: string): Promise<unknown> =>
  (await database.query(`select count(*)::int as rows from ${table}`))[0]?.['rows'];

test('a run, its steps and its rows stand in the ledger', async () => {
  const outcome = await guardAt(database.url, [KEY]).apply();
  expect(
    await database.query(
      `select id, resumes, status, finished_at >= started_at as ended, figures from fk_guard.run`,
    ),
  ).toEqual([
    {
      id: outcome.runId,
      resumes: null,
      status: 'repaired',
      ended: true,
      figures: { deleted: 4, nullified: 0, quarantined: 8 },
    },
  ]);
  expect(
    await database.query(
      `select id, change ->> 'op' as op, status, rows::int, run_id from fk_guard.step order by id`,
    ),
  ).toEqual([
    { id: '1', op: 'add-foreign-key', status: 'done', rows: 0, run_id: outcome.runId },
    { id: '2', op: 'clean-orphans', status: 'done', rows: 4, run_id: outcome.runId },
    { id: '3', op: 'validate-foreign-key', status: 'done', rows: 0, run_id: outcome.runId },
  ]);
  expect(
    await database.query(
      `select distinct run_id, step, action, level, via, table_name, restored_at from fk_guard.quarantine order by level`,
    ),
  ).toEqual([
    {
      run_id: outcome.runId,
      step: '2',
      action: 'delete',
      level: 0,
      via: null,
      table_name: 'child',
      restored_at: null,
    },
    {
      run_id: outcome.runId,
      step: '2',
      action: 'delete',
      level: 1,
      via: 'low_child_id_fkey',
      table_name: 'low',
      restored_at: null,
    },
  ]);
});

test.each([
  ['delete', KEY, { rowsDeleted: 4, rowsNullified: 0 }, 100],
  ['nullify', NULLED, { rowsDeleted: 0, rowsNullified: 4 }, 104],
] as const)('quarantine: false with orphans: %s leaves no copies', async (orphans, key, figures, left) => {
  const outcome = await guardAt(database.url, [key], { quarantine: false, orphans, batchSize: 1 }).apply();
  expect(outcome).toMatchObject({ status: 'repaired', ...figures, rowsQuarantined: 0 });
  expect(await rows('child')).toBe(left);
  expect(await rows('fk_guard.quarantine')).toBe(0);
  expect(
    await database.query(`select status, figures ->> 'quarantined' as copies from fk_guard.run`),
  ).toEqual([{ status: 'repaired', copies: '0' }]);
  expect(
    await database.query(`select rows::int from fk_guard.step where change ->> 'op' = 'clean-orphans'`),
  ).toEqual([{ rows: 4 }]);
});

test('quarantine: false without an explicit orphans is refused before anything is read', () => {
  expect(() => guardAt(database.url, [KEY], { quarantine: false })).toThrow(/it needs an explicit "orphans"/);
});

test('quarantine: false is no way around what stands below', async () => {
  await database.query(
    'create table last (child_id integer references child); insert into last values (102)',
  );
  const before = await takePicture(database);
  const outcome = await guardAt(database.url, [KEY], { quarantine: false, orphans: 'delete' }).apply();
  expect(outcome.steps.find(({ title }) => title.startsWith('Quarantine'))).toMatchObject({
    status: 'refused',
    error: { code: 'CASCADE_BLOCKED' },
  });
  expect(await takePicture(database)).toEqual(before);
});

test.each(['keep', 'We"ird; drop schema public; --', 'Ünï.cödé %s \\', 'select', 'q'.repeat(63)])(
  'the quarantine may stand in the schema %s',
  async (schema) => {
    const before = await takePicture(database);
    const guard = guardAt(database.url, [KEY], { quarantine: { schema } });
    const outcome = await guard.apply();
    expect(outcome).toMatchObject({ status: 'repaired', rowsDeleted: 4, rowsQuarantined: 8 });
    await expectAccounted(database, before, {}, schema);
    expect(await copies(database, schema)).toEqual(['child delete 4', 'low delete 4']);
    expect(await database.query(`select nspname from pg_namespace where nspname = 'fk_guard'`)).toEqual([]);
    await database.query('insert into parent select i from generate_series(101, 104) i');
    expect(await guard.restore(outcome.runId ?? '')).toMatchObject({ restored: 8, failed: [] });
    expect(await guard.apply()).toMatchObject({ status: 'clean' });
  },
);

test.each([
  [
    'run',
    `create table run (id uuid, status text, started_at timestamptz, finished_at timestamptz, origin text); insert into run (status) values ('running')`,
  ],
  ['orphan_list', 'create table orphan_list (who text); insert into orphan_list values (null)'],
  ['quarantine', 'create view quarantine as select 1 as n'],
  ['step', 'create table step (id text)'],
])('a schema whose table %s belongs to the application is not used', async (name, ddl) => {
  await database.query(ddl);
  const before = await takePicture(database);
  const failure = await guardAt(database.url, [KEY], { quarantine: { schema: 'public' } })
    .apply()
    .catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'OPTIONS', message: containing(name) });
  expect(await takePicture(database)).toEqual(before);
});

test('the schema of the application may hold the guard when its names are free', async () => {
  const guard = guardAt(database.url, [KEY], { quarantine: { schema: 'public' } });
  expect(await guard.apply()).toMatchObject({ status: 'repaired', rowsQuarantined: 8 });
  await database.query(
    'alter table child drop constraint child_parent_id_fkey; insert into child values (200, 200)',
  );
  expect(await guard.apply()).toMatchObject({ status: 'repaired', rowsQuarantined: 1 });
});

test('a restore brings back no row twice, whoever asks at the same time', async () => {
  await database.query(
    'create table bare (parent_id integer); insert into bare select i from generate_series(1, 104) i',
  );
  const key = cascade('public.bare(parent_id)', 'public.parent(id)');
  const { runId } = await guardAt(database.url, [key]).apply();
  await database.query('insert into parent select i from generate_series(101, 104) i');
  const asked = await Promise.allSettled(
    [1, 2, 3].map(() => guardAt(database.url, [key]).restore(runId ?? '')),
  );
  expect(asked.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(0);
  expect(await rows('bare')).toBe(104);
  expect(await guardAt(database.url, [key]).restore(runId ?? '')).toMatchObject({
    restored: 0,
    failed: [],
    earlier: { rows: 4 },
  });
});

test('a dry run of a restore says what would come back and changes nothing', async () => {
  const guard = guardAt(database.url, [KEY]);
  const { runId } = await guard.apply();
  await database.query('insert into parent values (101), (102)');
  const before = await takePicture(database);
  const reason = 'its parent is still missing (child_parent_id_fkey)';
  const wouldBe = await guard.restore(runId ?? '', { dryRun: true });
  expect(wouldBe.restored).toBe(4);
  expect(wouldBe.failed).toContainEqual(expect.objectContaining({ table: 'public.child', reason }));
  expect(await takePicture(database)).toEqual(before);
  expect(await rows('fk_guard.quarantine where restored_at is not null')).toBe(0);
});

test('a value that somebody has given to a changed row stays', async () => {
  const guard = guardAt(database.url, [NULLED]);
  const { runId } = await guard.apply();
  await database.query(
    'update child set parent_id = 7 where id = 102; delete from child where id = 103; insert into parent select i from generate_series(101, 104) i',
  );
  const { restored, failed } = await guard.restore(runId ?? '');
  expect(restored).toBe(2);
  expect(failed.map(({ reason }) => reason).sort()).toEqual([
    'it has a new value in parent_id',
    'the row is gone',
  ]);
  expect(await database.query('select id, parent_id from child where id > 100 order by id')).toEqual([
    { id: 101, parent_id: 101 },
    { id: 102, parent_id: 7 },
    { id: 104, parent_id: 104 },
  ]);
});
