import { batchSizes, firstBatch } from '../../src/execution/batches';
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

/** How large batches are in the end, and the longest that one of them took after the first. */
function settled(msOf: (rows: number) => number): { readonly rows: number; readonly longest: number } {
  const next = batchSizes({ batchSize: 'auto' });
  let rows = next(firstBatch({ batchSize: 'auto' }), msOf(firstBatch({ batchSize: 'auto' })));
  let longest = 0;
  for (let batch = 0; batch < 100; batch++) {
    const ms = msOf(rows);
    longest = Math.max(longest, ms);
    rows = next(rows, ms);
  }
  return { rows, longest };
}

test.each([
  ['a server far off, where an empty batch takes 170 ms', 170, 0.05, { rows: 1000, longest: 220 }],
  ['a server next door', 5, 0.05, { rows: 1000, longest: 55 }],
  ['rows that take 100 ms each', 20, 100, { rows: 1, longest: 120 }],
])('with %s a batch has the rows that take 50 ms more', (_, without, perRow, { rows, longest }) => {
  const found = settled((count) => without + perRow * count);
  expect(found.rows / rows).toBeCloseTo(1, 0);
  expect(found.longest).toBeLessThanOrEqual(longest * 1.05);
});

test('batches that all take the same, whatever is in them, grow; one that is held up does not make the next ones longer', () => {
  expect(settled(() => 170).rows).toBe(10_000);
  let batch = 0;
  const found = settled((rows) => 5 + 0.05 * rows + (++batch === 50 ? 1_000 : 0));
  expect(found.rows).toBeGreaterThan(500);
  expect(found.rows).toBeLessThan(2_000);
});

test('a batch size that was asked for stays', () => {
  expect(batchSizes({ batchSize: 7 })(7, 5_000)).toBe(7);
});
