import { cascade, guardAt, rowsOf } from '../quarantine/setup';
import { naively, notIn } from './naive';
import { ownDatabase } from './setting';

/** The index that comes first by its name is stricter than the one that a key rests on. */
const own = ownDatabase(
  'equalities',
  `create schema ext; create extension citext schema ext;
   create table parent (id ext.citext not null);
   create unique index z on parent (id);
   create unique index a on parent (id pg_catalog.text_ops);
   create table child (id integer primary key, parent_id ext.citext);
   create index on child (parent_id);
   insert into parent values ('Ada'), ('EVE');
   insert into child values (1, 'ada'), (2, 'Ada'), (3, 'eve'), (4, 'bob')`,
);

test('rows are judged as the key judges that stands before them', async () => {
  const { database } = own;
  expect(await naively(database.url, notIn('child', 'parent_id', 'parent'))).toBe(3);
  const guard = guardAt(database.url, [cascade('public.child(parent_id)', 'public.parent(id)')]);
  const outcome = await guard.apply();
  expect(await rowsOf(database, 'child')).toEqual(['(1,ada)', '(2,Ada)', '(3,eve)']);
  expect(outcome).toMatchObject({ status: 'repaired', rowsDeleted: 1, remaining: [] });
});
