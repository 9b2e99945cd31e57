import type { Client } from 'pg';
import type { Outcome } from 'sequelize-fk-guard';
import { applyUntilCut } from '../problem-tester/interruption';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { expectAccounted, takePicture, type Picture } from './accounted';
import { cascade, connect, containing, copies, guardAt, pidOf, until, untilBlockedBy } from './setup';

let database: TestDatabase;
let client: Client;

beforeEach(async () => {
  database = await createDatabase('killed');
  await database.query(`
    create table parent (id integer primary key);
    create table child (id integer primary key, parent_id integer);
    create index on child (parent_id);
    create table low (id serial primary key, child_id integer references child on delete cascade);
    insert into parent select i from generate_series(1, 200) i;
    insert into child select i, i from generate_series(1, 220) i;
    insert into low (child_id) select 1 + i % 220 from generate_series(1, 440) i`);
  client = await connect(database.url);
});
afterEach(async () => {
  await client.end();
  await database.drop();
});

const KEYS = [cascade('public.child(parent_id)', 'public.parent(id)')];

/** The session that holds the runner's lock, and the one that works; told apart by their advisory locks. */
const SESSIONS = {
  lock: `select pid from pg_locks where locktype = 'advisory' and classid = 6712167 and objid = 1 and granted and database = (select oid from pg_database where datname = current_database())`,
  worker: `select pid from pg_locks where locktype = 'advisory' and classid = 6712167 and objid = 2 and granted and database = (select oid from pg_database where datname = current_database())`,
} as const;

type Ended = { readonly outcome: Outcome } | { readonly error: unknown };

/** Starts a clean-up in batches of one row; the batch of row 210 waits for a client, and a session is killed meanwhile. */
async function killInTheMiddle(session: string): Promise<Ended> {
  await client.query('begin');
  await client.query('select from child where id = 210 for update');
  const guard = guardAt(database.url, KEYS, { batchSize: 1, lockTimeout: '20s' });
  const ended = guard.apply().then(
    (outcome): Ended => ({ outcome }),
    (error: unknown): Ended => ({ error }),
  );
  await untilBlockedBy(database, await pidOf(client));
  expect(await database.query(`select pg_terminate_backend(pid) as killed from (${session}) s`)).toEqual([
    { killed: true },
  ]);
  await until(database, `select not exists (${session}) as ok`);
  await client.query('commit');
  return ended;
}

/** What is gone has its copies; a second run does the rest, and then everything is as if nothing had happened. */
async function expectResumed(before: Picture): Promise<void> {
  const left = (await takePicture(database)).get('public.child')?.length ?? 0;
  expect(left).toBeGreaterThan(200);
  expect(left).toBeLessThan(220);
  await expectAccounted(database, before);
  expect(await guardAt(database.url, KEYS, { batchSize: 1 }).apply()).toMatchObject({
    status: 'repaired',
    remaining: [],
  });
  await expectAccounted(database, before);
  expect(await copies(database)).toEqual(['child delete 20', 'low delete 40']);
  expect(
    await database.query(
      `select conname, convalidated from pg_constraint where conrelid = 'child'::regclass and contype = 'f'`,
    ),
  ).toEqual([{ conname: 'child_parent_id_fkey', convalidated: true }]);
  expect(await database.query(`select to_regclass('fk_guard.orphan_list') as list`)).toEqual([
    { list: null },
  ]);
}

test('when the session that holds the lock is killed, the batch in hand is undone and no other begun', async () => {
  const before = await takePicture(database);
  const ended = await killInTheMiddle(SESSIONS.lock);
  expect(ended).toMatchObject({ outcome: { status: 'partial', rowsDeleted: 9, rowsQuarantined: 27 } });
  expect(
    'outcome' in ended && ended.outcome.steps.find(({ title }) => title.startsWith('Quarantine')),
  ).toMatchObject({ status: 'failed', rows: 9, error: { code: 'RUNNER_LOST' } });
  await expectResumed(before);
  expect(
    await database.query(
      `select status, resumes is not null as resumed from fk_guard.run order by started_at`,
    ),
  ).toEqual([
    { status: 'partial', resumed: false },
    { status: 'repaired', resumed: true },
  ]);
});

test('when the session that works is killed, its batch is undone and the call fails with one clear error', async () => {
  const before = await takePicture(database);
  const ended = await killInTheMiddle(SESSIONS.worker);
  expect(ended).toMatchObject({
    error: { name: 'FkGuardError', code: 'CONNECTION', advice: containing('run again') },
  });
  await expectResumed(before);
  expect(
    await database.query(
      `select status, resumes is not null as resumed from fk_guard.run order by started_at`,
    ),
  ).toEqual([
    { status: 'interrupted', resumed: false },
    { status: 'repaired', resumed: true },
  ]);
});

test('while a lost worker is still at work, nobody else writes', async () => {
  const before = await takePicture(database);
  const stranger = await connect(database.url, 'a worker whose process is gone');
  await stranger.query('begin; select pg_advisory_xact_lock(6712167, 2)');
  expect(await guardAt(database.url, KEYS).apply()).toMatchObject({ status: 'partial', rowsDeleted: 0 });
  expect(await takePicture(database)).toEqual(before);
  await stranger.end();
  expect(await guardAt(database.url, KEYS).apply()).toMatchObject({ status: 'repaired', rowsDeleted: 20 });
});

test('the list that a run has left, dead after its last batch, goes although nothing is to be cleaned any more', async () => {
  const before = await takePicture(database);
  await applyUntilCut(
    guardAt(database.url, KEYS, { batchSize: 10 }),
    'batch',
    ({ rowsDone, rowsTotal }) => rowsDone === rowsTotal,
  );
  const stranger = await connect(database.url, 'a worker whose process is gone');
  await stranger.query('begin; select pg_advisory_xact_lock(6712167, 2)');
  expect(await guardAt(database.url, KEYS).apply()).toMatchObject({ status: 'partial' });
  expect(await tables()).toContain('orphan_list');
  await stranger.end();
  expect(await guardAt(database.url, KEYS).apply()).toMatchObject({ status: 'repaired', rowsDeleted: 0 });
  expect(await tables()).toEqual(['quarantine', 'run', 'step']);
  await expectAccounted(database, before);
});

const tables = async (): Promise<string[]> =>
  (
    await database.query<{ name: string }>(
      `select relname as name from pg_class where relnamespace = 'fk_guard'::regnamespace and relkind = 'r' order by 1`,
    )
  ).map(({ name }) => name);
