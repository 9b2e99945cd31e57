import { createDatabase, type TestDatabase } from '../postgres/database';
import { dump } from '../postgres/dump';
import {
  cascade,
  connect,
  containing,
  copies,
  guardAt,
  pidOf,
  rowsOf,
  silent,
  until,
  untilBlockedBy,
  type Key,
} from './setup';

let database: TestDatabase;

beforeEach(async () => {
  database = await createDatabase('purge');
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

/** A run, as old as it is said to be. */
async function run(days: number, key = KEY): Promise<string> {
  const { runId = '' } = await guardAt(database.url, [key]).apply();
  await grow(runId, days);
  return runId;
}

const grow = (runId: string, days: number): Promise<unknown> =>
  database.query(
    `update fk_guard.run set started_at = started_at - make_interval(days => ${days}), finished_at = finished_at - make_interval(days => ${days}) where id = '${runId}';
     update fk_guard.quarantine set taken_at = taken_at - make_interval(days => ${days}) where run_id = '${runId}'`,
  );

/** Four more orphans, each with a row below. */
const damage = (from: number): Promise<unknown> =>
  database.query(`alter table child drop constraint child_parent_id_fkey;
    insert into child select i, i from generate_series(${from}, ${from + 3}) i;
    insert into low select i from generate_series(${from}, ${from + 3}) i`);

const figures = async (runId: string): Promise<Record<string, unknown>> =>
  (
    await database.query<{ figures: Record<string, unknown> }>(
      `select figures from fk_guard.run where id = '${runId}'`,
    )
  )[0]?.figures ?? {};

const guard = () => guardAt(database.url, [KEY]);

test('old copies go, young ones stay, and the ledger says what was purged', async () => {
  const old = await run(40);
  await damage(201);
  const young = await run(20);
  const before = { application: await dump(database), steps: await rowsOf(database, 'fk_guard.step') };
  const purged = await guard().purge({ olderThan: '30d' });
  expect(purged).toMatchObject({
    rows: 8,
    database: { name: database.name },
    runs: [
      {
        runId: old,
        rows: 8,
        restored: 0,
        tables: [
          { table: 'public.child', rows: 4, restored: 0 },
          { table: 'public.low', rows: 4, restored: 0 },
        ],
      },
    ],
    kept: [],
  });
  expect(await database.query('select distinct run_id from fk_guard.quarantine')).toEqual([
    { run_id: young },
  ]);
  expect(await copies(database)).toEqual(['child delete 4', 'low delete 4']);
  expect(await figures(old)).toEqual({
    deleted: 4,
    nullified: 0,
    quarantined: 8,
    taken: [
      { table: 'public.child', rows: 4, deleted: 4 },
      { table: 'public.low', rows: 4, deleted: 4 },
    ],
    purged: {
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
      by: expect.any(String) as string,
      rows: 8,
      restored: 0,
      deleted: 4,
      nullified: 0,
      reparented: 0,
      converted: 0,
    },
  });
  expect({ application: await dump(database), steps: await rowsOf(database, 'fk_guard.step') }).toEqual(
    before,
  );
  expect(await guard().restore(old)).toMatchObject({ restored: 0, failed: [], purged: { rows: 8 } });
  expect(await guard().purge({ olderThan: '30d' })).toMatchObject({ rows: 0, runs: [], kept: [] });
});

test('a dry run, and check mode, say what would go and take nothing', async () => {
  const old = await run(40);
  const before = await rowsOf(database, 'fk_guard.quarantine');
  const wouldGo = { rows: 8, runs: [{ runId: old }] };
  const checking = guardAt(database.url, [KEY], { mode: 'check' });
  expect(await guard().purge({ olderThan: '30d', dryRun: true })).toMatchObject(wouldGo);
  expect(await checking.purge({ olderThan: '30d', dryRun: true })).toMatchObject(wouldGo);
  await expect(checking.purge({ olderThan: '30d' })).rejects.toMatchObject({
    code: 'OPTIONS',
    message: 'The mode is "check", which never writes.',
  });
  expect(await rowsOf(database, 'fk_guard.quarantine')).toEqual(before);
  expect(await figures(old)).not.toHaveProperty('purged');
});

test('copies of rows that are back go too, and are not counted as taken', async () => {
  const old = await run(40, NULLED);
  await database.query('insert into parent values (101), (102)');
  expect(await guardAt(database.url, [NULLED]).restore(old)).toMatchObject({ restored: 2 });
  expect(await guard().purge({ olderThan: '30d' })).toMatchObject({
    rows: 4,
    runs: [{ rows: 4, restored: 2 }],
  });
  expect(await figures(old)).toMatchObject({
    taken: [{ table: 'public.child', rows: 2, deleted: 0 }],
    purged: { rows: 4, restored: 2, deleted: 0, nullified: 4, reparented: 0 },
  });
});

test('the copies of one run go together, when the last of them is old enough', async () => {
  const old = await run(40);
  await database.query(
    `update fk_guard.quarantine set taken_at = now() where id = (select max(id) from fk_guard.quarantine)`,
  );
  expect(await guard().purge({ olderThan: '30d' })).toMatchObject({ rows: 0, runs: [], kept: [] });
  await database.query(
    `update fk_guard.quarantine set taken_at = 'infinity' where taken_at > now() - interval '1 day'`,
  );
  expect(await guard().purge({ olderThan: '30d' })).toMatchObject({ rows: 0 });
  await database.query(
    `update fk_guard.quarantine set taken_at = now() - interval '31 days' where taken_at = 'infinity'`,
  );
  expect(await guard().purge({ olderThan: '30d' })).toMatchObject({ rows: 8, runs: [{ runId: old }] });
});

test('only the runs that are named, for what was shown is what goes', async () => {
  const first = await run(50);
  await damage(201);
  const second = await run(40);
  expect(await guard().purge({ olderThan: '30d', runs: [second] })).toMatchObject({
    rows: 8,
    runs: [{ runId: second }],
  });
  expect(await guard().purge({ olderThan: '30d', runs: [] })).toMatchObject({ rows: 0 });
  expect(await database.query('select distinct run_id from fk_guard.quarantine')).toEqual([
    { run_id: first },
  ]);
});

test('goes in batches, each in a transaction of its own, and goes on after an interruption', async () => {
  const old = await run(40);
  const client = await connect(database.url);
  await client.query('begin; select from fk_guard.quarantine where id = 5 for update');
  const purging = guardAt(database.url, [KEY], { batchSize: 3, lockTimeout: '20s' });
  const done: string[] = [];
  purging.on('batch', ({ rowsDone, rowsTotal }) => done.push(`${rowsDone} of ${rowsTotal}`));
  const ended = purging.purge({ olderThan: '30d' }).catch((error: unknown) => error);
  const pid = await pidOf(client);
  await untilBlockedBy(database, pid);
  await database.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where ${pid} = any (pg_blocking_pids(pid))`,
  );
  await client.end();
  expect(await ended).toBeInstanceOf(Error);
  expect(done).toEqual(['3 of 8']);
  expect(await copies(database)).toEqual(['child delete 1', 'low delete 4']);
  expect(await figures(old)).toMatchObject({
    taken: [{ table: 'public.child', rows: 3, deleted: 3 }],
    purged: { rows: 3 },
  });
  expect(await guardAt(database.url, [KEY], { batchSize: 3 }).purge({ olderThan: '30d' })).toMatchObject({
    rows: 5,
  });
  expect(await figures(old)).toMatchObject({
    taken: [
      { table: 'public.child', rows: 4, deleted: 4 },
      { table: 'public.low', rows: 4, deleted: 4 },
    ],
    purged: { rows: 8, deleted: 4 },
  });
});

test('waits for the single runner, and gives up with nothing removed', async () => {
  await run(40);
  const client = await connect(database.url);
  await client.query('begin; select pg_advisory_xact_lock(6712167, 1)');
  await expect(
    guardAt(database.url, [KEY], { waitTimeout: '200ms' }).purge({ olderThan: '30d' }),
  ).rejects.toMatchObject({
    code: 'RUNNER_BUSY',
  });
  expect(await rowsOf(database, 'fk_guard.quarantine')).toHaveLength(8);
  const purging = guard();
  const waited = new Promise<void>((resolve) => purging.on('wait', () => resolve()));
  const purged = purging.purge({ olderThan: '30d' });
  await waited;
  await client.query('commit');
  expect(await purged).toMatchObject({ rows: 8 });
  await client.end();
});

test('while a lost worker or a restore is writing, nothing is removed', async () => {
  await run(40);
  const client = await connect(database.url);
  await client.query('begin; select pg_advisory_xact_lock(6712167, 2)');
  await expect(guard().purge({ olderThan: '30d' })).rejects.toMatchObject({ code: 'RUNNER_LOST' });
  await client.end();
  await until(database, `select not exists (select from pg_locks where locktype = 'advisory') as ok`);
  expect(await rowsOf(database, 'fk_guard.quarantine')).toHaveLength(8);
});

test('a role that may not remove copies is told what it lacks, before anything is removed', async () => {
  await run(40);
  const role = await database.createRole();
  await database.query(
    `grant usage on schema fk_guard to "${role.name}"; grant select on all tables in schema fk_guard to "${role.name}"`,
  );
  const limited = guardAt(role.url, [KEY]);
  await expect(limited.purge({ olderThan: '30d' })).rejects.toMatchObject({
    code: 'PRIVILEGE',
    message: `The role ${role.name} lacks: UPDATE on fk_guard.run; DELETE on fk_guard.quarantine.`,
  });
  expect(await limited.purge({ olderThan: '30d', dryRun: true })).toMatchObject({ rows: 8 });
  await database.query(`revoke all on all tables in schema fk_guard from "${role.name}"`);
  await expect(limited.purge({ olderThan: '30d', dryRun: true })).rejects.toMatchObject({
    code: 'PRIVILEGE',
    message: containing('SELECT on fk_guard.quarantine'),
  });
  await database.query(`drop owned by "${role.name}"`);
});

test('what is purged is never silent', async () => {
  const old = await run(40);
  const told: string[] = [];
  const logger = { ...silent, warn: (message: string) => void told.push(message) };
  await guardAt(database.url, [KEY], { logger }).purge({ olderThan: '30d', dryRun: true });
  expect(told).toEqual([]);
  await guardAt(database.url, [KEY], { logger }).purge({ olderThan: '30d' });
  expect(told).toEqual([`fk-guard: 8 copies purged from the quarantine, of 1 run: ${old}.`]);
});

describe('without a quarantine', () => {
  test.each([
    ['no schema', ''],
    ['an empty schema', 'create schema fk_guard'],
  ])('%s: nothing to purge', async (_, ddl) => {
    await database.query(ddl);
    expect(await guard().purge({ olderThan: '30d' })).toMatchObject({ rows: 0, runs: [], kept: [] });
  });

  test.each([
    ['of an application', 'create table fk_guard.quarantine (id serial, note text)', 'OPTIONS'],
    ['that is a view', 'create view fk_guard.run as select 1 as resumes, 2 as figures', 'OPTIONS'],
    ['half created', 'create table fk_guard.run (id uuid, resumes uuid, figures jsonb)', 'LEDGER'],
  ])('a schema %s is refused with clear words', async (_, ddl, code) => {
    await database.query(`create schema fk_guard; ${ddl}`);
    await expect(guard().purge({ olderThan: '30d' })).rejects.toMatchObject({
      code,
      message: containing('fk_guard'),
    });
  });
});

test.each<readonly [unknown, string]>([
  [{ olderThan: 'soon' }, '"olderThan" must be a duration such as "30d"'],
  [{ olderThan: '' }, '"olderThan" must be a duration'],
  [{ olderThan: '30' }, '"olderThan" must be a duration'],
  [{ olderThan: '-1d' }, '"olderThan" must be a duration'],
  [{ olderThan: '0' }, '"olderThan" must be a duration such as "30d" or "12h", more than 0'],
  [{ olderThan: '0.1ms' }, 'more than 0'],
  [{ olderThan: '99999999999999999999d' }, 'at most 100 years'],
  [{ olderThan: 30 }, '"olderThan" must be a duration'],
  [{ olderThan: ['30d'] }, '"olderThan" must be a duration'],
  [{}, '"olderThan" must be a duration'],
  [undefined, '"olderThan" must be a duration'],
  [{ olderThan: '30d', dryrun: true }, '"dryrun" is not an option of purge; did you mean "dryRun"?'],
  [{ olderThan: '30d', dryRun: 'yes' }, '"dryRun" must be true or false'],
  [{ olderThan: '30d', runs: 'all' }, '"runs" must be a list of ids of runs'],
])('%j is an OPTIONS error, and nothing is removed', async (options, message) => {
  await run(40);
  await expect(guard().purge(options as { olderThan: string })).rejects.toMatchObject({
    code: 'OPTIONS',
    message: containing(message),
  });
  expect(await rowsOf(database, 'fk_guard.quarantine')).toHaveLength(8);
});
