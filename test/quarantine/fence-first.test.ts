import { createDatabase, type TestDatabase } from '../postgres/database';
import { expectAccounted, takePicture } from './accounted';
import { cascade, guardAt } from './setup';

let database: TestDatabase;

/** Nothing can refer to the parents, for one of them is there twice; five of 105 children are orphans. */
beforeEach(async () => {
  database = await createDatabase('fence_first');
  await database.query(`
    create table parent (id integer);
    create table child (id integer primary key, parent_id integer);
    insert into parent select i from generate_series(1, 100) i; insert into parent values (1);
    insert into child select i, i from generate_series(1, 105) i`);
});
afterEach(() => database.drop());

const KEYS = [cascade('public.child(parent_id)', 'public.parent(id)')];

test('where no key can be put before the rows, CASCADE is not enforced and takes none', async () => {
  const before = await takePicture(database);
  const { remaining } = await guardAt(database.url, KEYS).apply();
  expect(remaining.find(({ kind }) => kind === 'orphaned-rows')?.refusal).toMatchObject({
    code: 'BLOCKED_BY_FINDING',
    option: `relations: { 'public.child.parent_id': { orphans: 'delete' | 'nullify' | 'keep' } }`,
  });
  expect(await takePicture(database)).toEqual(before);
});

test('who says delete has them deleted', async () => {
  const before = await takePicture(database);
  const relations = { 'public.child.parent_id': { orphans: 'delete' } } as const;
  expect(await guardAt(database.url, KEYS, { relations }).apply()).toMatchObject({ rowsDeleted: 5 });
  await expectAccounted(database, before);
});

test('once the parents are unique the key comes first, and the rows go', async () => {
  await database.query('delete from parent where id = 1; insert into parent values (1)');
  const { steps, rowsDeleted } = await guardAt(database.url, KEYS).apply();
  expect(steps.map(({ title }) => title)).toEqual([
    'Build the unique index parent_id_key on public.parent (id)',
    'Fence: add child_parent_id_fkey to public.child, ON DELETE CASCADE, NOT VALID',
    'Quarantine and delete: orphans of public.child (parent_id)',
    'Validate child_parent_id_fkey of public.child',
  ]);
  expect(rowsDeleted).toBe(5);
});
