import { Sequelize, DataTypes } from 'sequelize';
import { installFkGuard, type FkGuardOptions } from 'sequelize-fk-guard';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { dump } from '../postgres/dump';
import {
  cascade,
  connect,
  containing,
  guardAt,
  matching,
  pidOf,
  rowsOf,
  silent,
  untilBlockedBy,
} from './setup';

let database: TestDatabase;
beforeEach(async () => {
  database = await createDatabase('reparent');
  await database.query(`
    create table users (id int primary key);
    create table checkouts (id int primary key, user_id int);
    create index on checkouts (user_id);
    insert into users values (1), (2);
    insert into checkouts select i, 1 + i % 2 from generate_series(1, 20) i;
    insert into checkouts values (21, 9), (22, 8)`);
});
afterEach(() => database.drop());

const ID = 'public.checkouts.user_id';
const KEY = cascade('public.checkouts(user_id)', 'public.users(id)');
type Key = NonNullable<NonNullable<FkGuardOptions['relations']>[string]['reparent']>;
const guard = (reparent: Key, options: FkGuardOptions = {}) =>
  guardAt(database.url, [KEY], { relations: { [ID]: { reparent } }, ...options });

const nothingWritten = async (before: string): Promise<void> => {
  expect(await dump(database)).toBe(before);
  expect(await database.query(`select 1 from pg_namespace where nspname = 'fk_guard'`)).toEqual([]);
};

test.each<readonly [string, Key, string]>([
  ['does not exist', 77, 'public.users has no row with id = 77'],
  ['is no value of the type', 'Ada', 'invalid input syntax for type integer: "Ada"'],
  ['is too large for the type', '99999999999', 'value "99999999999" is out of range for type integer'],
  ['has too many values', [1, 2], "has 2 values, and the parent's key has 1 (id)"],
  ['names another column', { user_id: 1 }, "names user_id, and the parent's key is id"],
])('a reparent key that %s is an error before anything is written', async (_, reparent, words) => {
  const before = await dump(database);
  const verbs = guard(reparent);
  for (const verb of [() => verbs.check(), () => verbs.plan(), () => verbs.apply(), () => verbs.run()])
    await expect(verb()).rejects.toMatchObject({ code: 'OPTIONS', message: containing(words) });
  await nothingWritten(before);
});

test('the start-up hook says so as well', async () => {
  const sequelize = new Sequelize(database.url, { logging: false, define: { timestamps: false } });
  installFkGuard(sequelize, { logger: silent, relations: { 'Checkout.user_id': { reparent: 77 } } });
  const user = sequelize.define('User', {}, { tableName: 'users' });
  const checkout = sequelize.define('Checkout', { user_id: DataTypes.INTEGER }, { tableName: 'checkouts' });
  checkout.belongsTo(user, { foreignKey: 'user_id', onDelete: 'CASCADE' });
  const before = await dump(database);
  await expect(sequelize.sync()).rejects.toMatchObject({ code: 'OPTIONS', message: containing('id = 77') });
  await sequelize.close();
  await nothingWritten(before);
});

test('without orphans nobody asks for the parent: a fresh database has none', async () => {
  await database.query('delete from checkouts where id > 20');
  expect(await guard(77).apply()).toMatchObject({ status: 'repaired', rowsReparented: 0 });
});

test('a parent that goes while the clean-up waits for it is noticed under the lock', async () => {
  const application = await connect(database.url);
  await database.query('insert into users values (3)');
  await application.query('begin; delete from users where id = 3');
  const done = guard(3, { lockTimeout: '10s' }).apply();
  await untilBlockedBy(database, await pidOf(application));
  await application.query('commit');
  await application.end();

  expect(await done).toMatchObject({
    status: 'refused',
    rowsReparented: 0,
    steps: [
      { status: 'done' },
      {
        status: 'refused',
        error: {
          code: 'NO_SUCH_PARENT',
          message:
            'public.users has no row 3 any more, which the orphans were to get; the batch was rolled back.',
        },
      },
      { status: 'skipped' },
    ],
  });
  expect((await rowsOf(database, 'checkouts')).slice(-9)).toContain('(21,9)');
  expect(await rowsOf(database, 'fk_guard.quarantine')).toEqual([]);
});

test('rows that change count for the circuit breaker, too many as well as a whole parent', async () => {
  await database.query('insert into checkouts select i, i from generate_series(101, 130) i');
  expect(await guard(1).apply()).toMatchObject({
    status: 'refused',
    steps: [],
    remaining: [
      {
        refusal: {
          code: 'LIMIT',
          message:
            '32 of the 52 rows of public.checkouts would change, more than 10 and more than 20 % of it',
        },
      },
      { kind: 'missing-foreign-key' },
    ],
  });
  expect(await guard(1, { limits: { fraction: 1 } }).apply()).toMatchObject({ rowsReparented: 32 });
});

