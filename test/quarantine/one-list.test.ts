import { createDatabase, type TestDatabase } from '../postgres/database';
import { cascade, copiedRows, guardAt } from './setup';

let database: TestDatabase;

/** Five of 105 children are orphans. A sixth comes when the others have been listed, past the key. */
async function family(parentId: string): Promise<void> {
  database = await createDatabase('one_list');
  await database.query(`
    create table parent (id integer ${parentId});
    create table child (id integer primary key, parent_id integer);
    create table late (id integer, parent_id integer);
    insert into parent select i from generate_series(1, 100) i;
    insert into child select i, i from generate_series(1, 105) i;
    insert into late values (106, 106);
    create function bring() returns event_trigger language plpgsql as $$
    begin
      perform set_config('session_replication_role', 'replica', true);
      with gone as (delete from public.late returning *) insert into public.child select * from gone;
      perform set_config('session_replication_role', 'origin', true);
    end $$;
    create event trigger listed on ddl_command_end when tag in ('CREATE TABLE AS') execute function bring()`);
}
afterEach(() => database.drop());

const KEYS = [cascade('public.child(parent_id)', 'public.parent(id)')];
const told = (steps: readonly { readonly title: string; readonly status: string }[]) =>
  steps.map(({ title, status }) => `${title}: ${status}`);

test('an orphan that has come past the fence fails the validation, and the next round takes it', async () => {
  await family('primary key');
  const { status, steps, rowsDeleted } = await guardAt(database.url, KEYS).apply();
  expect({ status, rowsDeleted }).toEqual({ status: 'repaired', rowsDeleted: 6 });
  expect(told(steps).slice(1)).toEqual([
    'Quarantine and delete: orphans of public.child (parent_id): done',
    'Validate child_parent_id_fkey of public.child: failed',
    'Quarantine and delete: orphans of public.child (parent_id): done',
    'Validate child_parent_id_fkey of public.child: done',
  ]);
  const copied = await copiedRows(database, 'child');
  expect(copied.map(({ id }) => id)).toEqual(['101', '102', '103', '104', '105', '106']);
});

test('where no key of these rows is validated, a second list is made', async () => {
  await family('');
  await database.query(`
    insert into parent values (1);
    create table other (id integer primary key);
    alter table child add other_id integer`);
  const relations = { 'public.child.parent_id': { orphans: 'delete' } } as const;
  const keys = [...KEYS, cascade('public.child(other_id)', 'public.other(id)')];
  const { steps, rowsDeleted } = await guardAt(database.url, keys, { relations }).apply();
  expect(rowsDeleted).toBe(6);
  expect(told(steps).filter((step) => !step.startsWith('Index'))).toEqual([
    'Fence: add child_other_id_fkey to public.child, ON DELETE CASCADE, NOT VALID: done',
    'Quarantine and delete: orphans of public.child (parent_id): done',
    'Validate child_other_id_fkey of public.child: done',
  ]);
});
