import { createDatabase, type TestDatabase } from '../postgres/database';
import { cascade, copiedRows, guardAt } from './setup';

let database: TestDatabase;

beforeEach(async () => {
  database = await createDatabase('moved');
  await database.query(`
    create table parent (id integer primary key);
    create table child (id integer primary key, p integer);
    create table grand (id integer primary key, child_id integer references child on delete cascade);
    insert into parent values (1);
    insert into child select i, case when i <= 30 then 99 else 1 end from generate_series(1, 230) i;
    insert into grand select i, i from generate_series(1, 230) i`);
});
afterEach(() => database.drop());

const KEYS = [cascade('public.child(p)', 'public.parent(id)')];
const MOVED = {
  code: 'CASCADE_MOVED',
  message: 'The tables, keys or triggers below public.child changed while its orphans were being cleaned.',
};

/** Cleans row by row; what the application does after the 10th batch is done before the 11th begins. */
async function cleanWhile(statements: string) {
  const guard = guardAt(database.url, KEYS, { batchSize: 1 });
  let changed: Promise<unknown> | undefined;
  let seen = 0;
  guard.on('batch', () => {
    seen += 1;
    if (seen === 10) changed = database.query(statements);
  });
  const outcome = await guard.apply();
  await changed;
  return outcome;
}

const stopped = ({ steps }: Awaited<ReturnType<typeof cleanWhile>>) =>
  steps.find(({ title }) => title.startsWith('Quarantine'));

test('a column that is added meanwhile is in every later copy', async () => {
  const outcome = await cleanWhile(`
    alter table child add extra text; update child set extra = 'precious ' || id;
    alter table grand add extra text; update grand set extra = 'precious ' || id;
    create table left_then as select id from child where p = 99`);
  // What is left is cleaned by the next round, which reads the tables anew.
  expect(outcome).toMatchObject({ status: 'repaired', rowsDeleted: 30, rowsQuarantined: 60 });
  expect(stopped(outcome)).toMatchObject({ status: 'failed', error: MOVED });
  const left = await database.query<{ id: number }>('select id from left_then');
  expect(left.length).toBeGreaterThan(15);
  for (const table of ['child', 'grand']) {
    const copied = new Map((await copiedRows(database, table)).map((row) => [row['id'], row['extra']]));
    expect(left.map(({ id }) => copied.get(`${id}`))).toEqual(left.map(({ id }) => `precious ${id}`));
  }
});

test.each([
  ['a column of another name', 'alter table grand rename id to number'],
  ['a column of another type', 'alter table child alter id type bigint'],
  [
    'a column that goes',
    'alter table grand add note text; alter table grand drop note; alter table grand drop id',
  ],
  ['a table of the same name', 'alter table child rename to old; create table child (like old)'],
])('%s stops the clean-up', async (_title, statement) => {
  expect(stopped(await cleanWhile(statement))).toMatchObject({ status: 'failed', error: MOVED });
});

test('a partition that is attached meanwhile brings its own keys, and no row behind them goes uncopied', async () => {
  await database.query(`
    drop table grand; drop table child;
    create table child (id integer not null, p integer) partition by range (id);
    create table child_low partition of child for values from (0) to (1000);
    create table child_high (id integer not null primary key, p integer);
    create table below (child_id integer references child_high on delete cascade, note text);
    insert into child select i, case when i <= 30 then 99 else 1 end from generate_series(1, 230) i`);
  await cleanWhile(`
    alter table child attach partition child_high for values from (1000) to (2000);
    set session_replication_role = replica; insert into child values (1001, 99); reset session_replication_role;
    insert into below values (1001, 'precious')`);
  expect(await copiedRows(database, 'below')).toEqual([{ child_id: '1001', note: 'precious' }]);
  expect(await database.query('select from below')).toEqual([]);
});

test('what is made elsewhere meanwhile stops nothing', async () => {
  const outcome = await cleanWhile('create table elsewhere (a integer); alter table parent add note text');
  expect(outcome).toMatchObject({ status: 'repaired', rowsDeleted: 30 });
  expect(outcome.steps.map(({ status }) => status)).not.toContain('failed');
});
