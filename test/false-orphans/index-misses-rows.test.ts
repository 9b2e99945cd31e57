import { guardAt } from '../quarantine/setup';
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

test('rows whose parents only the index has lost stay, and the index is named as what lies', async () => {
  const { database } = own;
  await database.query(`update pg_index set indisready = false where indexrelid = 'parent_pkey'::regclass`);
  await database.query('insert into parent select i from generate_series(91, 100) i');
  await database.query(`update pg_index set indisready = true where indexrelid = 'parent_pkey'::regclass`);
  await database.query('vacuum analyze parent, child');
  // A large table is read by its index anyway.
  await database.query(`alter database "${database.name}" set enable_seqscan = off`);
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

test('so do rows whose parents stand in a partition where nobody searches for them', async () => {
  const { database } = own;
  await database.query(`
    create table whole (id integer primary key) partition by range (id);
    create table low partition of whole for values from (0) to (91);
    create table high (id integer primary key, constraint here check (id >= 91 and id < 200) not valid);
    insert into low select i from generate_series(1, 90) i;
    alter table high drop constraint here; insert into high select i + 100 from generate_series(1, 10) i;
    drop table parent; alter table whole rename to parent`);
  await database.query(`
    alter table high add constraint here check (id is not null and id >= 91 and id < 100) not valid;
    update pg_constraint set convalidated = true where conname = 'here';
    alter table parent attach partition high for values from (91) to (100);
    update child set parent_id = id + case when id > 100 then 100 else 10 end where id > 90`);
  await database.query(`
    alter database "${database.name}" set enable_hashjoin = off;
    alter database "${database.name}" set enable_mergejoin = off;
    alter database "${database.name}" set enable_material = off`);
  const byNestedLoop = 'delete from child c where not exists (select from parent p where p.id = c.parent_id)';
  expect(await naively(database.url, byNestedLoop)).toBe(14);
  const outcome = await guardAt(database.url, KEYS).apply();
  expect(await children(database)).toBe(upTo(100));
  expect(outcome.rowsDeleted).toBe(4);
});
