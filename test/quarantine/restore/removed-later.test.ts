import { createDatabase, type TestDatabase } from '../../postgres/database';
import { cascade, guardAt, rowsOf, type Key } from '../setup';

let database: TestDatabase;

const KEYS: readonly Key[] = [
  cascade('app.credit(book_id)', 'app.book(id)'),
  { ...cascade('app.credit(author_id)', 'app.author(id)'), type: 'integer' },
];
const guard = () => guardAt(database.url, KEYS, { limits: { fraction: 1 } });

beforeEach(async () => {
  database = await createDatabase('removed_later');
  await database.query(`
    create schema app;
    create table app.book (id integer primary key);
    create table app.author (id integer primary key);
    create table app.credit (book_id integer, author_id text);
    insert into app.book values (1), (2);
    insert into app.author values (1);
    insert into app.credit values (1, '01'), (2, '01'), (2, '02'), (2, null)`);
});
afterEach(() => database.drop());

test('a dry run does not count a row without a key that the application has changed since', async () => {
  const { runId = '' } = await guard().apply();
  await database.query(`
    insert into app.author values (5);
    update app.credit set author_id = 5 where book_id = 1`);
  const told = await guard().restore(runId, { schema: true, dryRun: true });
  expect(told.failed.map(({ reason }) => reason)).toEqual(['it has a new value in author_id']);
});

test('a row without a key that was changed and then removed waits for its own removal to be undone', async () => {
  const before = await rowsOf(database, 'app.credit');
  const { runId = '' } = await guard().apply();
  expect(await rowsOf(database, 'app.credit')).toEqual(['(1,1)', '(2,)', '(2,1)']);
  const [removed] = await database.query<{ id: string }>(
    `select id::text from fk_guard.quarantine where action = 'delete' and row_data = '{"book_id": "2", "author_id": "2"}'`,
  );
  await database.query(
    `alter table app.credit alter author_id drop not null, drop constraint credit_author_id_fkey; alter table app.credit alter author_id type text;
     alter table app.credit add constraint credit_author check (author_id <> '2')`,
  );

  const { failed } = await guard().restore(runId);
  expect(failed.map(({ reason }) => reason).sort()).toEqual([
    'new row for relation "credit" violates check constraint "credit_author" (23514)',
    `the run removed it later, and that copy (row ${removed?.id}) is not back`,
  ]);

  await database.query('alter table app.credit drop constraint credit_author');
  expect(await guard().restore(runId)).toMatchObject({ restored: 2, failed: [] });
  expect(await rowsOf(database, 'app.credit')).toEqual(before);
});
