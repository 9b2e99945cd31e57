import { guardAt, rowsOf } from '../quarantine/setup';
import { naively, notIn } from './naive';
import { children, KEYS, ownDatabase, upTo } from './setting';

/**
 * What a new version of the C library does to indexes on text, and `create index concurrently` of some minor versions
 * to any: rows of the parent that its index cannot find. Here it was not told of 91 to 100.
 */
const own = ownDatabase(
  'index',
  `create table parent (id integer primary key);
   create table child (id integer primary key, parent_id integer);
   create index on child (parent_id);
   insert into parent select i from generate_series(1, 90) i;
   insert into child select i, i from generate_series(1, 104) i`,
);

/** A large table is read by its index; a small one when it has to. */
async function loseTen(): Promise<void> {
  const { database } = own;
  await database.query(`update pg_index set indisready = false where indexrelid = 'parent_pkey'::regclass`);
  await database.query('insert into parent select i from generate_series(91, 100) i');
  await database.query(`update pg_index set indisready = true where indexrelid = 'parent_pkey'::regclass`);
  await database.query('vacuum analyze parent, child');
  await database.query(`alter database "${database.name}" set enable_seqscan = off`);
}

test('rows whose parents only the index has lost stay, and the index is named as what lies', async () => {
  const { database } = own;
  await loseTen();
  expect(await naively(database.url, notIn('child', 'parent_id', 'parent'))).toBe(14);

  const guard = guardAt(database.url, KEYS);
  const outcome = await guard.apply();
  expect(await children(database)).toBe(upTo(100));
  expect(outcome).toMatchObject({ status: 'partial', rowsDeleted: 4, rowsQuarantined: 4 });
  expect(outcome.steps.find(({ title }) => title.startsWith('Quarantine'))?.error).toMatchObject({
    code: 'INDEX_CORRUPTED',
    message: 'Rows of public.child look orphaned by an index and are not: public.parent has their parents.',
  });
  await database.query('reindex table parent');
  expect(await guard.apply()).toMatchObject({ status: 'repaired', rowsDeleted: 0, remaining: [] });
});

test('nor is any of these parents made a second time', async () => {
  const { database } = own;
  await loseTen();
  const twice =
    'insert into parent select parent_id from child where parent_id not in (select id from parent)';
  expect(await naively(database.url, twice)).toBe(14);
  const relations = { 'public.child.parent_id': { createParent: () => ({}) } };
  const outcome = await guardAt(database.url, KEYS, { relations }).apply();
  expect(outcome.parentsCreated).toBe(4);
  expect(await rowsOf(database, 'parent')).toHaveLength(104);
});

test('so does a row whose parent stands in a partition where nobody searches for it', async () => {
  const { database } = own;
  await database.query(`
    create table whole (id integer primary key) partition by range (id);
    create table near partition of whole for values from (0) to (91);
    create table far (id integer primary key); insert into far values (101);
    alter table far add constraint here check (id is not null and id >= 91 and id < 100) not valid;
    update pg_constraint set convalidated = true where conname = 'here';
    alter table whole attach partition far for values from (91) to (100);
    insert into near select i from generate_series(1, 90) i;
    drop table parent; alter table whole rename to parent;
    truncate child; insert into child values (1, 101), (2, 102)`);
  await database.query('vacuum analyze child');
  const one = 'delete from child c where not exists (select from parent p where p.id = c.parent_id)';
  await database.query(`
    alter database "${database.name}" set enable_hashjoin = off;
    alter database "${database.name}" set enable_mergejoin = off`);
  expect(await naively(database.url, one)).toBe(2);
  const outcome = await guardAt(database.url, KEYS).apply();
  expect(await children(database)).toBe('1');
  expect(outcome.rowsDeleted).toBe(1);
});
