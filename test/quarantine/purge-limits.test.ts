import { createDatabase, type TestDatabase } from '../postgres/database';
import { cascade, connect, copies, guardAt, rowsOf, until } from './setup';

let database: TestDatabase;

/** Eighty healthy children and twenty orphans, which are just few enough. */
beforeEach(async () => {
  database = await createDatabase('purge_limits');
  await database.query(`
    create table parent (id integer primary key);
    create table child (id integer primary key, parent_id integer);
    insert into parent values (1);
    insert into child select i, case when i <= 80 then 1 else 1000 + i end from generate_series(1, 100) i`);
});
afterEach(() => database.drop());

const KEY = cascade('public.child(parent_id)', 'public.parent(id)');
const guard = () => guardAt(database.url, [KEY]);

const age = (days: number, id?: string): Promise<unknown> =>
  database.query(
    `update fk_guard.run set started_at = started_at - make_interval(days => ${days}), finished_at = finished_at - make_interval(days => ${days}) ${id ? `where id = '${id}'` : ''};
     update fk_guard.quarantine set taken_at = taken_at - make_interval(days => ${days}) ${id ? `where run_id = '${id}'` : ''}`,
  );

/** A run that took twenty rows, as the next run finds one whose process died before its end. */
async function interrupted(status = 'interrupted'): Promise<string> {
  const { runId = '' } = await guard().apply();
  await database.query(
    `update fk_guard.run set status = '${status}', figures = '{}', finished_at = null where id = '${runId}';
     alter table child drop constraint child_parent_id_fkey`,
  );
  return runId;
}

/** Fifteen new orphans: few enough by themselves, too many with the twenty before. */
const damage = (from = 101): Promise<unknown> =>
  database.query(
    `alter table child drop constraint if exists child_parent_id_fkey;
     insert into child select i, 2000 + i from generate_series(${from}, ${from + 14}) i`,
  );

const refused = { status: 'refused', rowsDeleted: 0 };
const because = (outcome: Awaited<ReturnType<ReturnType<typeof guard>['apply']>>): string | undefined =>
  outcome.steps.find(({ status }) => status === 'refused')?.error?.message;
const TOO_MANY = '35 of the 115 rows of public.child would go, more than 10 and more than 20 % of it.';

test.each(['interrupted', 'partial', 'running'])(
  'an old run that is %s may be purged, and the next run still counts what it took',
  async (state) => {
    const runId = await interrupted(state);
    await age(40);
    expect(await guard().purge({ olderThan: '30d' })).toMatchObject({
      rows: 20,
      runs: [{ runId }],
      kept: [],
    });
    expect(await copies(database)).toEqual([]);
    await damage();
    const outcome = await guard().apply();
    expect(outcome).toMatchObject(refused);
    expect(because(outcome)).toBe(TOO_MANY);
  },
);

test('a run that a younger one went on from stays while that one has not ended', async () => {
  const old = await interrupted();
  await age(40);
  await damage();
  // A limit stops it before it takes anything, so that it is young and has no copies.
  expect(await guard().apply()).toMatchObject(refused);
  const kept = { rows: 0, runs: [], kept: [{ runId: old, rows: 20, reason: 'unfinished' }] };
  expect(await guard().purge({ olderThan: '30d', dryRun: true })).toMatchObject(kept);
  expect(await guard().purge({ olderThan: '30d' })).toMatchObject(kept);
  expect(await copies(database)).toEqual(['child delete 20']);
  expect(because(await guard().apply())).toBe(TOO_MANY);
  await age(40);
  expect(await guard().purge({ olderThan: '30d' })).toMatchObject({ rows: 20, runs: [{ runId: old }] });
  expect(because(await guard().apply())).toBe(TOO_MANY);
});

test('a run that was gone on from to the end may be purged alone', async () => {
  const old = await interrupted();
  await age(40);
  await damage();
  const { runId: young = '' } = await guardAt(database.url, [KEY], { limits: { fraction: 0.5 } }).apply();
  expect(await database.query(`select resumes from fk_guard.run where id = '${young}'`)).toEqual([
    { resumes: old },
  ]);
  expect(await guard().purge({ olderThan: '30d' })).toMatchObject({
    rows: 20,
    runs: [{ runId: old }],
    kept: [],
  });
  expect(await copies(database)).toEqual(['child delete 15']);
});

