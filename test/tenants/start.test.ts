import { Sequelize } from 'sequelize';
import { assertForeignKeys, createGuard, installFkGuard, type FkGuardOptions } from 'sequelize-fk-guard';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { silent } from '../quarantine/setup';
import { breakTenant, createShared, createTenant, defineModels } from './setup';

let database: TestDatabase;
let sequelize: Sequelize;
beforeEach(async () => {
  database = await createDatabase('tenants');
  sequelize = new Sequelize(database.url, { logging: false });
});
afterEach(async () => {
  await sequelize.close();
  await database.drop();
});

const warned: string[] = [];
const logger = { ...silent, warn: (message: string) => void warned.push(message) };
beforeEach(() => (warned.length = 0));

/** A guard that is installed before the models. */
function install(options: FkGuardOptions = {}) {
  const guard = installFkGuard(sequelize, { logger, schemas: ['tenant_*'], ...options });
  defineModels(sequelize);
  return guard;
}

const keys = async (): Promise<readonly string[]> =>
  (
    await database.query<{ key: string }>(
      `select conrelid::regclass || ' ' || convalidated as key from pg_constraint where contype = 'f' and connamespace <> coalesce(to_regnamespace('fk_guard')::oid, 0) order by 1`,
    )
  ).map(({ key }) => key);

it('guards a sync as ever, and repairs the tenants after it', async () => {
  await createShared(database);
  for (const schema of ['tenant_a', 'tenant_b']) await createTenant(database, schema);
  await breakTenant(database, 'tenant_b', 2);
  const guard = install();
  await sequelize.sync();
  expect(await keys()).toEqual([
    ...['cities true', 'orders true'],
    ...['tenant_a.orders true', 'tenant_a.users true', 'tenant_b.orders true', 'tenant_b.users true'],
    'users true',
  ]);
  expect(guard.lastOutcome).toMatchObject({ status: 'repaired', rowsDeleted: 2 });
  expect(guard.lastOutcome?.tenants).toHaveLength(2);
  expect(warned.filter((line) => line.includes('2 rows deleted'))).toEqual([
    expect.stringContaining(`restore ${guard.lastOutcome?.tenants?.[1]?.outcome?.runId ?? '?'}`),
  ]);
});

it('starts without any tenant, and says so', async () => {
  install();
  await sequelize.sync();
  expect(await keys()).toEqual(['cities true', 'orders true', 'users true']);
  expect(warned.at(-1)).toContain('"tenant_*", and no schema matches it');
});

it('leaves the tenants alone where one model or one schema is synced', async () => {
  await createShared(database);
  for (const schema of ['tenant_a', 'tenant_b']) await createTenant(database, schema);
  await breakTenant(database, 'tenant_b', 2);
  install();
  await sequelize.models['User']?.schema('tenant_a').sync();
  await sequelize.models['Country']?.sync();
  expect(await database.query('select count(*)::int as n from tenant_b.orders')).toEqual([{ n: 50 }]);
});

it('gives up at the end of the time for a start, and starts', async () => {
  await createShared(database);
  for (const schema of ['tenant_a', 'tenant_b']) await createTenant(database, schema);
  await breakTenant(database, 'tenant_b', 2);
  const guard = install({ startupBudget: '1ms' });
  await sequelize.sync();
  expect(await database.query('select count(*)::int as n from tenant_b.orders')).toEqual([{ n: 50 }]);
  expect(guard.lastOutcome?.status).toBe('partial');
});

describe('while it runs', () => {
  beforeEach(async () => {
    await createShared(database);
    for (const schema of ['tenant_a', 'tenant_b']) await createTenant(database, schema);
    defineModels(sequelize);
  });
  const guardOf = () => createGuard({ sequelize }, { logger, schemas: ['tenant_*'] });

  it('health passes, and one tenant alone does not fail it', async () => {
    const guard = guardOf();
    expect(await guard.health()).toMatchObject({ status: 'pass', findings: [] });
    await database.query('drop table tenant_b.orders');
    expect(await guard.health()).toMatchObject({ status: 'warn' });
    await database.query('drop table tenant_a.orders');
    // Nobody has it now: it is missing in each of them.
    expect(await guard.health()).toMatchObject({ status: 'fail' });
  });

  it('a key of one tenant disproves no orphans of another', async () => {
    const guard = guardOf();
    await breakTenant(database, 'tenant_b', 2);
    await guard.check();
    const { findings } = await guard.health();
    expect(findings.map(({ kind, child, rows }) => [kind, child.schema, rows])).toContainEqual([
      'orphaned-rows',
      'tenant_b',
      2,
    ]);
  });

  it('assertForeignKeys asserts each of them', async () => {
    const options = { schemas: ['tenant_*'] };
    await expect(assertForeignKeys(sequelize, options)).resolves.toBeUndefined();
    await breakTenant(database, 'tenant_b', 2);
    await expect(assertForeignKeys(sequelize, options)).rejects.toMatchObject({
      code: 'FINDINGS',
      message: expect.stringContaining('tenant_b.orders') as string,
    });
  });
});
