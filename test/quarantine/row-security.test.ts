import { createDatabase, type TestDatabase } from '../postgres/database';
import { naively, notIn } from '../false-orphans/naive';
import { takePicture } from './accounted';
import { cascade, connect, containing, guardAt } from './setup';

let database: TestDatabase;
let role: { readonly name: string; readonly url: string };

/** The role owns the child and may change the parent, whose owner is somebody else. */
beforeEach(async () => {
  database = await createDatabase('rls');
  role = await database.createRole();
  await database.query(`
    grant create on database "${database.name}" to "${role.name}"; grant all on schema public to "${role.name}";
    create table parent (id integer primary key, tenant integer);
    create table child (id integer primary key, parent_id integer);
    create table low (child_id integer);
    alter table child owner to "${role.name}"; alter table low owner to "${role.name}";
    alter table low add constraint low_key foreign key (child_id) references child on delete cascade;
    grant all on parent to "${role.name}";
    insert into parent select i, i % 2 from generate_series(1, 100) i;
    insert into child select i, i from generate_series(1, 104) i;
    insert into low select i from generate_series(1, 104) i;
    create policy own on parent using (tenant = 0);
    alter table child add constraint child_parent_id_fkey foreign key (parent_id) references parent on update cascade on delete cascade not valid`);
});
afterEach(() => database.drop());

const KEYS = [cascade('public.child(parent_id)', 'public.parent(id)')];

test.each([
  ['parent', 54],
  ['child', 0],
  ['low', 4],
] as const)('row security on %s: not one row is touched', async (table, naive) => {
  await database.query(
    `alter table ${table} enable row level security; alter table ${table} force row level security`,
  );
  expect(await naively(role.url, notIn('child', 'parent_id', 'parent'))).toBe(naive);
  const before = await takePicture(database);
  const outcome = await guardAt(role.url, KEYS).apply();
  expect(outcome).toMatchObject({ status: 'refused', rowsDeleted: 0 });
  expect(await takePicture(database)).toEqual(before);
});

test.each(['parent', 'low'])(
  'row security that comes over %s while the batch waits: PostgreSQL refuses to hide rows, and nothing is removed',
  async (table) => {
    const client = await connect(database.url);
    await client.query('begin');
    await client.query('lock table parent in row exclusive mode');
    const guard = guardAt(role.url, KEYS);
    const retried = new Promise<void>((resolve) =>
      guard.on('retry', ({ what }) => what.startsWith('Quarantine') && resolve()),
    );
    const applying = guard.apply();
    await retried;
    // The client holds the parent itself, so that it has to be the one to alter it.
    await client.query(
      `alter table ${table} enable row level security; alter table ${table} force row level security`,
    );
    await client.query('commit');
    await client.end();
    const before = await takePicture(database);
    const outcome = await applying;
    expect(outcome).toMatchObject({ rowsDeleted: 0, rowsQuarantined: 0 });
    expect(outcome.steps.find(({ title }) => title.startsWith('Quarantine'))).toMatchObject({
      status: 'failed',
      error: { message: containing('42501') },
    });
    expect(await takePicture(database)).toEqual(before);
    expect(before.get('public.child')).toHaveLength(104);
  },
);
