import { databaseAt, transaction, withSession } from '../../src/db';
import { catalogSearchPath } from '../../src/catalog/session-guards';
import { replayLag } from '../../src/execution/replay-lag';
import { startEmbedded } from '../postgres/embedded';
import { reconnectingClient } from '../postgres/judge';
import type { Started } from '../postgres/server';
import { cascade, guardAt, until } from '../quarantine/setup';
import { startStandby, type Standby } from './standby';

let primary: Started;
let standby: Standby;
let database: ReturnType<typeof reconnectingClient>;

beforeAll(async () => {
  primary = await startEmbedded();
  standby = await startStandby(primary.url);
  database = reconnectingClient(primary.url);
  await until(database, `select exists (select from pg_stat_replication where state = 'streaming') as ok`);
  await database.query(`
    create table parent (id integer primary key);
    create table child (id integer primary key, parent_id integer);
    create index on child (parent_id);
    insert into parent select i from generate_series(1, 1000) i;
    insert into child select i, i from generate_series(1, 1200) i`);
});
afterAll(async () => {
  await database.end();
  await standby.stop();
  await primary.stop();
});

const lagSeen = () =>
  withSession(databaseAt(primary.url), (session) =>
    transaction(session, 'read only', [catalogSearchPath], () => replayLag(session)),
  );

const CAUGHT_UP = `select replay_lsn = pg_current_wal_lsn() as ok from pg_stat_replication`;

test('a standby that has replayed everything is not behind, whatever lag the server still shows', async () => {
  const onStandby = reconnectingClient(standby.url);
  await onStandby.query('select pg_wal_replay_pause()');
  await database.query(
    'create table written (id integer); insert into written select generate_series(1, 1000)',
  );
  await until(database, `select replay_lag > interval '1500 ms' as ok from pg_stat_replication`);
  expect((await lagSeen()).ms).toBeGreaterThan(1_000);
  await onStandby.query('select pg_wal_replay_resume()');
  await onStandby.end();
  await until(
    database,
    `select replay_lag > interval '1 s' and replay_lsn = pg_current_wal_lsn() as ok from pg_stat_replication`,
  );
  expect(await lagSeen()).toEqual({ standby: '', ms: 0 });
});

test('a run waits while a standby is behind, and goes on when it has caught up', async () => {
  await until(database, CAUGHT_UP);
  const onStandby = reconnectingClient(standby.url);
  await onStandby.query('select pg_wal_replay_pause()');
  const guard = guardAt(primary.url, [cascade('public.child(parent_id)', 'public.parent(id)')], {
    ...{ maxLag: '700ms', batchSize: 1 },
  });
  const pauses: string[] = [];
  const twice = new Promise<void>((resolve) =>
    guard.on('pause', ({ reason, why }) => pauses.push(`${reason}: ${why}`) === 2 && resolve()),
  );
  const applying = guard.apply();
  await twice;
  const left = await database.query('select count(*)::int as rows from child');
  expect(pauses[0]).toMatch(/^lag: the standby walreceiver is \d+ ms behind, and maxLag is 700 ms$/);
  await database.query('select pg_sleep(1.5)');
  expect(await database.query('select count(*)::int as rows from child')).toEqual(left);
  await onStandby.query('select pg_wal_replay_resume()');
  expect(await applying).toMatchObject({ status: 'repaired', rowsDeleted: 200 });
  await onStandby.end();
});
