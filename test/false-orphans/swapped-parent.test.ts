import { createDatabase, type TestDatabase } from '../postgres/database';
import { takePicture } from '../quarantine/accounted';
import { cascade, guardAt } from '../quarantine/setup';
import { holding, notIn } from './naive';

let database: TestDatabase;

/** 101 to 108 are orphans; the application is about to give the parent's name to something else. */
beforeEach(async () => {
  database = await createDatabase('swapped');
  await database.query(`
    create table parent (id integer primary key);
    create table child (id integer primary key, parent_id integer);
    insert into parent select i from generate_series(1, 100) i;
    insert into child select i, i from generate_series(1, 108) i`);
});
afterEach(() => database.drop());

const KEYS = [cascade('public.child(parent_id)', 'public.parent(id)')];
const FENCE = `alter table child add constraint child_parent_id_fkey foreign key (parent_id) references parent on update cascade on delete cascade not valid`;

const SWAPS = [
  [
    'another table, which is being filled',
    [
      'alter table parent rename to parent_old',
      'create table parent (id integer primary key)',
      'insert into parent select i from generate_series(1, 90) i',
    ],
  ],
  [
    'another column, which is being filled',
    [
      'alter table parent rename id to old_id',
      'alter table parent add id integer unique',
      'update parent set id = old_id where old_id <= 90',
      'update parent set id = - old_id where old_id > 90',
    ],
  ],
] as const;

/** The swap happens while the named step waits for a table. */
async function applyDuring(step: string, table: string, swap: readonly string[]) {
  const client = await holding(database.url, table);
  const guard = guardAt(database.url, KEYS);
  const retried = new Promise<void>((resolve) =>
    guard.on('retry', ({ what }) => what.startsWith(step) && resolve()),
  );
  const applying = guard.apply();
  await retried;
  expect(await client.finish(swap, notIn('child', 'parent_id', 'parent'))).toBe(18);
  return applying;
}

describe.each(SWAPS)("the parent's name becomes that of %s", (_title, swap) => {
  test('before a batch: the key that stands before the rows points elsewhere now, and none goes', async () => {
    await database.query(FENCE);
    const before = (await takePicture(database)).get('public.child');
    const outcome = await applyDuring('Quarantine', 'parent', swap);
    expect(outcome).toMatchObject({ rowsDeleted: 0, rowsQuarantined: 0 });
    expect(outcome.steps.find(({ title }) => title.startsWith('Quarantine'))).toMatchObject({
      status: 'failed',
      error: { code: 'CASCADE_MOVED' },
    });
    expect((await takePicture(database)).get('public.child')).toEqual(before);
  });

  test('between the look and the fence: what was looked at is not what would be cleaned, and none goes', async () => {
    const before = (await takePicture(database)).get('public.child');
    const outcome = await applyDuring('Fence', 'child', swap);
    expect(outcome.rowsDeleted).toBe(0);
    expect((await takePicture(database)).get('public.child')).toEqual(before);
  });
});
