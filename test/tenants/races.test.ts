import { createDatabase, type TestDatabase } from '../postgres/database';
import { connect, pidOf, until, untilBlockedBy } from '../quarantine/setup';
import { breakTenant, createShared, createTenant, tenantsGuard } from './setup';

let database: TestDatabase;
beforeEach(async () => {
  database = await createDatabase('tenants');
  await createShared(database);
  for (const schema of ['tenant_a', 'tenant_b', 'tenant_c']) await createTenant(database, schema);
});
afterEach(() => database.drop());

it.each([
  ['schema', 'drop schema tenant_b cascade', 2, []],
  // Its orders are looked at anew, and their users are missing now.
  ['table', 'drop table tenant_b.users cascade', 3, ['missing-table']],
])('a %s that is dropped during the look does not break the others', async (_, statement, total, kinds) => {
  await breakTenant(database, 'tenant_a', 2);
  await breakTenant(database, 'tenant_b', 2);
  const holder = await connect(database.url);
  await holder.query('begin; lock table tenant_a.orders in access exclusive mode');
  const { guard, close } = tenantsGuard(database.url, { concurrency: 1 });
  // The catalog of all three has been read by now.
  const looking = guard.check();
  await untilBlockedBy(database, await pidOf(holder));
  await database.query(`${statement}; select`);
  await createTenant(database, 'tenant_d');
  await holder.end();
  const report = await looking.finally(close);
  expect(report.tenants).toMatchObject({ total, failed: [] });
  expect(report.summary.orphanRows).toBe(2);
  expect(report.findings.filter(({ child }) => child.schema === 'tenant_b').map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(kinds),
  );
});

it('tells of a tenant that cannot be looked at, and of the others what they are like', async () => {
  await breakTenant(database, 'tenant_b', 2);
  await breakTenant(database, 'tenant_c', 3);
  const holder = await connect(database.url);
  await holder.query('begin; lock table tenant_b.orders in access exclusive mode');
  const pid = await pidOf(holder);
  const { guard, close } = tenantsGuard(database.url, { concurrency: 1, statementTimeout: '1500ms' });
  const report = await guard.check().finally(close);
  await holder.end();
  expect(report.tenants?.failed).toEqual([
    { schema: 'tenant_b', error: expect.objectContaining({ code: 'SQL' }) as unknown },
  ]);
  expect(report.tenants).toMatchObject({ total: 3, healthy: 1 });
  expect(report.summary.orphanRows).toBe(3);
  expect(pid).toBeGreaterThan(0);
});

it('has no more sessions than it may, and leaves none', async () => {
  for (const schema of ['tenant_a', 'tenant_b', 'tenant_c']) await breakTenant(database, schema, 1);
  const holder = await connect(database.url);
  await holder.query(
    'begin; lock table tenant_a.orders, tenant_b.orders, tenant_c.orders in access exclusive mode',
  );
  const { guard, close } = tenantsGuard(database.url, { concurrency: 2 });
  const looking = guard.check();
  const blocked = 'select count(*) = $2 as ok from pg_stat_activity where $1 = any (pg_blocking_pids(pid))';
  await until(database, blocked, [await pidOf(holder), 2]);
  const others = await database.query(`select from pg_stat_activity where datname = current_database()
      and backend_type = 'client backend' and application_name not in ('judge', 'application')`);
  expect(others).toHaveLength(2);
  await holder.end();
  expect((await looking.finally(close)).summary.orphanRows).toBe(3);
});
