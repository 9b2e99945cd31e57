import { Sequelize } from 'sequelize';
import { installFkGuard, type FkGuardOptions } from 'sequelize-fk-guard';
import { defineModels } from '../../models';
import { createDatabase, SERVER_VARIABLE, type TestDatabase } from '../postgres/database';
import { dump } from '../postgres/dump';
import { expectAccounted, takePicture } from '../quarantine/accounted';
import { cascade, connect, containing, copies, guardAt, silent, until } from '../quarantine/setup';
import { startPgBouncer, type PgBouncer } from './pgbouncer';

const SERVER = process.env[SERVER_VARIABLE] ?? '';

let pooler: PgBouncer;
let database: TestDatabase;
let url: string;

beforeAll(async () => {
  pooler = await startPgBouncer(SERVER, { mode: 'transaction' });
});
afterAll(() => pooler.stop());

beforeEach(async () => {
  database = await createDatabase('pooled');
  url = pooler.through(database.url);
  await database.query(`
    create table parent (id integer primary key);
    create table child (id integer primary key, parent_id integer);
    create table low (id integer primary key, child_id integer references child on delete cascade);
    insert into parent select i from generate_series(1, 100) i;
    insert into child select i, i from generate_series(1, 105) i;
    insert into low select i, i from generate_series(1, 105) i`);
});
// The pooler keeps its connections to the server.
afterEach(() => database.drop({ force: true }));

const KEYS = [cascade('public.child(parent_id)', 'public.parent(id)')];

const VALID = `select conname, convalidated from pg_constraint where conrelid = 'child'::regclass and contype = 'f'`;
const INDEXES = `select i.indexrelid::regclass::text as index from pg_index i
  where i.indrelid in ('child'::regclass, 'low'::regclass) and not i.indisprimary and i.indisvalid order by 1`;

/** What every connection of the pool says about itself; each is taken while all others are held. */
async function poolState(): Promise<readonly unknown[]> {
  const clients = await Promise.all(Array.from({ length: 8 }, () => connect(url)));
  try {
    const states = [];
    for (const client of clients) {
      await client.query('begin');
      const { rows } = await client.query<{ state: unknown }>(`
        select jsonb_build_object(
                 'set', coalesce(jsonb_object_agg(s.name, s.setting), '{}'),
                 'prepared', (select count(*) from pg_prepared_statements),
                 'locks', (select count(*) from pg_locks l where l.pid = pg_backend_pid() and l.locktype = 'advisory')) as state
          from pg_settings s where s.source = 'session'
             and s.name not in ('client_encoding', 'datestyle', 'timezone', 'standard_conforming_strings', 'application_name')`);
      states.push(rows[0]?.state);
    }
    return states;
  } finally {
    for (const client of clients) await client.query('rollback');
    for (const client of clients) await client.end();
  }
}

const CLEAN = Array.from({ length: 8 }, () => ({ set: {}, prepared: 0, locks: 0 }));

test('check, plan, apply and restore: what takes a transaction is done, and no setting stays in the pool', async () => {
  const before = await takePicture(database);
  const guard = guardAt(url, KEYS);
  expect((await guard.check()).summary).toMatchObject({ orphanRows: 5 });
  expect((await guard.plan()).steps).toHaveLength(3);
  const outcome = await guard.apply();
  expect(outcome).toMatchObject({ status: 'repaired', rowsDeleted: 5, rowsQuarantined: 10 });
  await expectAccounted(database, before);
  expect(await database.query(VALID)).toEqual([{ conname: 'child_parent_id_fkey', convalidated: true }]);
  expect(await poolState()).toEqual(CLEAN);

  await database.query('insert into parent select i from generate_series(101, 105) i');
  expect(await guard.restore(outcome.runId ?? '')).toMatchObject({ restored: 10, failed: [] });
  expect(await guard.purge({ olderThan: '1ms' })).toMatchObject({ rows: 10 });
  expect(await guard.status()).toMatchObject({ ledger: { state: 'ready', runs: 1 } });
  expect(await poolState()).toEqual(CLEAN);
});

