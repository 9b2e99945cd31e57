import { guardAt } from '../quarantine/setup';
import { naively, notIn } from './naive';
import { children, KEYS, ownDatabase, upTo } from './setting';

/** 100 people, and 108 children; what is called "parent" shows only some of the people. */
const own = ownDatabase(
  'not_a_table',
  `create table people (id integer primary key, gone boolean default false);
   create table child (id integer primary key, parent_id integer);
   insert into people select i, i > 60 from generate_series(1, 100) i;
   insert into child select i, i from generate_series(1, 108) i`,
);

const CASES = [
  {
    title: 'a view',
    parent: 'create view parent as select id from people where not gone',
    naive: 48,
    reason: 'not-a-table',
  },
  {
    title: 'a materialized view that is behind',
    parent: 'create materialized view parent as select id from people where id <= 90',
    naive: 18,
    reason: 'not-a-table',
  },
  {
    title: 'a foreign table',
    parent: `create extension file_fdw; create server files foreign data wrapper file_fdw;
      create foreign table parent (id integer) server files options (program 'seq 70')`,
    naive: 38,
    reason: 'not-a-table',
  },
  {
    title: 'a table with a foreign partition, whose other server has not all of its rows now',
    parent: `create extension file_fdw; create server files foreign data wrapper file_fdw;
      create table parent (id integer) partition by range (id);
      create table near partition of parent for values from (0) to (51);
      create foreign table far partition of parent for values from (51) to (200) server files options (program 'seq 51 80');
      insert into near select i from generate_series(1, 50) i`,
    naive: 28,
    reason: 'unreadable',
  },
  {
    title: 'a table that others inherit from',
    parent: `create table parent (id integer primary key); insert into parent select i from generate_series(1, 40) i;
      create table heirs () inherits (parent); insert into heirs select i from generate_series(41, 100) i`,
    statement: notIn('child', 'parent_id', 'only parent'),
    naive: 68,
    reason: 'inheritance',
  },
] as const;

test.each(CASES)('$title is no parent to judge rows by', async ({ parent, naive, reason, ...rest }) => {
  const { database } = own;
  await database.query(parent);
  const statement = 'statement' in rest ? rest.statement : notIn('child', 'parent_id', 'parent');
  expect(await naively(database.url, statement)).toBe(naive);
  const guard = guardAt(database.url, KEYS, { orphans: 'delete', limits: { fraction: 1, rows: 1000 } });
  expect((await guard.check()).notMeasured).toEqual([{ relation: 'public.child.parent_id', reason }]);
  expect((await guard.apply()).rowsDeleted).toBe(0);
  expect(await children(database)).toBe(upTo(108));
});
