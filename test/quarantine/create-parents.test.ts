import type { CreateParent, FkGuardOptions, Plan } from 'sequelize-fk-guard';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { dump } from '../postgres/dump';
import { cascade, connect, containing, guardAt, pidOf, rowsOf, untilBlockedBy } from './setup';

let database: TestDatabase;
beforeEach(async () => {
  database = await createDatabase('create_parents');
  await database.query(`
    create table users (
      id serial primary key, email text unique, name text not null, joined timestamptz, settings jsonb, photo bytea,
      shout text generated always as (upper(name)) stored);
    create table sessions (id int primary key, user_id int);
    create index on sessions (user_id);
    insert into users (email, name) values ('1@x', 'one'), ('2@x', 'two');
    insert into sessions select i, 1 + i % 2 from generate_series(1, 20) i;
    insert into sessions values (21, 9), (22, 8), (23, 9)`);
});
afterEach(() => database.drop());

const ID = 'public.sessions.user_id';
const KEY = cascade('public.sessions(user_id)', 'public.users(id)');
const guard = (createParent: CreateParent, options: FkGuardOptions = {}) =>
  guardAt(database.url, [KEY], { relations: { [ID]: { createParent } }, ...options });
const named: CreateParent = ({ id }) => ({ name: `user ${id}` });
const made = () =>
  database.query(
    `select id, email, name, joined::text, settings, photo::text from users where id > 2 order by id`,
  );

test('every kind of value arrives as it was given', async () => {
  const outcome = await guard(({ id }) => ({
    id: Number(id),
    email: null,
    name: `O'${id}\\`,
    joined: new Date(Date.UTC(2020, 1, 2)),
    settings: { theme: ["it's", 1, null] },
    photo: Buffer.from([0, 255]),
  })).apply();
  expect(outcome).toMatchObject({
    status: 'repaired',
    parentsCreated: 2,
    rowsDeleted: 0,
    rowsQuarantined: 0,
    steps: [
      {},
      { title: 'Create 2 missing parents in public.users for public.sessions (user_id)', rows: 2 },
      {},
    ],
  });
  const row = (id: number) => ({
    id,
    email: null,
    name: `O'${id}\\`,
    joined: '2020-02-02 00:00:00+00',
    settings: { theme: ["it's", 1, null] },
    photo: '\\x00ff',
  });
  await database.query(`set timezone = 'UTC'`);
  expect(await made()).toEqual([row(8), row(9)]);
});

const throwing: CreateParent = () => {
  throw new Error('no idea');
};
test.each<readonly [string, unknown, string]>([
  ['throws', throwing, `threw for {"id":"8"}: no idea`],
  ['rejects', () => Promise.reject(new Error('no answer')), `threw for {"id":"8"}: no answer`],
  ['returns nothing', () => undefined, 'returned undefined, and not the values of a row for {"id":"8"}'],
  ['returns null', () => null, 'returned null, and not the values of a row'],
  ['returns a list', () => [{ name: 'x' }], 'returned a list, and not the values of a row'],
  ['names a column that is not there', () => ({ nam: 'x' }), 'no such column (did you mean "name"?)'],
  [
    'gives a value to a computed column',
    () => ({ name: 'x', shout: 'X' }),
    'shout, which PostgreSQL computes',
  ],
  ['changes the key', () => ({ name: 'x', id: 5 }), 'returned another key (id = 5)'],
  [
    'leaves out what must be there',
    () => ({}),
    'returned no value for name, which is NOT NULL and has no default',
  ],
  ['gives null to what must be there', () => ({ name: null }), 'returned no value for name'],
  ['returns what cannot be written', () => ({ name: { first: 'x' } }), 'that cannot be written as text'],
  ['is no function', 'x', '"relations.public.sessions.user_id.createParent" must be a function'],
])('a createParent that %s is an error before anything is written', async (_, createParent, words) => {
  const before = await dump(database);
  for (const verb of ['check', 'plan', 'apply'] as const)
    await expect((async () => guard(createParent as CreateParent)[verb]())()).rejects.toMatchObject({
      code: 'OPTIONS',
      message: containing(words),
    });
  expect(await dump(database)).toBe(before);
  expect(await database.query(`select 1 from pg_namespace where nspname = 'fk_guard'`)).toEqual([]);
});

test('the function is not asked for a table that is refused anyway', async () => {
  const asked: string[] = [];
  await database.query('insert into sessions select i, i from generate_series(101, 140) i');
  const ask: CreateParent = ({ id = '' }) => (asked.push(id), { name: id });
  expect(await guard(ask).apply()).toMatchObject({
    status: 'refused',
    remaining: [{ refusal: { code: 'LIMIT' } }, {}],
  });
  await database.query('update sessions set user_id = 9; delete from users');
  expect(await guard(ask).apply()).toMatchObject({ remaining: [{ refusal: { code: 'EMPTY_PARENT' } }, {}] });
  expect(asked).toEqual([]);
});

test('an INSERT trigger has to be allowed by name, and runs under the search_path of the application', async () => {
  await database.query(`
    create table profiles (user_id int);
    create function profile() returns trigger language plpgsql as $$ begin insert into profiles values (new.id); return new; end $$;
    create trigger profile after insert on users for each row execute function profile()`);
  const option = "triggers: ['public.users.profile']";
  expect(await guard(named).apply()).toMatchObject({
    status: 'refused',
    steps: [],
    remaining: [{ refusal: { code: 'USER_TRIGGER', option } }, { kind: 'missing-foreign-key' }],
  });
  expect(await guard(named, { triggers: ['public.users.profile'] }).apply()).toMatchObject({
    parentsCreated: 2,
  });
  expect(await rowsOf(database, 'profiles')).toEqual(['(8)', '(9)']);
});

