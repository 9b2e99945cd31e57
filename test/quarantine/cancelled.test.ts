import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import type { Client } from 'pg';
import { createGuard, type FkGuardOptions } from 'sequelize-fk-guard';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { cascade, connect, copies, matching, pidOf, silent, untilBlockedBy } from './setup';

let database: TestDatabase;
let client: Client;
let cancelling: AbortController;
beforeEach(async () => {
  database = await createDatabase('cancelled');
  await database.query(`
    create table parent (id integer primary key);
    create table child (id integer primary key, parent_id integer);
    insert into parent select i from generate_series(1, 50) i;
    insert into child select i, i from generate_series(1, 53) i`);
  client = await connect(database.url);
  cancelling = new AbortController();
});
afterEach(async () => {
  await client.end();
  // Rejects when a session was left open.
  await database.drop();
});

const KEYS = [cascade('public.child(parent_id)', 'public.parent(id)')];
const CANCELLED = expect.objectContaining({ code: 'CANCELLED' }) as unknown;

const guard = (options: FkGuardOptions = {}, url = database.url) =>
  createGuard({ url, foreignKeys: KEYS }, { logger: silent, ...options }, cancelling);

/** What a client's transaction holds while the work goes on; the work is cancelled once it waits. */
async function cancelledWhile<T>(held: string, work: () => Promise<T>): Promise<T> {
  await client.query('begin');
  await client.query(held);
  const done = work();
  done.catch(() => undefined);
  await untilBlockedBy(database, await pidOf(client));
  cancelling.abort();
  return done.finally(() => client.query('rollback'));
}

const rows = async (): Promise<unknown> =>
  (await database.query('select count(*)::integer as n from child'))[0];

test('cancelled before anything, nobody is asked for anything', async () => {
  cancelling.abort();
  await expect(guard({}, 'postgres://nobody@127.0.0.1:1/x').check()).rejects.toEqual(CANCELLED);
});

test('nobody waits for a server that does not answer', async () => {
  const deaf = createServer().listen(0, '127.0.0.1');
  await once(deaf, 'listening');
  const checked = guard({}, `postgres://u@127.0.0.1:${(deaf.address() as AddressInfo).port}/x`).check();
  const [socket] = (await once(deaf, 'connection')) as [{ destroy(): void }];
  cancelling.abort();
  await expect(checked).rejects.toEqual(CANCELLED);
  socket.destroy();
  deaf.close();
});

test('a question is cancelled', async () => {
  await expect(cancelledWhile('lock table child', () => guard().plan())).rejects.toEqual(CANCELLED);
});

test('who waits for another guard waits no longer, and has written nothing', async () => {
  await client.query('begin');
  await client.query('select pg_advisory_xact_lock(6712167, 1)');
  const waiting = guard();
  const waits = new Promise((resolve) => waiting.on('wait', resolve));
  const applied = waiting.apply();
  applied.catch(() => undefined);
  await waits;
  cancelling.abort();
  await expect(applied).rejects.toEqual(CANCELLED);
  await client.query('rollback');
  expect(await database.query(`select to_regnamespace('fk_guard') as ledger`)).toEqual([{ ledger: null }]);
});

test('who tries again and again for a lock tries no more; the run is closed in the ledger', async () => {
  await client.query('begin');
  await client.query('lock table parent in row exclusive mode');
  const trying = guard({ lockTimeout: '10ms' });
  const tries = new Promise((resolve) => trying.on('retry', resolve));
  const applied = trying.apply();
  await tries;
  cancelling.abort();
  expect(await applied).toMatchObject({
    status: 'partial',
    steps: [
      { status: 'stopped', error: { code: 'CANCELLED' } },
      { status: 'skipped' },
      { status: 'skipped' },
    ],
  });
  await client.query('rollback');
  expect(await database.query('select status from fk_guard.run')).toEqual([{ status: 'partial' }]);
  expect(await rows()).toEqual({ n: 53 });
});

const repaired = (options: FkGuardOptions = {}) =>
  createGuard({ url: database.url, foreignKeys: KEYS }, { logger: silent, ...options }).apply();

test('an index that is being built beside an old transaction is left invalid, said to be so, and built by the next run', async () => {
  await repaired();
  const outcome = await cancelledWhile('insert into child values (99, 1)', () =>
    guard({ indexes: 'create' }).apply(),
  );
  expect(outcome).toMatchObject({
    status: 'partial',
    steps: [
      {
        title: matching(/index/),
        status: 'stopped',
        error: { code: 'CANCELLED', message: 'Cancelled: an index that is not valid is left behind.' },
      },
    ],
  });
  const indexes = () =>
    database.query(`select indisvalid from pg_index where indrelid = 'child'::regclass and not indisprimary`);
  expect(await indexes()).toEqual([{ indisvalid: false }]);
  expect(await repaired({ indexes: 'create' })).toMatchObject({ status: 'repaired' });
  expect(await indexes()).toEqual([{ indisvalid: true }]);
});

test('a restore that has taken keys away brings them back', async () => {
  await database.query(
    'alter table child add constraint theirs foreign key (parent_id) references parent on delete cascade not valid',
  );
  const { runId = '' } = await repaired();
  expect(await copies(database)).toEqual(['child delete 3']);
  const keys = () =>
    database.query(`select conname from pg_constraint where conrelid = 'child'::regclass and contype = 'f'`);
  const before = await keys();
  expect(before).toHaveLength(1);
  await database.query(`
    create table gate ();
    create function wait() returns trigger language plpgsql as $$ begin lock table gate; return new; end $$;
    create trigger wait before insert on child for each row execute function wait()`);
  await expect(
    cancelledWhile('lock table gate', () => guard({ lockTimeout: '20s' }).restore(runId, { schema: true })),
  ).rejects.toEqual(CANCELLED);
  expect([await rows(), await keys()]).toEqual([{ n: 50 }, before]);
});
