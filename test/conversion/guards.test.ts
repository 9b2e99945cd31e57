import { DataTypes, Sequelize } from 'sequelize';
import { installFkGuard, type FkGuardOptions } from 'sequelize-fk-guard';
import { createDatabase, type TestDatabase } from '../postgres/database';
import {
  connect,
  containing,
  copies,
  guardAt,
  pidOf,
  rowsOf,
  silent,
  untilBlockedBy,
} from '../quarantine/setup';

let database: TestDatabase;
beforeEach(async () => {
  database = await createDatabase('conversion_guards');
});
afterEach(() => database.drop());

const KEY = { child: 'public.child(parent_id)', parent: 'public.parent(id)', type: 'integer' } as const;
const DISPOSABLE = { relations: { 'public.child.parent_id': { disposable: true } } } as const;

const schema = (type: string, value: string, rows: number): string => `
  create table parent (id integer primary key);
  create table child (id integer primary key, parent_id ${type});
  create index on child (parent_id);
  insert into parent select i from generate_series(1, 100) i;
  insert into child select i, ${value} from generate_series(1, ${rows}) i`;

test.each(['parent', 'child'])(
  'row security on %s: the rows are not looked at, and nothing is converted',
  async (table) => {
    const role = await database.createRole();
    await database.query(`${schema('uuid', 'md5(i::text)::uuid', 3)};
    grant create on database "${database.name}" to "${role.name}"; grant all on schema public to "${role.name}";
    alter table child owner to "${role.name}"; grant all on parent to "${role.name}";
    create policy own on ${table} using (id > 1);
    alter table ${table} enable row level security; alter table ${table} force row level security`);
    const outcome = await guardAt(role.url, [KEY], DISPOSABLE).apply();
    expect(outcome).toMatchObject({ status: 'refused', steps: [] });
    expect(outcome.remaining.find(({ kind }) => kind === 'type-mismatch')?.refusal).toMatchObject({
      code: 'NOT_MEASURED',
      message: 'the rows of public.child could not all be looked at',
    });
    expect(await rowsOf(database, 'child')).toHaveLength(3);
  },
);

test('a role that owns nothing is told so before anything is written', async () => {
  const role = await database.createRole();
  await database.query(`${schema('text', 'i', 3)};
    grant create on database "${database.name}" to "${role.name}"; grant all on parent, child to "${role.name}"`);
  await expect(guardAt(role.url, [KEY]).apply()).rejects.toMatchObject({
    code: 'PRIVILEGE',
    message: containing('ownership of public.child'),
  });
  expect(await database.query(`select to_regnamespace('fk_guard') as schema`)).toEqual([{ schema: null }]);
});

test('rows below the uncastable ones go with them, and come back with them', async () => {
  await database.query(`${schema('uuid', 'md5(i::text)::uuid', 2)};
    create table low (id integer primary key, child_id integer references child on delete cascade);
    create index on low (child_id);
    insert into low values (1, 1), (2, 2), (3, 2)`);
  const guard = guardAt(database.url, [KEY], DISPOSABLE);
  const before = await rowsOf(database, 'child');
  const outcome = await guard.apply();
  expect(outcome).toMatchObject({ status: 'repaired', rowsDeleted: 2, rowsQuarantined: 5, remaining: [] });
  expect(await copies(database)).toEqual(['child delete 2', 'low delete 3']);
  await database.query(`
    alter table child drop constraint child_parent_id_fkey; alter table child alter parent_id type uuid using null`);
  expect(await guard.restore(outcome.runId ?? '')).toMatchObject({ restored: 5, failed: [] });
  expect(await rowsOf(database, 'child')).toEqual(before);
  expect(await rowsOf(database, 'low')).toEqual(['(1,1)', '(2,2)', '(3,2)']);
});

test('copies of converted values do not use up what a clean-up may take', async () => {
  await database.query(`${schema('text', "'00' || i", 60)}; insert into child values (99, '999')`);
  const outcome = await guardAt(database.url, [{ ...KEY, onDelete: 'CASCADE' }], {
    limits: { rows: 1 },
  }).apply();
  expect(outcome).toMatchObject({ status: 'repaired', rowsDeleted: 1, rowsQuarantined: 61, remaining: [] });
});

test('a run that is killed while it fills the second column goes on where it was', async () => {
  await database.query(schema('text not null', '(1 + i % 100)::text', 500));
  const client = await connect(database.url);
  const options: FkGuardOptions = { limits: { rewriteRows: 10 }, batchSize: 7, lockTimeout: '20s' };
  await client.query('begin');
  const guard = guardAt(database.url, [KEY], options);
  const filling = new Promise<void>((resolve) => guard.on('batch', () => resolve()));
  const ended = guard.apply().catch((error: unknown) => error);
  await filling;
  await client.query('select from child where id = 490 for update');
  await untilBlockedBy(database, await pidOf(client));
  await database.query(`
    select pg_terminate_backend(pid) from pg_locks
     where locktype = 'advisory' and classid = 6712167 and granted and database = (select oid from pg_database where datname = current_database())`);
  await client.query('rollback');
  await client.end();
  expect(await ended).toMatchObject({ name: 'FkGuardError', code: 'CONNECTION' });
  const half = `select count(parent_id_fk_guard) between 7 and 489 as ok from child`;
  expect(await database.query(half)).toEqual([{ ok: true }]);
  expect(await guardAt(database.url, [KEY], options).apply()).toMatchObject({
    status: 'repaired',
    remaining: [],
  });
  expect(await database.query('select from child where parent_id <> 1 + id % 100')).toEqual([]);
  expect(await rowsOf(database, 'child')).toHaveLength(500);
});

test('installed in an application: the type is right before sync comes to it', async () => {
  await database.query(`
    create table users (id serial primary key);
    create table sessions (sid text primary key, "userId" uuid);
    create index on sessions ("userId");
    insert into users default values;
    insert into sessions values ('s1', '6a1f7b0c-0000-4000-8000-000000000001')`);
  const sequelize = new Sequelize(database.url, { logging: false, define: { timestamps: false } });
  const guard = installFkGuard(sequelize, {
    relations: { 'Session.userId': { disposable: true } },
    logger: silent,
  });
  const user = sequelize.define('User', {}, { tableName: 'users' });
  const session = sequelize.define(
    'Session',
    { sid: { type: DataTypes.TEXT, primaryKey: true } },
    { tableName: 'sessions' },
  );
  session.belongsTo(user, { foreignKey: 'userId', onDelete: 'SET NULL' });
  await sequelize.sync({ alter: true });
  expect(guard.lastOutcome).toMatchObject({
    status: 'repaired',
    rowsDeleted: 1,
    rowsQuarantined: 1,
    remaining: [],
  });
  expect(
    await database.query(
      `select pg_get_constraintdef(oid) as key, convalidated as valid from pg_constraint where contype = 'f' and conrelid = 'sessions'::regclass`,
    ),
  ).toEqual([
    { key: 'FOREIGN KEY ("userId") REFERENCES users(id) ON UPDATE CASCADE ON DELETE SET NULL', valid: true },
  ]);
  expect(await copies(database)).toEqual(['sessions delete 1']);
  await sequelize.sync({ alter: true });
  expect(guard.lastOutcome).toMatchObject({ status: 'clean' });
  await sequelize.close();
});