test('a trigger on UPDATE has to be allowed, and must not give the rows another key or none', async () => {
  await database.query(`
    create function elsewhere() returns trigger language plpgsql as $$ begin new.user_id := null; return new; end $$;
    create trigger elsewhere before update on checkouts for each row execute function elsewhere()`);
  expect(await guard(1).apply()).toMatchObject({
    status: 'refused',
    steps: [],
    remaining: [
      { refusal: { code: 'USER_TRIGGER', option: "triggers: ['public.checkouts.elsewhere']" } },
      { kind: 'missing-foreign-key' },
    ],
  });
  const before = await rowsOf(database, 'checkouts');
  const outcome = await guard(1, { triggers: ['public.checkouts.elsewhere'] }).apply();
  expect(outcome).toMatchObject({ status: 'refused', rowsReparented: 0, rowsQuarantined: 0 });
  expect(outcome.steps[1]).toMatchObject({ status: 'refused', error: { code: 'TRIGGER_VETO' } });
  expect(await rowsOf(database, 'checkouts')).toEqual(before);
});

test('two rows that would get the same unique key: nothing is done, and what to do is said', async () => {
  await database.query('delete from checkouts where id <= 20; create unique index on checkouts (user_id)');
  const outcome = await guard(1).apply();
  expect(outcome.steps[1]).toMatchObject({
    status: 'failed',
    rows: 0,
    error: { message: containing('(23505)'), advice: containing('Two rows would get the same key') },
  });
  expect(await rowsOf(database, 'checkouts')).toEqual(['(21,9)', '(22,8)']);
});

test('restore gives the old key back, but not to a row that somebody has changed since', async () => {
  const { runId = '' } = await guard(1).apply();
  await database.query(
    'alter table checkouts drop constraint checkouts_user_id_fkey; update checkouts set user_id = 2 where id = 22',
  );
  expect(await guard(1).restore(runId)).toEqual({
    runId,
    restored: 1,
    failed: [{ table: 'public.checkouts', row: matching(/^[12]$/), reason: 'it has a new value in user_id' }],
  });
  expect((await rowsOf(database, 'checkouts')).filter((row) => /^\(2[12],/.test(row))).toEqual([
    '(21,9)',
    '(22,2)',
  ]);
});

test('a quarantine that an earlier version made learns what the new key is', async () => {
  await guardAt(database.url, [KEY]).apply();
  await database.query(`
    alter table fk_guard.quarantine drop column given;
    alter table checkouts drop constraint checkouts_user_id_fkey;
    insert into checkouts values (23, 9)`);
  expect(await guard(1).apply()).toMatchObject({ status: 'repaired', rowsReparented: 1, rowsQuarantined: 1 });
  expect(
    await database.query(
      'select given, changed_columns as changed from fk_guard.quarantine order by id desc limit 1',
    ),
  ).toEqual([{ given: { user_id: '1' }, changed: ['user_id'] }]);
});

describe('in a table that refers to itself', () => {
  const SELF = cascade('public.categories(parent_id)', 'public.categories(id)');
  const below = (reparent: number) =>
    guardAt(database.url, [SELF], { relations: { 'public.categories.parent_id': { reparent } } });
  beforeEach(() =>
    database.query(`
      create table categories (id int primary key, parent_id int);
      insert into categories values (1, null), (2, 1), (5, 99), (6, 5), (7, 6)`),
  );

  test.each([5, 7])('orphans do not get a parent that stands below one of them (%i)', async (reparent) => {
    const before = await dump(database);
    await expect(below(reparent).apply()).rejects.toMatchObject({
      code: 'OPTIONS',
      message: containing('the rows would form a circle'),
    });
    await nothingWritten(before);
  });

  test('but any other', async () => {
    expect(await below(2).apply()).toMatchObject({ status: 'repaired', rowsReparented: 1 });
    expect(await rowsOf(database, 'categories')).toEqual(['(1,)', '(2,1)', '(5,2)', '(6,5)', '(7,6)']);
  });
});

test('a column that belongs to another key too is left alone: a tenant is not changed for a missing author', async () => {
  await database.query(`
    create table tenants (id text primary key);
    create table authors (tenant text, no int, primary key (tenant, no));
    create table books (id int primary key, tenant text references tenants, author int);
    create index on books (tenant, author);
    insert into tenants values ('a'), ('b');
    insert into authors values ('a', 1), ('b', 1);
    insert into books values (1, 'a', 1), (2, 'a', 7)`);
  const written = guardAt(
    database.url,
    [cascade('public.books(tenant,author)', 'public.authors(tenant,no)')],
    {
      relations: { 'public.books.tenant,author': { reparent: ['b', 1] } },
    },
  );
  expect(await written.apply()).toMatchObject({
    status: 'refused',
    steps: [],
    remaining: [
      {
        kind: 'orphaned-rows',
        refusal: {
          code: 'SHARED_COLUMN',
          option: '',
          message:
            'tenant of public.books belongs to the key "books_tenant_fkey" too, whose parent would change with it',
        },
      },
      { kind: 'missing-foreign-key' },
      { kind: 'unclaimed-foreign-key' },
    ],
  });
  expect(await rowsOf(database, 'books')).toEqual(['(1,a,1)', '(2,a,7)']);
});