test('a finished run whose copies were purged does not bring back the run that it went on from', async () => {
  await interrupted();
  await damage();
  await guardAt(database.url, [KEY], { limits: { fraction: 0.5 } }).apply();
  await age(40);
  expect(await guard().purge({ olderThan: '30d' })).toMatchObject({ rows: 35 });
  await damage(201);
  // Fifteen of ninety-five; were the thirty-five still counted, a limit would stop it.
  expect(await guard().apply()).toMatchObject({ status: 'repaired', rowsDeleted: 15 });
});

test('nor does it when all of its rows were put back before', async () => {
  await interrupted();
  await damage();
  const { runId = '' } = await guardAt(database.url, [KEY], { limits: { fraction: 0.5 } }).apply();
  await database.query('insert into parent select 2000 + i from generate_series(101, 115) i');
  expect(await guard().restore(runId)).toMatchObject({ restored: 15 });
  await age(40);
  expect(await guard().purge({ olderThan: '30d' })).toMatchObject({ rows: 35 });
  await damage(201);
  expect(await guard().apply()).toMatchObject({ status: 'repaired', rowsDeleted: 15 });
});

test('while a guard is at work, a look leaves what may be its own', async () => {
  const runId = await interrupted('running');
  await age(40);
  const client = await connect(database.url);
  await client.query('begin; select pg_advisory_xact_lock(6712167, 1)');
  expect(await guard().purge({ olderThan: '30d' })).toMatchObject({
    rows: 0,
    runs: [],
    kept: [{ runId, rows: 20, reason: 'at-work' }],
  });
  await client.end();
  expect(await rowsOf(database, 'fk_guard.quarantine')).toHaveLength(20);
});

test('what a run at work has gone on from stays too, whatever its age', async () => {
  const old = await interrupted();
  await age(40);
  await database.query(
    `insert into fk_guard.run (id, resumes) values ('00000000-0000-0000-0000-000000000001', '${old}')`,
  );
  const client = await connect(database.url);
  await client.query('begin; select pg_advisory_xact_lock(6712167, 1)');
  const kept = { rows: 0, runs: [], kept: [{ runId: old, rows: 20, reason: 'at-work' }] };
  expect(await guard().purge({ olderThan: '30d', dryRun: true })).toMatchObject(kept);
  await client.end();
  await until(database, `select not exists (select from pg_locks where locktype = 'advisory') as ok`);
  // Its process has died since: it is young, and the next run goes on from both.
  expect(await guard().purge({ olderThan: '30d' })).toMatchObject({
    kept: [{ runId: old, reason: 'unfinished' }],
  });
});

test('values that were only converted count neither before a purge nor after it, and are told as what they are', async () => {
  await database.query(`
    drop table child; create table child (id integer primary key, parent_id text);
    insert into child select i, '01' from generate_series(1, 30) i`);
  const typed = { child: 'public.child(parent_id)', parent: 'public.parent(id)', type: 'integer' } as const;
  const converting = guardAt(database.url, [typed]);
  const { runId = '' } = await converting.apply();
  expect(await copies(database)).toEqual(['child change 30']);
  const done = { runId, rowsNullified: 0, rowsReparented: 0, rowsConverted: 30, rowsQuarantined: 30 };
  expect((await guard().status()).runs).toMatchObject([{ status: 'repaired', ...done }]);
  await database.query(`update fk_guard.run set status = 'interrupted', figures = '{}', finished_at = null`);
  expect((await guard().status()).runs).toMatchObject([{ status: 'interrupted', ...done }]);
  expect(await guard().purge({ olderThan: '1ms' })).toMatchObject({ rows: 30 });
  expect((await guard().status()).runs).toMatchObject([{ ...done, open: 0, purged: { rows: 30 } }]);
  expect(
    await database.query(`select figures -> 'taken' as taken from fk_guard.run where id = '${runId}'`),
  ).toEqual([{ taken: [{ table: 'public.child', rows: 0, deleted: 0 }] }]);
});
