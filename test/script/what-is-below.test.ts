import { children, upTo } from '../false-orphans/setting';
import { cascade, connect, pidOf, untilBlockedBy } from '../quarantine/setup';
import { attacked, made } from './attack';
import { scriptFor } from './cases';
import { runScript } from './psql';

const own = attacked();

test('a key that pads finds its rows below, as it will when they go', async () => {
  const { database } = own;
  await database.query(`alter table child add code char(5) unique; update child set code = id;
    create table low (code text references child (code) on delete cascade); insert into low values ('21  ')`);
  await expect(runScript(database.url, await made(database))).rejects.toThrow(
    /Rows of public\.low point at orphans of public\.child through low_code_fkey/,
  );
  expect(await children(database)).toBe(upTo(23));
});

test.each([
  [
    'a partitioned table',
    'low (child_id integer references child on delete set null) partition by list (child_id); create table low_1 partition of low default',
    'low_child_id_fkey',
  ],
  [
    'a key that only says no',
    'low (child_id integer references child deferrable initially deferred)',
    'low_child_id_fkey',
  ],
])('rows of %s', async (_, table, key) => {
  const { database } = own;
  await database.query(`create table ${table}; insert into low values (22)`);
  await expect(runScript(database.url, await made(database))).rejects.toThrow(new RegExp(`through ${key}`));
  expect(await children(database)).toBe(upTo(23));
});

test('rows that would change behind a key that is set to null', async () => {
  const { database } = own;
  const foreignKeys = [
    { ...cascade('public.child(parent_id)', 'public.parent(id)'), onDelete: 'SET NULL' },
  ] as const;
  await database.query('alter table child drop constraint fence');
  const script = await scriptFor({ title: '', schema: '', foreignKeys }, database);
  await database.query(`alter table child add unique (parent_id);
    create table low (parent_id integer references child (parent_id) on update cascade); insert into low values (22)`);
  await expect(runScript(database.url, script)).rejects.toThrow(/through low_parent_id_fkey/);
  expect(await database.query('select from child where parent_id is null')).toEqual([]);
});

test('rows below that no key leads to', async () => {
  const { database } = own;
  // A key would hold only the rows of the table itself, so none is made.
  await database.query(`create table low (child_id integer); create table lower () inherits (low);
    insert into lower values (21)`);
  const script = await made(database, { child: 'public.low(child_id)', parent: 'public.child(id)' });
  await expect(runScript(database.url, script)).rejects.toThrow(
    /Rows of public\.low \(child_id\) point at orphans of public\.child; nothing says what becomes of them/,
  );
  expect(await children(database)).toBe(upTo(23));
});

test.each([
  ['another table', 'low', '(21)'],
  ['the table itself', 'child', '(24, 1, null, 21)'],
])(
  'a row of %s that comes in below after the look, from a session that checks no keys',
  async (_, table, row) => {
    const { database } = own;
    await database.query(`create table low (child_id integer references child on delete cascade);
      alter table child add up integer references child on delete cascade`);
    const script = await made(database);
    const client = await connect(database.url);
    await client.query('set session_replication_role = replica');
    await client.query(`begin; insert into ${table} values ${row}`);
    // The look sees the tables as they are; what the keys take along has to wait.
    await client.query('lock table low in share row exclusive mode');
    await Promise.all([
      expect(runScript(database.url, script)).rejects.toThrow(/Other rows would have gone without a copy/),
      untilBlockedBy(database, await pidOf(client)).then(() => client.query('commit')),
    ]);
    await client.end();
    expect((await children(database)).startsWith(upTo(23))).toBe(true);
  },
);

test('nobody counts what goes', async () => {
  const { database } = own;
  await database.query(`alter database "${database.name}" set track_counts = off`);
  await expect(runScript(database.url, await made(database))).rejects.toThrow(/track_counts is off/);
  expect(await children(database)).toBe(upTo(23));
});
