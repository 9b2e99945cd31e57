import { createDatabase, type TestDatabase } from '../postgres/database';
import { containing, copies, guardAt, rowsOf } from '../quarantine/setup';

let database: TestDatabase;
beforeEach(async () => {
  database = await createDatabase('remap');
  await database.query(`
    create schema app;
    create table app.parent (id integer primary key);
    create table app.child (id integer primary key, parent_id text);
    create index on app.child (parent_id);
    create table app.names (name text, id integer);
    insert into app.parent values (1), (2), (3);
    insert into app.child values (1, 'one'), (2, 'two'), (3, '3'), (4, null);
    insert into app.names values ('one', 1), ('two', 2)`);
});
afterEach(() => database.drop());

const KEY = { child: 'app.child(parent_id)', parent: 'app.parent(id)', type: 'integer' } as const;
const guard = (using: string) =>
  guardAt(database.url, [KEY], { relations: { 'app.child.parent_id': { remap: { using } } } });

const wrong: readonly [title: string, using: string, message: string][] = [
  ['does not parse', 'select from where', 'fails: syntax error at or near "where" (42601)'],
  [
    'asks a table that is not there',
    'select a, b from nowhere',
    'fails: relation "nowhere" does not exist (42P01)',
  ],
  [
    'has one column',
    'select name from app.names',
    'fails: each UNION query must have the same number of columns (42601)',
  ],
  [
    'has three columns',
    'select name, id, 1 from app.names where false',
    'fails: each UNION query must have the same number of columns (42601)',
  ],
  ['is two queries', `select 'one', 1) m(old, new); drop table app.names; select (1`, 'fails: '],
  ['writes', `with gone as (delete from app.names returning name, id) select * from gone`, 'fails: '],
  [
    'gives values of another type',
    `select name, 'x' from app.names`,
    'fails: invalid input syntax for type integer: "x" (22P02)',
  ],
  ['gives a fraction', `select 'one', 1.5`, 'fails: invalid input syntax for type integer: "1.5" (22P02)'],
  [
    'gives two rows for one value',
    `select 'one', 1 union all select 'one', 2`,
    'gives more than one row for the same old value: one.',
  ],
  ['gives a key that no parent has', `select 'one', 9`, 'gives keys that the parent does not have: 9.'],
  ['gives null', `select 'one', null::int`, 'gives keys that the parent does not have: null.'],
  ['gives a key for null', `select null::text, 1`, 'gives a row whose old value is null.'],
];

test.each(wrong)('a remap that %s is an error before anything is written', async (_, using, message) => {
  const before = await rowsOf(database, 'app.child');
  const error = {
    name: 'FkGuardError',
    code: 'OPTIONS',
    message: containing(`"relations['app.child.parent_id'].remap.using" ${message}`),
  };
  await expect(guard(using).check()).rejects.toMatchObject(error);
  await expect(guard(using).plan()).rejects.toMatchObject(error);
  await expect(guard(using).apply()).rejects.toMatchObject(error);
  expect(await rowsOf(database, 'app.child')).toEqual(before);
  expect(await rowsOf(database, 'app.names')).toHaveLength(2);
  expect(await database.query(`select to_regnamespace('fk_guard') as schema`)).toEqual([{ schema: null }]);
});

test('the translation goes before a cast, sees the application’s search_path, and is not asked again', async () => {
  await database.query(`
    alter database "${database.name}" set search_path = app;
    insert into app.names values ('3', 2)`);
  const using = 'select name, id from names -- by hand\n;';
  expect(await guard(using).apply()).toMatchObject({ status: 'repaired', rowsQuarantined: 3, remaining: [] });
  expect(await rowsOf(database, 'app.child')).toEqual(['(1,1)', '(2,2)', '(3,2)', '(4,)']);
  expect(await copies(database)).toEqual(['child change 3']);
  await database.query('drop table app.names');
  expect(await guard(using).apply()).toMatchObject({ status: 'clean' });
});

test('a translated value comes back when its column is text again, and says why it cannot before', async () => {
  const outcome = await guard('select name, id from app.names').apply();
  expect(await rowsOf(database, 'app.child')).toEqual(['(1,1)', '(2,2)', '(3,3)', '(4,)']);
  const repaired = guard('select name, id from app.names');
  await database.query('alter table app.child drop constraint child_parent_id_fkey');
  expect(await repaired.restore(outcome.runId ?? '')).toMatchObject({
    restored: 0,
    failed: [
      { table: 'app.child', reason: 'the column parent_id is integer now, which cannot hold its value' },
      { table: 'app.child', reason: 'the column parent_id is integer now, which cannot hold its value' },
    ],
  });
  await database.query(
    `alter table app.child alter parent_id type text; update app.child set parent_id = 'new' where id = 2`,
  );
  expect(await repaired.restore(outcome.runId ?? '')).toMatchObject({
    restored: 1,
    failed: [{ table: 'app.child', reason: 'it has a new value in parent_id' }],
  });
  expect(await rowsOf(database, 'app.child')).toEqual(['(1,one)', '(2,new)', '(3,3)', '(4,)']);
});

test('a value that the new type would only show in another form is not called restored', async () => {
  await database.query(`update app.child set parent_id = '00' || id where id < 4`);
  const guarded = guardAt(database.url, [KEY]);
  const outcome = await guarded.apply();
  expect(outcome).toMatchObject({ status: 'repaired', rowsQuarantined: 3 });
  expect((await guarded.restore(outcome.runId ?? '')).failed.map(({ reason }) => reason)).toEqual([
    'the type of parent_id cannot hold the old value',
    'the type of parent_id cannot hold the old value',
    'the type of parent_id cannot hold the old value',
  ]);
});
