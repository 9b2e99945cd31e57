import { randomFrom } from '../generator/random';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { breakTenant, createShared, createTenant, tenantsGuard } from '../tenants/setup';
import { soakSeed, times } from './soak';

const TENANTS = times(500, 100);
const random = randomFrom(soakSeed());

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase('tenants');
  await createShared(database);
});
afterAll(() => database.drop());

/** Of all tenants together, as PostgreSQL has it. */
async function total(expression: string): Promise<number> {
  const [row] = await database.query<{ n: number }>(`
    select coalesce(sum((xpath('//n/text()', query_to_xml(format(
      'select ${expression} as n from %I.orders o', nspname), false, true, '')))[1]::text::int), 0)::int as n
      from pg_namespace where nspname like 'tenant\\_%'`);
  return row?.n ?? -1;
}

it(`repairs some of ${TENANTS} tenants, and loses no row`, async () => {
  const broken = new Map<string, number>();
  for (let i = 0; i < TENANTS; i++) {
    const schema = `tenant_${String(i).padStart(3, '0')}`;
    await createTenant(database, schema);
    if (random.below(4) > 0) continue;
    const orphans = 1 + random.below(9);
    broken.set(schema, orphans);
    await breakTenant(database, schema, orphans);
  }
  const orphans = [...broken.values()].reduce((sum, n) => sum + n, 0);
  const { guard, close } = tenantsGuard(database.url);
  const before = await guard.check();
  expect(before.tenants).toEqual({ total: TENANTS, healthy: TENANTS - broken.size, failed: [] });
  expect(before.summary.orphanRows).toBe(orphans);
  const outcome = await guard.apply();
  expect(outcome).toMatchObject({ status: 'repaired', rowsDeleted: orphans, rowsQuarantined: orphans });
  expect((await guard.verify()).tenants).toEqual({ total: TENANTS, healthy: TENANTS, failed: [] });
  await close();
  expect(await total('count(*)')).toBe(TENANTS * 50 - orphans);
  const [kept] = await database.query('select count(*)::int as n from fk_guard.quarantine');
  expect(kept).toEqual({ n: orphans });
  const [keys] = await database.query(
    `select count(*)::int as n from pg_constraint where contype = 'f' and convalidated and conrelid::regclass::text like 'tenant%orders'`,
  );
  expect(keys).toEqual({ n: TENANTS });
});
