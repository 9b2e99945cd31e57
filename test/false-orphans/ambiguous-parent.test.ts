import { DataTypes, Sequelize } from 'sequelize';
import { createGuard, type FkGuardOptions } from 'sequelize-fk-guard';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { rowsOf, silent } from '../quarantine/setup';
import { naively, notIn } from './naive';

let database: TestDatabase;
let role: { readonly name: string; readonly url: string };
let sequelize: Sequelize | undefined;

/** Users of two tenants, each in a schema of its own; all visits stand together. The sixth is of nobody. */
beforeEach(async () => {
  database = await createDatabase('ambiguous');
  role = await database.createRole('superuser');
  await database.query(`
    create schema one; create schema two;
    create table one.users (id integer primary key); insert into one.users values (1), (2), (3);
    create table two.users (id integer primary key); insert into two.users values (4), (5);
    create table public.visits (id integer primary key, "userId" integer);
    insert into public.visits select i, i from generate_series(1, 6) i;
    alter role "${role.name}" set search_path = one, public`);
});
afterEach(async () => {
  await sequelize?.close();
  await database.drop();
});

function guardWith(schema?: string, options: FkGuardOptions = {}) {
  sequelize = new Sequelize(role.url, { logging: false });
  const id = { type: DataTypes.INTEGER, primaryKey: true };
  const user = sequelize.define(
    'User',
    { id },
    { tableName: 'users', timestamps: false, ...(schema && { schema }) },
  );
  const visit = sequelize.define('Visit', { id }, { tableName: 'visits', timestamps: false });
  user.hasMany(visit, { foreignKey: 'userId', onDelete: 'CASCADE' });
  return createGuard({ sequelize }, { logger: silent, orphans: 'delete', ...options });
}

test('rows that all tenants share are not judged by the users of the one that the search_path names', async () => {
  expect(await naively(role.url, notIn('visits', '"userId"', 'users'))).toBe(3);
  const outcome = await guardWith().apply();
  expect(outcome).toMatchObject({ status: 'refused', rowsDeleted: 0 });
  expect(outcome.remaining.find(({ kind }) => kind === 'orphaned-rows')).toMatchObject({
    refusal: {
      code: 'AMBIGUOUS_PARENT',
      option: `schema: 'one' in the parent's model`,
      message: 'the search_path makes one.users the parent of public.visits, and there is two.users too',
    },
  });
  expect(await rowsOf(database, 'visits')).toHaveLength(6);
});

test('a schema in the model decides, and so does a live key', async () => {
  expect((await guardWith('one').apply()).rowsDeleted).toBe(3);
  await sequelize?.close();
  await database.query(`
    alter table public.visits drop constraint "visits_userId_fkey";
    insert into public.visits values (7, 7);
    alter table public.visits add foreign key ("userId") references one.users on delete cascade not valid`);
  expect((await guardWith().apply()).rowsDeleted).toBe(1);
});

test('tables of one schema are of one another, whatever stands in others', async () => {
  await database.query(
    'create table one.visits (id integer primary key, "userId" integer); insert into one.visits values (1, 1), (2, 9)',
  );
  expect((await guardWith().apply()).rowsDeleted).toBe(1);
  expect(await rowsOf(database, 'public.visits')).toHaveLength(6);
});

test('one table of that name is no question', async () => {
  await database.query('drop table two.users');
  expect((await guardWith().apply()).rowsDeleted).toBe(3);
});
