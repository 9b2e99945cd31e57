import { createDatabase, type TestDatabase } from '../postgres/database';
import { cascade, guardAt } from './setup';

let database: TestDatabase;
beforeEach(async () => (database = await createDatabase('batch_size')));
afterEach(() => database.drop());

const KEY = cascade('public.child(parent_id)', 'public.parent(id)');

/** How many rows each batch of a clean-up had. */
async function batches(): Promise<readonly number[]> {
  const guard = guardAt(database.url, [KEY]);
  const done: number[] = [];
  guard.on('batch', ({ rowsDone }) => done.push(rowsDone - done.reduce((sum, rows) => sum + rows, 0)));
  expect(await guard.apply()).toMatchObject({ status: 'repaired' });
  return done;
}

const tables = (rows: number): Promise<unknown> =>
  database.query(`
    create table parent (id integer primary key);
    create table child (id integer primary key, parent_id integer);
    insert into parent values (1);
    insert into child select i, case when i <= ${rows} then 2 else 1 end from generate_series(1, ${rows} * 10) i`);

test('rows that take a scan each go a few at a time, so that writers of the parent do not wait for hundreds of scans', async () => {
  await tables(60);
  await database.query(`
    create table low (id integer, child_id integer references child on delete cascade);
    insert into low select i, 1 + i % 600 from generate_series(1, 150000) i`);
  const sizes = await batches();
  expect(sizes[0]).toBe(20);
  expect(Math.max(...sizes.slice(1))).toBeLessThan(20);
});

test('rows that are quick to go are soon taken by the hundred', async () => {
  await tables(2_000);
  expect(Math.max(...(await batches()))).toBeGreaterThan(150);
});
