import { guardAt } from '../quarantine/setup';
import { holding, naively, notIn } from './naive';
import { children, FENCE, KEYS, ownDatabase, upTo } from './setting';

// Before the database goes, which a subscription would keep.
afterEach(() => own.database.query('drop subscription if exists sub'));
const own = ownDatabase('subscriber');

/** What PostgreSQL notes when a subscription begins to fill a table; there is no other server to fill it from. */
const subscribe = (table: string): Promise<unknown> =>
  own.database
    .query(
      `create subscription sub connection 'dbname=nowhere' publication pub with (connect = false, slot_name = none)`,
    )
    .then(() =>
      own.database.query(`insert into pg_subscription_rel (srsubid, srrelid, srsubstate, srsublsn)
        select oid, '${table}'::regclass, 'd', '0/0' from pg_subscription where subname = 'sub'`),
    );

test.each(['child', 'parent'])(
  'while a subscription fills the %s, its rows are early and not orphans',
  async (table) => {
    await subscribe(table);
    expect(await naively(own.database.url, notIn('child', 'parent_id', 'parent'))).toBe(8);
    const guard = guardAt(own.database.url, KEYS, { orphans: 'delete' });
    expect(await guard.apply()).toMatchObject({
      status: 'refused',
      rowsDeleted: 0,
      remaining: [{ refusal: { code: 'SUBSCRIBED' } }, { refusal: { code: 'SUBSCRIBED' } }],
    });
    expect(await children(own.database)).toBe(upTo(108));
    await own.database.query('drop subscription sub');
    expect(await guard.apply()).toMatchObject({ status: 'repaired', rowsDeleted: 8 });
  },
);

test('a partition of the parent is enough, and a subscription to other tables is none', async () => {
  await own.database.query(`
    drop table parent; create table parent (id integer primary key) partition by range (id);
    create table parent_1 partition of parent for values from (1) to (100);
    insert into parent select i from generate_series(1, 99) i`);
  await subscribe('parent_1');
  expect(await naively(own.database.url, notIn('child', 'parent_id', 'parent'))).toBe(9);
  expect((await guardAt(own.database.url, KEYS).apply()).rowsDeleted).toBe(0);
  await own.database.query(`update pg_subscription_rel set srrelid = 'low'::regclass`);
  expect((await guardAt(own.database.url, KEYS).apply()).rowsDeleted).toBe(9);
});

test('one that begins while the batch waits stops it', async () => {
  await own.database.query(FENCE);
  const client = await holding(own.database.url, 'parent');
  const guard = guardAt(own.database.url, KEYS);
  const waiting = new Promise<void>((resolve) =>
    guard.on('retry', ({ what }) => what.startsWith('Quarantine') && resolve()),
  );
  const applying = guard.apply();
  await waiting;
  await subscribe('child');
  expect(await client.finish([], notIn('child', 'parent_id', 'parent'))).toBe(8);
  const outcome = await applying;
  expect(outcome.steps).toMatchObject([{ error: { code: 'CASCADE_MOVED' } }, { status: 'skipped' }]);
  expect(await children(own.database)).toBe(upTo(108));
});
