import type { Client } from 'pg';
import { createDatabase, type TestDatabase } from '../postgres/database';
import type { Plan } from 'sequelize-fk-guard';
import { cascade, connect, guardAt, pidOf, untilBlockedBy } from './setup';

let database: TestDatabase;
let client: Client;

beforeEach(async () => {
  database = await createDatabase('runner');
  await database.query(`
    create table parent (id integer primary key);
    create table child (id integer primary key, parent_id integer);
    insert into parent select i from generate_series(1, 100) i;
    insert into child select i, i from generate_series(1, 105) i`);
  client = await connect(database.url);
});
afterEach(async () => {
  await client.end();
  await database.drop();
});

const KEYS = [cascade('public.child(parent_id)', 'public.parent(id)')];

test('the session that holds the lock has no snapshot, so that it holds up neither vacuum nor an index', async () => {
  await client.query('begin');
  await client.query('select from child where id = 103 for update');
  const applying = guardAt(database.url, KEYS, { lockTimeout: '20s' }).apply();
  await untilBlockedBy(database, await pidOf(client));
  const holders = await database.query(`
    select a.state, a.backend_xmin, a.backend_xid from pg_stat_activity a join pg_locks l on l.pid = a.pid
     where l.locktype = 'advisory' and l.classid = 6712167 and l.objid = 1 and a.datname = current_database()`);
  await client.query('commit');
  expect(holders).toEqual([{ state: 'idle in transaction', backend_xmin: null, backend_xid: null }]);
  expect(await applying).toMatchObject({ status: 'repaired' });
});

test('a starter that waits for another guard holds up no index that is created concurrently, and then does its work', async () => {
  await client.query('begin; select pg_advisory_xact_lock(6712167, 1)');
  const guard = guardAt(database.url, KEYS);
  const waits: number[] = [];
  const twice = new Promise<void>((resolve) =>
    guard.on('wait', ({ waitedMs }) => waits.push(waitedMs) === 2 && resolve()),
  );
  const applying = guard.apply();
  await twice;
  expect(
    await database.query(`
    select l.pid from pg_locks l join pg_database d on d.oid = l.database
     where d.datname = current_database() and not l.granted`),
  ).toEqual([]);
  await database.query(`set statement_timeout = '20s'`);
  await database.query('create index concurrently child_parent_id on child (parent_id)');
  expect(waits.length).toBeGreaterThan(1);
  await client.query('commit');
  expect(await applying).toMatchObject({ status: 'repaired', rowsDeleted: 5 });
});

test('a starter that has waited long enough gives up and has written nothing', async () => {
  await client.query('begin; select pg_advisory_xact_lock(6712167, 1)');
  await expect(guardAt(database.url, KEYS, { waitTimeout: '200ms' }).apply()).rejects.toMatchObject({
    code: 'RUNNER_BUSY',
  });
  expect(await database.query(`select nspname from pg_namespace where nspname = 'fk_guard'`)).toEqual([]);
  expect(await database.query('select count(*)::int as rows from child')).toEqual([{ rows: 105 }]);
});

test('where there is nothing to do nobody waits for anybody', async () => {
  await guardAt(database.url, KEYS).apply();
  await client.query('begin; select pg_advisory_xact_lock(6712167, 1)');
  expect(await guardAt(database.url, KEYS, { waitTimeout: '1ms' }).apply()).toMatchObject({
    status: 'clean',
  });
});

/** How often the orphans are counted until the first step begins. */
async function countsBeforeTheFirstStep(plan?: Plan): Promise<number> {
  const guard = guardAt(database.url, KEYS);
  let counts = 0;
  let begun = false;
  guard.on('step', () => (begun = true));
  guard.on('statement', ({ sql }) => {
    if (!begun && sql.includes('with orphan as')) counts++;
  });
  expect(await guard.apply(plan)).toMatchObject({ status: 'repaired', rowsDeleted: 5 });
  return counts;
}

test('orphans are counted once before they are cleaned', async () => {
  expect(await countsBeforeTheFirstStep()).toBe(1);
});

test('and once for a plan, under the lock', async () => {
  expect(await countsBeforeTheFirstStep(await guardAt(database.url, KEYS).plan())).toBe(1);
});

test('what was counted while another guard had the lock is counted again', async () => {
  await client.query('begin; select pg_advisory_xact_lock(6712167, 1)');
  const guard = guardAt(database.url, KEYS);
  const waiting = new Promise<void>((resolve) => guard.on('wait', () => resolve()));
  const applying = guard.apply();
  await waiting;
  await database.query('insert into child select i, i from generate_series(201, 300) i');
  await client.query('commit');
  const outcome = await applying;
  expect(outcome).toMatchObject({ status: 'refused', runId: undefined, rowsDeleted: 0 });
  expect(outcome.remaining.flatMap(({ refusal }) => refusal?.code ?? [])).toContain('LIMIT');
});
