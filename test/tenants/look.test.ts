import { createDatabase, type TestDatabase } from '../postgres/database';
import type { FkGuardOptions, Report } from 'sequelize-fk-guard';
import { cascade, guardAt } from '../quarantine/setup';
import { breakTenant, createShared, createTenant, tenantsGuard } from './setup';

const ORDERS = cascade('orders(userId)', 'users(id)');

let database: TestDatabase;
beforeEach(async () => {
  database = await createDatabase('tenants');
  await createShared(database);
  for (const schema of ['tenant_a', 'tenant_b', 'tenant_c']) await createTenant(database, schema);
});
afterEach(() => database.drop());

async function check(options?: FkGuardOptions, url = database.url): Promise<Report> {
  const { guard, close } = tenantsGuard(url, options);
  return guard.check().finally(close);
}

const found = ({ findings }: Report): readonly string[] => findings.map(({ id }) => id);

it('calls healthy tenants healthy, and looks once at what they share', async () => {
  const report = await check();
  expect(report.findings).toEqual([]);
  expect(report.tenants).toEqual({ total: 3, healthy: 3, failed: [] });
  expect(report.relations.map(({ id, child, parent }) => [id, child.schema, parent.schema])).toEqual([
    ['City.countryId', 'public', 'public'],
    ...['tenant_a', 'tenant_b', 'tenant_c'].flatMap((schema) => [
      ['User.countryId', schema, 'public'],
      ['Order.userId', schema, schema],
    ]),
  ]);
  expect(report.summary).toMatchObject({ tables: 8, relations: 7, healthy: 7 });
  expect(report.notMeasured.map(({ relation, schema }) => [relation, schema])).toContainEqual([
    'Order.userId',
    'tenant_b',
  ]);
});

it('tells whose rows have lost their parents', async () => {
  await breakTenant(database, 'tenant_b', 3);
  await database.query('alter table cities drop constraint "cities_countryId_fkey"');
  const report = await check();
  expect(found(report)).toEqual([
    'missing-foreign-key:public.cities(countryId)->public.countries(id)',
    'orphaned-rows:tenant_b.orders(userId)->tenant_b.users(id)',
    'missing-foreign-key:tenant_b.orders(userId)->tenant_b.users(id)',
  ]);
  expect(report.tenants).toEqual({ total: 3, healthy: 2, failed: [] });
  expect(report.summary).toMatchObject({ orphanRows: 3 });
});

it('never judges a tenant by a table beside the tenants', async () => {
  // A template, as migrations leave it: none of the tenant's orders has its user there.
  await database.query('create table public.users (id int primary key, "countryId" int)');
  await database.query('drop table tenant_b.users cascade');
  const report = await check();
  expect(found(report)).toEqual(expect.arrayContaining(['missing-table:tenant_b.users()']));
  expect(report.summary.orphanRows).toBe(0);
  expect(report.tenants).toMatchObject({ total: 3, healthy: 2 });
});

it('judges no shared rows by one of several tables of their parents', async () => {
  // A template, and a table of all tenants whose rows may mean the users of any of them.
  await database.query(`create table public.users (id int primary key, "countryId" int);
    insert into public.users values (1);
    create table public.audits (id int primary key, "userId" int);
    insert into public.audits select g, g from generate_series(1, 5) g`);
  const keys = [{ child: 'audits(userId)', parent: 'users(id)', onDelete: 'CASCADE' as const }, ORDERS];
  const guard = guardAt(database.url, keys, { schemas: ['tenant_*'], limits: { rows: 100, fraction: 1 } });
  const { findings } = await guard.check();
  expect(findings.map(({ kind, refusal }) => [kind, refusal?.code])).toContainEqual([
    'orphaned-rows',
    'AMBIGUOUS_PARENT',
  ]);
  await guard.apply();
  expect(await database.query('select count(*)::int as n from public.audits')).toEqual([{ n: 5 }]);
});

it.each([1, 3])('says the same with %i at once', async (concurrency) => {
  await breakTenant(database, 'tenant_a', 2);
  await breakTenant(database, 'tenant_c', 4);
  const { relations, findings, summary, tenants } = await check({ concurrency });
  expect(findings.map(({ id, rows }) => [id, rows])).toEqual([
    ['orphaned-rows:tenant_a.orders(userId)->tenant_a.users(id)', 2],
    ['missing-foreign-key:tenant_a.orders(userId)->tenant_a.users(id)', undefined],
    ['orphaned-rows:tenant_c.orders(userId)->tenant_c.users(id)', 4],
    ['missing-foreign-key:tenant_c.orders(userId)->tenant_c.users(id)', undefined],
  ]);
  expect([relations.length, summary.orphanRows, tenants?.healthy]).toEqual([7, 6, 1]);
});

it('goes on where one tenant may not be read', async () => {
  await breakTenant(database, 'tenant_b', 3);
  await breakTenant(database, 'tenant_c', 2);
  const role = await database.createRole();
  await database.query(
    ['public', 'tenant_a', 'tenant_c']
      .map(
        (schema) =>
          `grant usage on schema ${schema} to "${role.name}"; grant select on all tables in schema ${schema} to "${role.name}"`,
      )
      .join(';'),
  );
  const report = await check({}, role.url);
  expect(report.summary.orphanRows).toBe(2);
  expect(report.notMeasured).toContainEqual({
    relation: 'Order.userId',
    schema: 'tenant_b',
    reason: 'unreadable',
  });
});

it.each(['tenant_\'"; drop schema tenant_a; --', 'tenant_Ünï.x', `tenant_${'x'.repeat(56)}`, 'tenant_\\'])(
  'a tenant may be called %s',
  async (name) => {
    await createTenant(database, name);
    await breakTenant(database, name, 2);
    const report = await check();
    expect(report.tenants).toEqual({ total: 4, healthy: 3, failed: [] });
    expect(report.findings.map(({ child, kind, rows }) => [child.schema, kind, rows])).toEqual([
      [name, 'orphaned-rows', 2],
      [name, 'missing-foreign-key', undefined],
    ]);
  },
);

it.each([
  [['tenant*', 'kunde_*'], '"kunde_*", and no schema matches it'],
  [['tenantx_a'], 'did you mean "tenant_a"?'],
  [['empty'], '"schemas" matches "empty", and no model has its table there'],
  [['fk_guard', 'pg_*'], '"pg_*", and no schema matches it'],
])('says what is wrong with %p', async (schemas, words) => {
  await database.query(
    `create schema empty; create schema fk_guard; create table users (); create table orders ()`,
  );
  await expect(check({ schemas })).rejects.toMatchObject({
    code: 'OPTIONS',
    message: expect.stringContaining(words) as string,
  });
});