const CREATE: FkGuardOptions = { indexes: 'create' };

describe('what takes no transaction', () => {
  test('is refused without directUrl, which is named; the rest is done', async () => {
    const guard = guardAt(url, KEYS, CREATE);
    const warnings: string[] = [];
    guard.on('warning', ({ message }) => warnings.push(message));
    const outcome = await guard.apply();
    expect(outcome).toMatchObject({ status: 'refused', rowsDeleted: 5 });
    expect(outcome.steps.flatMap(({ status, error }) => (error ? [[status, error.code]] : []))).toEqual([
      ['refused', 'POOLER'],
    ]);
    expect(outcome.steps.find(({ error }) => error)?.error?.advice).toContain(
      'Set directUrl (--direct-url, FK_GUARD_DIRECT_URL)',
    );
    expect(
      outcome.remaining.map(({ kind, refusal }) => [kind, refusal?.code, refusal?.option]),
    ).toContainEqual(['unindexed-foreign-key', 'POOLER', 'directUrl']);
    expect(await database.query(VALID)).toEqual([{ conname: 'child_parent_id_fkey', convalidated: true }]);
    expect(await database.query(INDEXES)).toEqual([]);
    expect(await poolState()).toEqual(CLEAN);
  });

  test('is done by directUrl', async () => {
    const outcome = await guardAt(url, KEYS, { ...CREATE, directUrl: database.url }).apply();
    expect(outcome).toMatchObject({ status: 'repaired', rowsDeleted: 5 });
    expect(await database.query(INDEXES)).toEqual([{ index: 'child_parent_id_idx' }]);
    expect(await poolState()).toEqual(CLEAN);
  });

  test('is refused when directUrl leads through the pooler as well, and done when that pools sessions', async () => {
    const outcome = await guardAt(url, KEYS, { ...CREATE, directUrl: url }).apply();
    expect(outcome.steps.flatMap(({ error }) => (error ? [[error.code, error.advice]] : []))).toEqual([
      ['POOLER', containing('directUrl leads through a pooler in transaction mode')],
    ]);
    expect(await poolState()).toEqual(CLEAN);
    const sessions = await startPgBouncer(SERVER, { mode: 'session' });
    try {
      const directUrl = sessions.through(database.url);
      expect(await guardAt(url, KEYS, { ...CREATE, directUrl }).apply()).toMatchObject({
        status: 'repaired',
      });
      expect(await database.query(INDEXES)).toEqual([{ index: 'child_parent_id_idx' }]);
    } finally {
      await sessions.stop();
    }
  });

  test('keeps a conversion from being begun', async () => {
    await database.query(`
      create table written (id integer primary key, parent_id text);
      create index on written (parent_id);
      insert into written select i, i from generate_series(1, 50) i`);
    const key = { ...cascade('public.written(parent_id)', 'public.parent(id)'), type: 'integer' };
    const before = await dump(database);
    const outcome = await guardAt(url, [key], { limits: { rewriteRows: 1 } }).apply();
    expect(outcome.steps.filter(({ status }) => status === 'done')).toEqual([]);
    expect(outcome.steps.flatMap(({ error }) => error?.code ?? [])).toContain('POOLER');
    expect(await dump(database)).toBe(before);
    const direct = guardAt(url, [key], { limits: { rewriteRows: 1 }, directUrl: database.url });
    expect(await direct.apply()).toMatchObject({ status: 'repaired', remaining: [] });
  });
});

