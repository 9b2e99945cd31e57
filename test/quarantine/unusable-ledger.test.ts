import { createDatabase, type TestDatabase } from '../postgres/database';
import { dump } from '../postgres/dump';
import { cascade, containing, guardAt } from './setup';

let database: TestDatabase;
beforeEach(async () => {
  database = await createDatabase('unusable_ledger');
  await database.query(`
    create table parent (id integer primary key);
    create table child (id integer primary key, parent_id integer);
    insert into parent select i from generate_series(1, 100) i;
    insert into child select i, i from generate_series(1, 104) i`);
});
afterEach(() => database.drop());

const guard = () => guardAt(database.url, [cascade('public.child(parent_id)', 'public.parent(id)')]);

/** A ledger that was used, and may hold the only copies of rows. */
async function used(): Promise<void> {
  await guard().apply();
  await database.query(`
    alter table child drop constraint child_parent_id_fkey;
    insert into child values (201, 201)`);
}

test.each([
  [
    'half created',
    'create schema fk_guard; create table fk_guard.run (id uuid primary key, resumes uuid, figures jsonb)',
    'LEDGER',
    'run.finished_at',
  ],
  [
    'of an application',
    'create schema fk_guard; create table fk_guard.step (id integer)',
    'OPTIONS',
    "a table step that is not the guard's",
  ],
  [
    'of views',
    'create schema fk_guard; create view fk_guard.run as select null::uuid as resumes, null::jsonb as figures',
    'OPTIONS',
    "a table run that is not the guard's",
  ],
])('a schema that is %s: refused, and nothing is written', async (_title, sql, code, message) => {
  await database.query(sql);
  await expectRefused(code, message);
});

test.each([
  ['lacks a column of its copies', 'alter table fk_guard.quarantine drop batch cascade', 'quarantine.batch'],
  ['lacks a column of its steps', 'alter table fk_guard.step drop duration_ms', 'step.duration_ms'],
  [
    'has a column of another type',
    'alter table fk_guard.quarantine alter taken_at drop default, alter taken_at type text',
    'quarantine.taken_at',
  ],
  ['a crash would empty', 'alter table fk_guard.quarantine set unlogged', 'fk_guard.quarantine is unlogged'],
])('a ledger that %s: refused, and nothing is written', async (_title, sql, message) => {
  await used();
  await database.query(sql);
  await expectRefused('LEDGER', message);
});

test('a ledger from before parents could be given gets the column, and the run goes on', async () => {
  await used();
  await database.query('alter table fk_guard.quarantine drop given');
  expect(await guard().apply()).toMatchObject({ status: 'repaired', rowsDeleted: 1, rowsQuarantined: 1 });
});

async function expectRefused(code: string, message: string): Promise<void> {
  const before = await dump(database);
  await expect(guard().apply()).rejects.toMatchObject({ code, message: containing(message) });
  expect(await dump(database)).toBe(before);
}
