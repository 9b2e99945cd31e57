import { DataTypes, Sequelize } from 'sequelize';
import { assertForeignKeys, FkGuardError, installFkGuard, type FkGuardOptions } from 'sequelize-fk-guard';
import { createDatabase, type TestDatabase } from './postgres/database';
import { dump } from './postgres/dump';
import { matching } from './quarantine/setup';

let database: TestDatabase;
let sequelize: Sequelize;

beforeEach(async () => {
  database = await createDatabase('assert');
  sequelize = new Sequelize(database.url, { logging: false, define: { timestamps: false } });
});
afterEach(async () => {
  await sequelize.close();
  await database.drop();
});

/** Badges as in the seed: given to users, and the key between them is what the assertion is about. */
function defineBadges(): void {
  const user = sequelize.define('User', { name: DataTypes.TEXT }, { tableName: 'users' });
  const badge = sequelize.define('UserBadge', { userId: DataTypes.INTEGER }, { tableName: 'user_badges' });
  badge.belongsTo(user, { foreignKey: 'userId', onDelete: 'CASCADE' });
}

const thrown = async (options?: FkGuardOptions): Promise<unknown> =>
  assertForeignKeys(sequelize, options).then(
    () => undefined,
    (error: unknown) => error,
  );

const WITHOUT_KEY = `
  create table users (id serial primary key, name text);
  create table user_badges (id serial primary key, "userId" integer);
  insert into users values (1, 'Ada');
  insert into user_badges values (1, 1), (2, 7)`;

test('resolves on a database that keeps what the models promise', async () => {
  defineBadges();
  await sequelize.sync();
  await expect(assertForeignKeys(sequelize)).resolves.toBeUndefined();
});

test('throws with every finding of severity error, in its message and as data, and writes nothing', async () => {
  await database.query(WITHOUT_KEY);
  const before = await dump(database);
  defineBadges();
  const error = await thrown();

  expect(error).toBeInstanceOf(FkGuardError);
  expect((error as FkGuardError).code).toBe('FINDINGS');
  expect((error as FkGuardError).message.split('\n')).toEqual([
    `The database ${database.name} does not keep what the models promise:`,
    '  orphaned-rows: 1 row of public.user_badges has no parent in public.users (UserBadge.userId).',
    '    They are copied into the quarantine and then removed or set to null as ON DELETE says, if an author wrote it; otherwise an option decides.',
    '  missing-foreign-key: UserBadge.userId should point at public.users (id), but there is no foreign key.',
    matching(/^ {4}\S/),
  ]);
  expect((error as FkGuardError).findings?.map(({ kind, rows }) => ({ kind, rows }))).toEqual([
    { kind: 'orphaned-rows', rows: 1 },
    { kind: 'missing-foreign-key', rows: undefined },
  ]);
  expect(await dump(database)).toBe(before);
  expect(await database.query(`select 1 from pg_namespace where nspname = 'fk_guard'`)).toEqual([]);
});

test('looks whatever the mode is, and never writes', async () => {
  await database.query(WITHOUT_KEY);
  const before = await dump(database);
  defineBadges();
  for (const mode of ['off', 'check', 'repair']) {
    process.env['FK_GUARD_MODE'] = mode;
    try {
      expect(await thrown()).toMatchObject({ code: 'FINDINGS' });
    } finally {
      delete process.env['FK_GUARD_MODE'];
    }
  }
  expect(await thrown({ mode: 'repair', orphans: 'delete' })).toMatchObject({ code: 'FINDINGS' });
  expect(await dump(database)).toBe(before);
});

test('takes the options of the guard that is installed, unless it is given others', async () => {
  await database.query(`
    create table users (id serial primary key, name text);
    create table user_badges (id serial primary key, "userId" integer references users (id) on update cascade on delete set null)`);
  const guard = installFkGuard(sequelize, {
    relations: { 'UserBadge.userId': { onDelete: 'SET NULL', because: 'badges outlive their users' } },
  });
  defineBadges();
  await expect(assertForeignKeys(sequelize)).resolves.toBeUndefined();
  expect(await thrown({})).toMatchObject({ code: 'FINDINGS', findings: [{ kind: 'wrong-on-delete' }] });
  guard.uninstall();
  expect(await thrown()).toMatchObject({ code: 'FINDINGS', findings: [{ kind: 'wrong-on-delete' }] });
});

test('having looked at nothing is no success', async () => {
  expect(await thrown()).toMatchObject({ code: 'NO_MODELS', message: matching(/^There are no models/) });
  sequelize.define('Lonely', {});
  await sequelize.sync();
  expect(await thrown()).toMatchObject({ code: 'NO_MODELS', message: matching(/^Nothing was examined/) });
  defineBadges();
  await sequelize.sync();
  await expect(assertForeignKeys(sequelize)).resolves.toBeUndefined();
  expect(await thrown({ exclude: ['User*'] })).toMatchObject({ code: 'NO_MODELS' });
});

test('wrong options are named before anything is read', async () => {
  defineBadges();
  expect(await thrown({ relations: { 'UserBadge.userID': { orphans: 'delete' } } })).toMatchObject({
    code: 'OPTIONS',
    message: matching(/did you mean "UserBadge.userId"\?/),
  });
  expect(await thrown({ onFinding: 'log' } as FkGuardOptions)).toMatchObject({ code: 'OPTIONS' });
  await expect(assertForeignKeys({} as Sequelize)).rejects.toMatchObject({ code: 'OPTIONS' });
});
