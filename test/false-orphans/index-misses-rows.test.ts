import { createDatabase, type TestDatabase } from '../postgres/database';
import { takePicture } from '../quarantine/accounted';
import { cascade, guardAt, rowsOf } from '../quarantine/setup';
import { naively, notIn } from './naive';

let database: TestDatabase;

/**
 * What an update of the C library does to indexes on text, and some old versions' `create index concurrently` to any:
 * rows of the parent that its index cannot find. 101 to 104 have no parent.
 */
beforeEach(async () => {
  database = await createDatabase('index');
  await database.query(`
    create table parent (id integer primary key);
    create table child (id integer primary key, parent_id integer);
    create index on child (parent_id);
    insert into parent select i from generate_series(1, 90) i;
    update pg_index set indisready = false where indexrelid = 'parent_pkey'::regclass`);
  await database.query('insert into parent select i from generate_series(91, 100) i');
  await database.query(`
    update pg_index set indisready = true where indexrelid = 'parent_pkey'::regclass;
    insert into child select i, i from generate_series(1, 104) i`);
  await database.query('vacuum analyze parent, child');
  await database.query(`alter database "${database.name}" set enable_seqscan = off`);
});
afterEach(() => database.drop());

const KEYS = [cascade('public.child(parent_id)', 'public.parent(id)')];

test('rows whose parents only the index has lost stay', async () => {
  expect(await naively(database.url, notIn('child', 'parent_id', 'parent'))).toBe(14);
  const outcome = await guardAt(database.url, KEYS).apply();
  expect(outcome.rowsDeleted).toBe(4);
  expect(await rowsOf(database, 'child')).toHaveLength(100);
  console.log(JSON.stringify(outcome, null, 1));
});
