import type { Client } from 'pg';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { cascade, connect, guardAt, pidOf, until } from './setup';

let database: TestDatabase;
let holder: Client;
let writer: Client;

/** 20 orphans among 200 children, and a holder and a writer. */
beforeEach(async () => {
  database = await createDatabase('queue');
  await database.query(`
    create table parent (id integer primary key);
    create table child (id integer, parent_id integer) partition by range (id);
    create table child_1 partition of child for values from (0) to (1000);
    create table plain (id integer primary key, parent_id integer);
    insert into parent select i from generate_series(1, 180) i;
    insert into child select i, i from generate_series(1, 200) i;
    insert into plain select i, i from generate_series(1, 200) i`);
  holder = await connect(database.url, 'forgotten');
  writer = await connect(database.url, 'writer');
});
afterEach(async () => {
  await holder.end();
  await writer.end();
  await database.drop();
});

const WAITERS = `select count(*)::int as waiting from pg_locks l join pg_database d on d.oid = l.database
  where d.datname = current_database() and not l.granted`;

/** Until the holder's transaction is older than one try for a lock may wait. */
const untilOld = async (): Promise<void> =>
  until(
    database,
    `select clock_timestamp() - xact_start > interval '150 ms' as ok from pg_stat_activity where pid = $1`,
    [await pidOf(holder)],
  );

interface Watched {
  readonly looks: number;
  readonly waiting: number;
  readonly refused: readonly string[];
}

/** While the guard asks for its locks again and again: who waits, and does a writer get through without waiting at all? */
async function watchWhileItWaits(
  guard: ReturnType<typeof guardAt>,
  write: string,
): Promise<Watched & { readonly blockers: ReadonlySet<string> }> {
  const blockers = new Set<string>();
  let retries = 0;
  guard.on('retry', (retry) => {
    retries++;
    blockers.add(retry.blockers.replace(/for \d+ s/, 'for … s'));
  });
  const applying = guard.apply();
  let looks = 0;
  let waiting = 0;
  const refused: string[] = [];
  await writer.query(`set lock_timeout = '1ms'`);
  for (const before = retries; retries < before + 4 || looks < 30; looks++) {
    await writer.query(write).catch((error: Error) => refused.push(error.message));
    waiting += (await database.query<{ waiting: number }>(WAITERS))[0]?.waiting ?? 1;
  }
  await holder.query('commit');
  expect(await applying).toMatchObject({ status: 'repaired', rowsDeleted: 20 });
  return { looks, waiting, refused, blockers };
}

test.each([
  ['the child, before a fence', 'plain', 'plain', `update plain set id = id where id = 2`],
  ['a partition of the child, before a fence', 'child', 'child_1', `update child_1 set id = id where id = 2`],
  ['the parent, before a clean-up', 'fenced', 'parent', `update parent set id = id where id = 2`],
])('nobody queues behind a guard that waits for a transaction on %s', async (_, child, held, write) => {
  if (child === 'fenced')
    await database.query(
      'create table fenced as table plain; alter table fenced add primary key (id), add foreign key (parent_id) references parent on delete cascade not valid',
    );
  await holder.query(`begin; update ${held} set id = id where id = 1`);
  await untilOld();
  const guard = guardAt(database.url, [cascade(`public.${child}(parent_id)`, 'public.parent(id)')]);
  const { looks, blockers, ...watched } = await watchWhileItWaits(guard, write);
  expect(looks).toBeGreaterThanOrEqual(30);
  expect(watched).toEqual({ waiting: 0, refused: [] });
  expect([...blockers]).toEqual([`pid ${await pidOf(holder)} (forgotten, idle in transaction, for … s)`]);
});

test('a role that cannot see how old transactions are tries once, and then knows whom it has met', async () => {
  const role = await database.createRole();
  await database.query(`grant create on database "${database.name}" to "${role.name}"; grant create on schema public to "${role.name}";
    alter table parent owner to "${role.name}"; alter table plain owner to "${role.name}"`);
  await holder.query('begin; update plain set id = id where id = 1');
  await untilOld();
  const guard = guardAt(role.url, [cascade('public.plain(parent_id)', 'public.parent(id)')]);
  const tried = new Promise<void>((resolve) => guard.on('retry', () => resolve()));
  const applying = guard.apply();
  await tried;
  const [{ waiting } = { waiting: -1 }] = await database.query<{ waiting: number }>(
    'create temp table seen (waiting integer); do $$ begin for i in 1..50 loop perform pg_sleep(0.01); insert into seen ' +
      `${WAITERS}; end loop; end $$; select sum(waiting)::int as waiting from seen`,
  );
  expect(waiting).toBe(0);
  await holder.query('commit');
  expect(await applying).toMatchObject({ status: 'repaired', rowsDeleted: 20 });
  await database.query(`reassign owned by "${role.name}" to current_user; drop owned by "${role.name}"`);
});

test('who holds the table is named when the guard gives up', async () => {
  await holder.query('begin; update plain set id = id where id = 1');
  await untilOld();
  const guard = guardAt(database.url, [cascade('public.plain(parent_id)', 'public.parent(id)')], {
    lockBudget: '300ms',
  });
  const { steps, status } = await guard.apply();
  expect(status).toBe('partial');
  expect(steps[0]?.error?.code).toBe('LOCK_TIMEOUT');
  expect(steps[0]?.error?.message).toMatch(
    new RegExp(`; held by pid ${await pidOf(holder)} \\(forgotten, idle in transaction, for \\d+ s\\)\\.$`),
  );
  await holder.query('rollback');
});