test('a directUrl to another database is refused before anything is written, without its password', async () => {
  const other = await createDatabase('other');
  const before = await dump(database);
  const failure: unknown = await guardAt(url, KEYS, { directUrl: other.url })
    .apply()
    .catch((error: unknown) => error);
  expect(failure).toMatchObject({
    code: 'OPTIONS',
    message: containing('directUrl leads to another database'),
  });
  expect(JSON.stringify(failure) + String(failure)).not.toContain(new URL(other.url).password);
  expect(await dump(database)).toBe(before);
  expect(await database.query(`select to_regnamespace('fk_guard') as ledger`)).toEqual([{ ledger: null }]);
  expect(await other.query(`select to_regnamespace('fk_guard') as ledger`)).toEqual([{ ledger: null }]);
  await other.drop();
});

test('the lock of the single runner holds in the pool, for those beside it too', async () => {
  const client = await connect(database.url);
  await client.query('begin; select from child where id = 103 for update');
  const applying = guardAt(url, KEYS, { lockTimeout: '20s' }).apply();
  await until(
    database,
    `select exists (select from pg_locks where locktype = 'advisory' and objid = 2 and granted
    and database = (select oid from pg_database where datname = current_database())) as ok`,
  );
  for (const way of [url, database.url])
    await expect(guardAt(way, KEYS, { waitTimeout: '300ms' }).apply()).rejects.toMatchObject({
      code: 'RUNNER_BUSY',
    });
  await client.query('commit');
  await client.end();
  expect(await applying).toMatchObject({ status: 'repaired', rowsDeleted: 5 });
});

test('when the server ends the connection of the lock, the pooler passes that on and the run stops', async () => {
  const client = await connect(database.url);
  await client.query('begin; select from child where id = 103 for update');
  const applying = guardAt(url, KEYS, { lockTimeout: '20s', batchSize: 1 }).apply();
  await until(
    database,
    `select exists (select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()) as ok`,
  );
  await database.query(`select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and objid = 1
    and database = (select oid from pg_database where datname = current_database())`);
  await until(
    database,
    `select not exists (select from pg_locks where locktype = 'advisory' and objid = 1
    and database = (select oid from pg_database where datname = current_database())) as ok`,
  );
  await client.query('commit');
  await client.end();
  const outcome = await applying;
  expect(outcome.status).toBe('partial');
  expect(new Set(outcome.steps.flatMap(({ error }) => error?.code ?? []))).toEqual(new Set(['RUNNER_LOST']));
  expect(await guardAt(url, KEYS).apply()).toMatchObject({ status: 'repaired' });
  expect(await copies(database)).toEqual(['child delete 5', 'low delete 5']);
});

test('one connection in the pool is not enough: the run gives up before it has written anything', async () => {
  const single = await startPgBouncer(SERVER, { mode: 'transaction', size: 1, waitSeconds: 1 });
  const before = await dump(database);
  await expect(guardAt(single.through(database.url), KEYS).apply()).rejects.toMatchObject({
    code: 'CONNECTION',
    advice: containing('directUrl'),
  });
  expect(await dump(database)).toBe(before);
  await single.stop();
  expect(await guardAt(url, KEYS).apply()).toMatchObject({ status: 'repaired' });
});

/** Three connections for all of them: the lock's, the one that writes, and the application's own. */
test.each([2, 8])('%i starters at once, with three connections in the pool, repair once', async (count) => {
  const narrow = await startPgBouncer(SERVER, { mode: 'transaction', size: 3 });
  const starters = Array.from({ length: count }, () => {
    const sequelize = new Sequelize(narrow.through(database.url), { logging: false, pool: { max: 1 } });
    const guard = installFkGuard(sequelize, { logger: silent });
    defineModels(sequelize);
    return { sequelize, guard };
  });
  try {
    await Promise.all(starters.map(({ sequelize }) => sequelize.sync()));
    const statuses = starters.map(({ guard }) => guard.lastOutcome?.status);
    expect(statuses.filter((status) => status === 'repaired')).toHaveLength(1);
    expect(statuses.filter((status) => status === 'clean')).toHaveLength(count - 1);
  } finally {
    await Promise.all(starters.map(({ sequelize }) => sequelize.close()));
    await narrow.stop();
  }
});
