import { ConnectionRefusedError, Sequelize } from 'sequelize';
import { FkGuardError, installFkGuard, type FkGuard, type FkGuardOptions } from 'sequelize-fk-guard';
import { defineModels } from '../../models';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { dump } from '../postgres/dump';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase('gate');
  const sequelize = new Sequelize(database.url, { logging: false });
  defineModels(sequelize);
  await sequelize.sync();
  await sequelize.close();
  await database.query(`
    insert into "Users" (id, name, email, "createdAt", "updatedAt") select i, 'n', i || '@x', now(), now() from generate_series(1, 100) i;
    insert into "Books" (id, title, isbn, "createdAt", "updatedAt") select i, 't', 'isbn-' || i, now(), now() from generate_series(1, 100) i;
    insert into "Checkouts" ("userId", "bookId", "dueAt", "createdAt", "updatedAt") select i, i, now(), now(), now() from generate_series(1, 100) i;
    alter table "Checkouts" drop constraint "Checkouts_userId_fkey";
    delete from "Users" where id <= 5`);
});
afterAll(() => database.drop());

/** Starts BookNexus and collects what the guard logs. */
async function start(
  url: string,
  options: FkGuardOptions = {},
): Promise<{ guard: FkGuard; log: readonly string[]; error: unknown }> {
  const log: string[] = [];
  const write = (message: string): void => void log.push(message);
  const sequelize = new Sequelize(url, { logging: false });
  const guard = installFkGuard(sequelize, {
    logger: { debug: () => undefined, info: () => undefined, warn: write, error: write },
    ...options,
  });
  defineModels(sequelize);
  const error: unknown = await sequelize.sync().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  await sequelize.close();
  return { guard, log, error };
}

test('a role that may not alter: the app starts, the missing rights are named at once, nothing is written', async () => {
  const role = await database.createRole();
  await database.query(`grant select on all tables in schema public to "${role.name}"`);
  const before = await dump(database);
  const { guard, log, error } = await start(role.url);

  expect(error).toBeUndefined();
  expect(guard.lastOutcome?.status).toBe('partial');
  expect(log.filter((line) => line.includes('lacks'))).toEqual([
    `fk-guard: The role ${role.name} lacks: ` +
      'ownership of public.Checkouts; REFERENCES on public.Users; UPDATE (to lock it) on public.Users; ' +
      'UPDATE on public.Fines; ' +
      `CREATE on the database ${database.name} (for the schema fk_guard). ` +
      `Grant this (grant "postgres" to "${role.name}"; grant references on "public"."Users" to "${role.name}"; ` +
      `grant update on "public"."Users" to "${role.name}"; grant update on "public"."Fines" to "${role.name}"; ` +
      `grant create on database "${database.name}" to "${role.name}"), ` +
      'or connect with the role that owns the tables. Nothing was changed.',
  ]);
  expect(await dump(database)).toBe(before);
  expect(await database.query(`select 1 from pg_namespace where nspname = 'fk_guard'`)).toEqual([]);
});

test('mode check writes nothing, and says what it sees', async () => {
  const before = await dump(database);
  const { log, error } = await start(database.url, { mode: 'check' });

  expect(error).toBeUndefined();
  expect(log.filter((line) => line.includes('orphaned-rows'))).toHaveLength(1);
  expect(await dump(database)).toBe(before);
});

test("onFindings: 'throw' makes what remains an error, after the sync", async () => {
  const { error } = await start(database.url, {
    onFindings: 'throw',
    relations: { 'Checkout.userId': { orphans: 'keep' } },
  });
  expect(error).toBeInstanceOf(FkGuardError);
  expect(error).toMatchObject({ code: 'FINDINGS' });
});

test('wrong options are thrown before anything is read: unknown, wrong value, a relation that no model has', async () => {
  const sequelize = new Sequelize(database.url, { logging: false });
  expect(() => installFkGuard(sequelize, { orphan: 'delete' } as FkGuardOptions)).toThrow(
    'Invalid options: "orphan" is not an option; did you mean "orphans"?',
  );
  expect(() => installFkGuard(sequelize, { lockTimeout: '0' })).toThrow(
    'Invalid options: "lockTimeout" must not be 0: PostgreSQL reads 0 as "wait for ever".',
  );
  await sequelize.close();
  const { error } = await start(database.url, { relations: { 'Checkout.user': { orphans: 'keep' } } });
  expect(error).toMatchObject({
    code: 'OPTIONS',
    message:
      'Invalid options: "relations" names "Checkout.user", and no model has such a relation; did you mean "Checkout.userId"?',
  });
});

test("another dialect is refused; a server that is down is sync's own error, and no password is logged", async () => {
  const mysql = Object.assign(Object.create(new Sequelize(database.url)) as Sequelize, {
    getDialect: () => 'mysql',
    dialect: { name: 'mysql' },
  });
  expect(() => installFkGuard(mysql)).toThrow(`uses the dialect "mysql"`);
  const { error, log } = await start('postgres://someone:hidden-password@127.0.0.1:1/nowhere');
  expect(error).toBeInstanceOf(ConnectionRefusedError);
  expect(log.join('\n')).toContain('Cannot connect to 127.0.0.1/nowhere');
  expect(log.join('\n')).not.toContain('hidden-password');
});
