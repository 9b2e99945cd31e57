import { children, upTo } from '../false-orphans/setting';
import { since } from '../postgres/version';
import { attacked, made } from './attack';
import { runScript } from './psql';

// Before the database goes, which a subscription would keep.
afterEach(() => own.database.query('drop subscription if exists sub'));
const own = attacked();

const unfence = 'alter table child drop constraint fence;';

describe('no row goes when, after the plan was made,', () => {
  test.each([
    [
      'another table has got the name of the parent, with as many orphans',
      `${unfence} alter table parent rename to parent_old; create table parent (id integer primary key);
       insert into parent select i from generate_series(1, 23) i where i not in (4, 5)`,
      /public\.parent is not the table that the plan was made from/,
    ],
    [
      'another column has got the name of the key',
      `alter table parent rename id to was; alter table parent rename code to id;
       update parent set id = id + 100 where id in (4, 5); insert into parent values (101, 21), (102, 22), (103, 23)`,
      /public\.parent is not the table that the plan was made from/,
    ],
    [
      'the child is another table',
      `alter table child rename to child_old; create table child as table child_old;
       alter table child add foreign key (parent_id) references parent not valid`,
      /public\.child is not the table that the plan was made from/,
    ],
    [
      'the key between the tables is one of other columns',
      `${unfence} alter table child add foreign key (other_id) references parent on delete cascade`,
      /No key of public\.child \(parent_id\) stands guard/,
    ],
    ['the triggers of the key are off', 'alter table child disable trigger all', /No key .* stands guard/],
    ...since(18, [
      'the key is not enforced',
      `${unfence} alter table child add foreign key (parent_id) references parent not enforced`,
      /No key .* stands guard/,
    ] as const),
  ] as const)('%s', async (_, change, message) => {
    const script = await made(own.database);
    await own.database.query(change);
    await expect(runScript(own.database.url, script)).rejects.toThrow(message);
    expect(await children(own.database)).toBe(upTo(23));
  });

  test.each(['parent', 'child'])('a subscription has begun to fill the %s', async (table) => {
    const script = await made(own.database);
    await own.database.query(
      `create subscription sub connection 'dbname=nowhere' publication pub with (connect = false, slot_name = none)`,
    );
    await own.database.query(`insert into pg_subscription_rel (srsubid, srrelid, srsubstate, srsublsn)
      select oid, '${table}'::regclass, 'd', '0/0' from pg_subscription where subname = 'sub'`);
    await expect(runScript(own.database.url, script)).rejects.toThrow(/A subscription fills the tables/);
    expect(await children(own.database)).toBe(upTo(23));
  });
});

test('a key that compares otherwise than the rows were judged', async () => {
  const { database } = own;
  await database.query(`drop table child, parent; create schema ext; create extension citext schema ext;
    create table parent (id ext.citext not null); create unique index z on parent (id);
    create unique index a on parent (id pg_catalog.text_ops);
    create table child (id integer primary key, parent_id ext.citext); create index on child (parent_id);
    insert into parent values ('Ada'), ('EVE'); insert into child values (1, 'ada'), (2, 'Ada'), (3, 'eve'), (4, 'bob')`);
  await expect(runScript(database.url, await made(database))).rejects.toThrow(/No key .* compares/);
  expect(await children(database)).toBe(upTo(4));
});

test('a key whose columns compare otherwise since', async () => {
  const { database } = own;
  await database.query(`drop table child, parent;
    create collation alike (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
    create table parent (id text primary key);
    create table child (id integer primary key, parent_id text); create index on child (parent_id);
    insert into parent values ('Ada'); insert into child values (1, 'bob')`);
  const script = await made(database);
  await database.query(`alter table parent alter id type text collate alike; update child set parent_id = 'ada';
    alter table child alter parent_id type text collate alike`);
  await expect(runScript(database.url, script)).rejects.toThrow(/No key .* compares/);
  expect(await children(database)).toBe('1');
});