test('a trigger that keeps parents away: nothing is made, and it is said', async () => {
  await database.query(`
    create function no_nine() returns trigger language plpgsql as $$ begin if new.id = 9 then return null; end if; return new; end $$;
    create trigger no_nine before insert on users for each row execute function no_nine()`);
  const outcome = await guard(named, { triggers: ['public.users.no_nine'] }).apply();
  expect(outcome.steps[1]).toMatchObject({
    status: 'refused',
    rows: 0,
    error: { code: 'TRIGGER_VETO', message: containing('1 row of public.users was not made as asked for') },
  });
  expect(await made()).toEqual([]);
});

test('all or none: another unique key that is taken undoes the whole step', async () => {
  const outcome = await guard(({ id = '' }) => ({ name: id, email: id === '9' ? '1@x' : `${id}@x` })).apply();
  expect(outcome).toMatchObject({ status: 'partial', parentsCreated: 0 });
  expect(outcome.steps[1]).toMatchObject({ status: 'failed', error: { message: containing('(23505)') } });
  expect(await made()).toEqual([]);
});

test('a key that is too big for the parent’s column is told as a failed step, and the start goes on', async () => {
  await database.query(`
    alter table sessions alter user_id type bigint;
    update sessions set user_id = 9007199254740993 where id = 22`);
  const outcome = await guard(named).apply();
  expect(outcome).toMatchObject({ status: 'partial', parentsCreated: 0, rowsDeleted: 0 });
  expect(outcome.steps[1]).toMatchObject({ status: 'failed', error: { message: containing('(22003)') } });
  expect(await made()).toEqual([]);
});

test('a parent that comes back while its insert waits stays as it is', async () => {
  await database.query(
    'alter table sessions add constraint sessions_user_id_fkey foreign key (user_id) references users on delete cascade on update cascade not valid',
  );
  const application = await connect(database.url);
  await application.query(`begin; insert into users (id, name) values (8, 'myself')`);
  const done = guard(named, { lockTimeout: '10s' }).apply();
  await untilBlockedBy(database, await pidOf(application));
  await application.query('commit');
  await application.end();
  expect(await done).toMatchObject({ status: 'repaired', parentsCreated: 1 });
  expect(await made()).toMatchObject([{ name: 'myself' }, { name: 'user 9' }]);
});

test('children that go meanwhile get no parent', async () => {
  let calls = 0;
  const slow: CreateParent = async (key) => {
    // The fourth call is the last one of the look under the runner's lock: what is planned then is carried out.
    if (++calls === 4) await database.query('delete from sessions where user_id = 8');
    return named(key);
  };
  expect(await guard(slow).apply()).toMatchObject({ status: 'repaired', parentsCreated: 1 });
  expect(await made()).toMatchObject([{ id: 9 }]);
});

test.each([
  ['a small gap', 50],
  ['a large one', 5_000_000],
])('the key’s sequence goes on behind the new keys: %s', async (_, key) => {
  await database.query('update sessions set user_id = $1 where user_id = 9', [key]);
  await guard(named).apply();
  expect(await database.query(`insert into users (name) values ('next') returning id`)).toEqual([
    { id: key + 1 },
  ]);
});

test('a sequence that is further on stays where it is', async () => {
  await database.query(`select setval('users_id_seq', 100)`);
  await guard(named).apply();
  expect(await database.query(`insert into users (name) values ('next') returning id`)).toEqual([
    { id: 101 },
  ]);
});

test('a reviewed plan makes exactly what was shown, from a file too, and no other parents', async () => {
  let calls = 0;
  const counting: CreateParent = ({ id }) => ({ name: `user ${id}, call ${++calls}` });
  const plan = JSON.parse(JSON.stringify(await guard(counting).plan())) as Plan;
  expect(await guard(counting).apply(plan)).toMatchObject({ status: 'repaired', parentsCreated: 2 });
  expect(await made()).toMatchObject([{ name: 'user 8, call 1' }, { name: 'user 9, call 2' }]);

  await database.query(`
    alter table sessions drop constraint sessions_user_id_fkey;
    delete from users where id = 9`);
  const stale = await guard(counting).plan();
  await database.query('insert into sessions values (24, 77)');
  await expect(guard(counting).apply(stale)).rejects.toMatchObject({ code: 'PLAN_STALE' });
});

test('restore says that the parents stay', async () => {
  const { runId = '' } = await guard(named).apply();
  expect(await guard(named).restore(runId)).toEqual({
    runId,
    restored: 0,
    failed: [],
    createdParents: [{ table: 'public.users', rows: 2 }],
  });
  expect(
    await database.query(
      `select rows::int, change #>> '{parents,0,values,name}' as name from fk_guard.step where title like 'Create%'`,
    ),
  ).toEqual([{ rows: 2, name: 'user 8' }]);
});

test('no parent is made where its key is not unique: nobody could tell whether it has come back', async () => {
  await database.query(
    `alter table users drop constraint users_pkey; insert into users (id, email, name) values (2, '2@y', 'twice')`,
  );
  const before = await dump(database);
  const outcome = await guard(named).apply();
  expect(outcome).toMatchObject({ status: 'refused', steps: [] });
  expect(outcome.remaining.find(({ kind }) => kind === 'orphaned-rows')?.refusal).toMatchObject({
    code: 'BLOCKED_BY_FINDING',
    message: containing('no unique key'),
  });
  expect(await dump(database)).toBe(before);
});
