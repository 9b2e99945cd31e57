import { createDatabase, type TestDatabase } from '../../postgres/database';
import { cascade, guardAt, rowsOf } from '../setup';

let database: TestDatabase;

beforeEach(async () => (database = await createDatabase('restore_cycles')));
afterEach(() => database.drop());

const LIMITS = { limits: { fraction: 1 } };
const tables = ['a', 'b', 'person'];
async function picture(): Promise<string[][]> {
  const all = [];
  for (const table of tables) all.push(await rowsOf(database, table));
  return all;
}

/** Rows that need each other, below tenants that are gone. No key is deferrable, no column takes null. */
const CIRCLES = `
  create table tenant (id integer primary key);
  create table a (id integer primary key, tenant_id integer, b_id integer not null);
  create table b (id integer primary key, a_id integer not null references a on delete cascade);
  create table person (id integer primary key, tenant_id integer, boss_id integer not null);
  insert into a values (1, 1, 1), (2, 9, 2), (3, 9, 4), (4, 9, 3);
  insert into b values (1, 1), (2, 2), (3, 3), (4, 4);
  insert into person values (1, 1, 1), (2, 9, 2), (3, 9, 5), (4, 9, 3), (5, 9, 4), (6, 9, 5);
  alter table a add foreign key (b_id) references b on delete cascade;
  alter table person add foreign key (boss_id) references person on delete cascade;
  insert into tenant values (1)`;

const KEYS = [
  cascade('public.a(tenant_id)', 'public.tenant(id)'),
  cascade('public.person(tenant_id)', 'public.tenant(id)'),
];

async function cleaned(): Promise<string> {
  await database.query(CIRCLES);
  const { runId = '' } = await guardAt(database.url, KEYS, LIMITS).apply();
  expect(await picture()).toEqual([['(1,1,1)'], ['(1,1)'], ['(1,1,1)']]);
  return runId;
}

test('rows that point at each other, or at themselves, come back', async () => {
  const runId = await cleaned();
  await database.query('insert into tenant values (9)');
  const guard = guardAt(database.url, KEYS, LIMITS);
  expect(await guard.restore(runId, { dryRun: true })).toEqual({ runId, restored: 11, failed: [] });
  expect(await guard.restore(runId)).toEqual({ runId, restored: 11, failed: [] });
  expect(await picture()).toEqual([
    ['(1,1,1)', '(2,9,2)', '(3,9,4)', '(4,9,3)'],
    ['(1,1)', '(2,2)', '(3,3)', '(4,4)'],
    ['(1,1,1)', '(2,9,2)', '(3,9,5)', '(4,9,3)', '(5,9,4)', '(6,9,5)'],
  ]);
});

test('where one of them cannot come back, those that need it cannot either, and all others can', async () => {
  const runId = await cleaned();
  await database.query(
    'insert into tenant values (9); alter table b add constraint never check (id <> 3); insert into person values (2, 1, 1)',
  );
  const { restored, failed } = await guardAt(database.url, KEYS, LIMITS).restore(runId);
  expect(failed.map(({ table, reason }) => `${table}: ${reason}`).sort()).toEqual([
    'public.a: its parent is still missing (a_b_id_fkey)',
    'public.a: its parent is still missing (a_b_id_fkey)',
    'public.b: its parent is still missing (b_a_id_fkey)',
    'public.b: new row for relation "b" violates check constraint "never" (23514)',
    'public.person: its key is taken (person_pkey)',
  ]);
  expect(restored).toBe(6);
  expect((await picture()).map((rows) => rows.length)).toEqual([2, 2, 6]);
});

test('a key that is checked at the end of a transaction takes nothing else back', async () => {
  await database.query(`
    create table tenant (id integer primary key);
    create table parent (id integer primary key);
    create table child (id integer primary key, tenant_id integer, parent_id integer references parent deferrable initially deferred);
    insert into parent values (1), (2);
    insert into child values (1, 9, 1), (2, 9, 2), (3, null, null)`);
  const key = cascade('public.child(tenant_id)', 'public.tenant(id)');
  const { runId = '' } = await guardAt(database.url, [key], LIMITS).apply();
  await database.query('insert into tenant values (9); delete from parent where id = 2');
  expect(await guardAt(database.url, [key]).restore(runId)).toMatchObject({
    restored: 1,
    failed: [{ table: 'public.child', reason: 'its parent is still missing (child_parent_id_fkey)' }],
  });
  expect(await rowsOf(database, 'child')).toEqual(['(1,9,1)', '(3,,)']);
});
