import { createDatabase, type TestDatabase } from '../postgres/database';
import { expectAccounted, takePicture } from './accounted';
import { cascade, connect, guardAt, pidOf, rowsOf, untilBlockedBy, type Key } from './setup';

let database: TestDatabase;
beforeEach(async () => {
  database = await createDatabase('uncopied');
  await database.query(`
    create table parent (id integer primary key);
    insert into parent select i from generate_series(1, 100) i`);
});
afterEach(() => database.drop());

const containing = (part: object): unknown => expect.objectContaining(part);

const WHOLE: Key = { child: 'public.whole(parent_id)', parent: 'public.parent(id)', onDelete: 'SET NULL' };

/** Rows 101 and 102 are orphans, in a partition that one of their key's other values would not be in. */
const partitioned = (): Promise<unknown> =>
  database.query(`
    create table whole (id integer, parent_id integer) partition by list (parent_id);
    create table part partition of whole for values in (1, 2, 999);
    create table rest partition of whole default;
    alter table part add primary key (id);
    insert into whole select i, 1 + i % 2 from generate_series(1, 100) i;
    insert into whole values (101, 999), (102, 999)`);

test('a row that a session without key checks puts below an orphan, after the look at its level, is not lost', async () => {
  await database.query(`
    create table child (id integer primary key, parent_id integer references parent on delete cascade);
    create table a_low (id serial primary key, child_id integer references child on delete cascade, note text);
    create table b_low (id serial primary key, child_id integer references child on delete cascade);
    insert into child select i, i from generate_series(1, 100) i;
    alter table child drop constraint child_parent_id_fkey;
    insert into child values (101, 999);
    insert into a_low (child_id) select 1 + i % 101 from generate_series(1, 202) i;
    insert into b_low (child_id) select 1 + i % 101 from generate_series(1, 202) i`);
  const [client, subscription] = [await connect(database.url), await connect(database.url)];
  await subscription.query('set session_replication_role = replica');
  const keys = [cascade('public.child(parent_id)', 'public.parent(id)')];
  // The batch has looked at a_low when it comes to the row of b_low that this session holds.
  await client.query('begin; select from b_low where child_id = 101 for update');
  const applying = guardAt(database.url, keys, { lockTimeout: '10s' }).apply();
  await untilBlockedBy(database, await pidOf(client));
  await subscription.query(`insert into a_low (child_id, note) values (101, 'late')`);
  const before = await takePicture(database);
  await client.query('commit');
  await Promise.all([client.end(), subscription.end()]);

  // The fence was new, so there is a second round, which sees the row.
  const { steps, ...outcome } = await applying;
  expect(steps.filter(({ title }) => title.startsWith('Quarantine'))).toEqual([
    containing({
      status: 'failed',
      error: containing({
        code: 'CASCADE_MOVED',
        message: '1 row of public.a_low would have gone without a copy; the batch was rolled back.',
      }),
    }),
    containing({ status: 'done' }),
  ]);
  expect(outcome).toMatchObject({ status: 'repaired', rowsDeleted: 1, rowsQuarantined: 6 });
  await expectAccounted(database, before);
});

test('a row that would leave its partition is left when a key points at that partition', async () => {
  await partitioned();
  await database.query(`
    create table low (part_id integer constraint low_key references part on delete cascade);
    insert into low values (1), (101), (101)`);
  const before = await takePicture(database);
  const { remaining } = await guardAt(database.url, [WHOLE]).apply();

  expect(remaining.find(({ kind }) => kind === 'orphaned-rows')?.refusal).toMatchObject({
    code: 'BLOCKED_BELOW',
    message:
      'the key "low_key" of public.low points at public.part, which the rows would leave or which computes a column of theirs anew',
  });
  expect(await takePicture(database)).toEqual(before);
});

test('so is an orphan behind which SET NULL would move such a row', async () => {
  await database.query(`
    create table child (id integer primary key, parent_id integer);
    insert into child select i, i from generate_series(1, 100) i;
    insert into child values (101, 999);
    create table whole (id integer, child_id integer references child on delete set null) partition by list (child_id);
    create table part partition of whole for values in (1, 101);
    create table rest partition of whole default;
    alter table part add primary key (id);
    create table low (part_id integer constraint low_key references part on delete cascade);
    insert into whole values (1, 1), (2, 101); insert into low values (1), (2)`);
  const before = await takePicture(database);
  const { steps } = await guardAt(database.url, [
    cascade('public.child(parent_id)', 'public.parent(id)'),
  ]).apply();

  expect(steps.find(({ title }) => title.startsWith('Quarantine'))?.error).toMatchObject({
    code: 'CASCADE_BLOCKED',
    message: '1 row points at orphans of public.child through low_key; the batch was rolled back.',
  });
  expect(await takePicture(database)).toEqual(before);
});

test('a DELETE trigger acts on a row that leaves its partition', async () => {
  await partitioned();
  await database.query(`
    create table log (id integer);
    create function note() returns trigger language plpgsql as 'begin insert into public.log values (old.id); return old; end';
    create trigger notes before delete on part for each row execute function note()`);
  const { remaining } = await guardAt(database.url, [WHOLE]).apply();
  expect(remaining.find(({ kind }) => kind === 'orphaned-rows')?.refusal).toMatchObject({
    code: 'USER_TRIGGER',
    option: `triggers: ['public.part.notes']`,
  });

  expect(await guardAt(database.url, [WHOLE], { triggers: ['public.part.notes'] }).apply()).toMatchObject({
    status: 'repaired',
    rowsNullified: 2,
  });
  expect(await rowsOf(database, 'log')).toEqual(['(101)', '(102)']);
});

test('rows move where nothing hangs on their partition', async () => {
  await partitioned();
  const before = await takePicture(database);
  expect(await guardAt(database.url, [WHOLE]).apply()).toMatchObject({
    status: 'repaired',
    rowsNullified: 2,
  });
  await expectAccounted(database, before);
  expect(await rowsOf(database, 'rest')).toEqual(['(101,)', '(102,)']);
});
