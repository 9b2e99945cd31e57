import type { FkGuardOptions, Outcome, Plan } from 'sequelize-fk-guard';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { breakTenant, createShared, createTenant, tenantsGuard } from './setup';

const TENANTS = ['tenant_a', 'tenant_b', 'tenant_c'];

let database: TestDatabase;
beforeEach(async () => {
  database = await createDatabase('tenants');
  await createShared(database);
  for (const schema of TENANTS) await createTenant(database, schema);
});
afterEach(() => database.drop());

async function withGuard<T>(
  work: (guard: ReturnType<typeof tenantsGuard>['guard']) => Promise<T>,
  options: FkGuardOptions = {},
  url = database.url,
): Promise<T> {
  const { guard, close } = tenantsGuard(url, options);
  return work(guard).finally(close);
}

const plan = (): Promise<Plan> => withGuard((guard) => guard.plan());
const apply = (saved?: Plan, options?: FkGuardOptions, url?: string): Promise<Outcome> =>
  withGuard((guard) => guard.apply(saved), options, url);

/** Per tenant: its orders, and whether the key of its orders is there and valid. */
async function state(): Promise<Record<string, readonly [orders: number, valid: boolean]>> {
  const found: Record<string, readonly [number, boolean]> = {};
  for (const schema of TENANTS) {
    const [row] = await database.query<{ orders: number; valid: boolean }>(
      `select (select count(*)::int from ${schema}.orders) as orders,
              exists (select from pg_constraint where conrelid = '${schema}.orders'::regclass and contype = 'f' and convalidated) as valid`,
    );
    found[schema] = [row?.orders ?? -1, row?.valid ?? false];
  }
  return found;
}

const copies = async (): Promise<readonly unknown[]> =>
  database.query(
    'select table_schema || \'.\' || table_name as "table", count(*)::int as n from fk_guard.quarantine group by 1 order by 1',
  );

const statuses = ({ tenants = [] }: Outcome) =>
  tenants.map(({ schema, outcome, error }) => [schema, outcome?.status ?? error?.code]);

it('repairs each tenant by a run of its own, with the totals of all', async () => {
  await breakTenant(database, 'tenant_a', 2);
  await breakTenant(database, 'tenant_c', 3);
  const outcome = await apply();
  expect(outcome).toMatchObject({ status: 'repaired', rowsDeleted: 5, rowsQuarantined: 5, remaining: [] });
  expect(statuses(outcome)).toEqual([
    ['tenant_a', 'repaired'],
    ['tenant_b', 'clean'],
    ['tenant_c', 'repaired'],
  ]);
  expect(outcome.runId).toBeUndefined();
  expect(new Set(outcome.tenants?.map((tenant) => tenant.outcome?.runId)).size).toBe(3);
  expect(await state()).toEqual({ tenant_a: [48, true], tenant_b: [50, true], tenant_c: [47, true] });
  expect(await copies()).toEqual([
    { table: 'tenant_a.orders', n: 2 },
    { table: 'tenant_c.orders', n: 3 },
  ]);
  const again = await apply();
  expect(again).toMatchObject({ status: 'clean', steps: [] });
});

it('brings one run of one tenant back', async () => {
  await breakTenant(database, 'tenant_a', 2);
  await breakTenant(database, 'tenant_c', 3);
  const outcome = await apply();
  const runId = outcome.tenants?.[2]?.outcome?.runId ?? '';
  await database.query('alter table tenant_c.orders drop constraint "orders_userId_fkey"');
  await withGuard((guard) => guard.restore(runId));
  expect((await state())['tenant_c']).toEqual([50, false]);
  expect((await state())['tenant_a']).toEqual([48, true]);
});

it('carries out a saved plan, and refuses the stale tenant alone', async () => {
  await breakTenant(database, 'tenant_a', 2);
  await breakTenant(database, 'tenant_b', 1);
  const saved = JSON.parse(JSON.stringify(await plan())) as Plan;
  expect(saved.steps.map(({ id }) => id.split('/')[0])).toEqual([
    ...['tenant_a', 'tenant_a', 'tenant_a'],
    ...['tenant_b', 'tenant_b', 'tenant_b'],
  ]);
  await database.query('delete from tenant_a.users where id = 9');
  await breakTenant(database, 'tenant_c', 4);
  const outcome = await apply(saved);
  expect(outcome).toMatchObject({ status: 'refused', rowsDeleted: 1 });
  expect(statuses(outcome)).toEqual([
    ['tenant_a', 'PLAN_STALE'],
    ['tenant_b', 'repaired'],
    ['tenant_c', 'PLAN_STALE'],
  ]);
  expect(await state()).toEqual({ tenant_a: [50, false], tenant_b: [49, true], tenant_c: [50, false] });
});

it('leaves a tenant alone that came after the plan, and says which one has gone', async () => {
  await breakTenant(database, 'tenant_a', 2);
  await breakTenant(database, 'tenant_b', 1);
  const saved = await plan();
  await database.query('drop schema tenant_a cascade');
  await createTenant(database, 'tenant_d');
  await breakTenant(database, 'tenant_d', 1);
  const outcome = await apply(saved);
  expect(
    outcome.tenants?.map(({ schema, outcome: own, error }) => [schema, own?.steps.length, error?.code]),
  ).toEqual([
    ['tenant_b', 3, undefined],
    ['tenant_c', 0, undefined],
    ['tenant_d', 0, undefined],
    ['tenant_a', undefined, 'PLAN_STALE'],
  ]);
  expect(await database.query('select count(*)::int as n from tenant_d.orders')).toEqual([{ n: 50 }]);
});

it('refuses a plan of which one tenant was edited, as a whole', async () => {
  await breakTenant(database, 'tenant_a', 2);
  const saved = JSON.parse(JSON.stringify(await plan())) as {
    tenants: { plan: { steps: { rows: number }[] } }[];
  };
  const [step] = saved.tenants[0]?.plan.steps ?? [];
  if (step) step.rows += 1;
  await expect(apply(saved as unknown as Plan)).rejects.toMatchObject({ code: 'PLAN_INVALID' });
});

it('goes on where one tenant cannot be repaired', async () => {
  for (const schema of TENANTS) await breakTenant(database, schema, 2);
  const role = await database.createRole();
  await database.query(`grant create on database "${database.name}" to "${role.name}"`);
  for (const schema of ['public', ...TENANTS]) {
    await database.query(`grant usage, create on schema ${schema} to "${role.name}";
      grant select on all tables in schema ${schema} to "${role.name}"`);
    for (const table of schema === 'public' ? ['countries', 'cities'] : ['users', 'orders'])
      if (schema !== 'tenant_b')
        await database.query(`alter table ${schema}.${table} owner to "${role.name}"`);
  }
  const outcome = await apply(undefined, {}, role.url);
  expect(outcome.status).toBe('refused');
  expect(statuses(outcome)[0]).toEqual(['tenant_a', 'repaired']);
  expect(statuses(outcome)[2]).toEqual(['tenant_c', 'repaired']);
  expect(await state()).toEqual({ tenant_a: [48, true], tenant_b: [50, false], tenant_c: [48, true] });
});

it('keeps what a clean-up of shared rows takes along in the tenants', async () => {
  await database.query(`alter table cities drop constraint "cities_countryId_fkey";
    create table tenant_b.visits (id int primary key, city int references public.cities on delete cascade);
    create index on tenant_b.visits (city);
    insert into tenant_b.visits select g, g from generate_series(1, 5) g;
    update cities set "countryId" = 99 where id = 5`);
  const outcome = await apply();
  expect(outcome).toMatchObject({ status: 'repaired', rowsDeleted: 1, rowsQuarantined: 2 });
  expect(await copies()).toEqual([
    { table: 'public.cities', n: 1 },
    { table: 'tenant_b.visits', n: 1 },
  ]);
});

it('keeps what a clean-up of one tenant takes along in another schema', async () => {
  await breakTenant(database, 'tenant_a', 2);
  await database.query(`create table tenant_c.notes (id int primary key, "order" int references tenant_a.orders on delete cascade);
    create index on tenant_c.notes ("order");
    insert into tenant_c.notes select g, g from generate_series(1, 5) g;
    create table public.logs (id int primary key, note int references tenant_c.notes on delete cascade);
    create index on public.logs (note);
    insert into public.logs select g, g from generate_series(1, 5) g;`);
  expect(await apply()).toMatchObject({ status: 'repaired', rowsDeleted: 2, rowsQuarantined: 6 });
  expect(await copies()).toEqual([
    { table: 'public.logs', n: 2 },
    { table: 'tenant_a.orders', n: 2 },
    { table: 'tenant_c.notes', n: 2 },
  ]);
});

it('refuses in the plan already what a clean-up would set off in another schema', async () => {
  await breakTenant(database, 'tenant_a', 2);
  await database.query(`create table tenant_c.notes (id int primary key, "order" int references tenant_a.orders on delete cascade);
    create index on tenant_c.notes ("order");
    insert into tenant_c.notes select g, g from generate_series(1, 5) g;
    create function tenant_c.nothing() returns trigger language plpgsql as 'begin return old; end';
    create trigger nothing after delete on tenant_c.notes for each row execute function tenant_c.nothing()`);
  const { refusals, steps } = await plan();
  expect(refusals.map(({ code }) => code)).toContain('USER_TRIGGER');
  expect(steps.map(({ change }) => change.op)).not.toContain('clean-orphans');
});

it('takes no more rows in one run than it may, over all tenants', async () => {
  for (const schema of TENANTS) await breakTenant(database, schema, 2);
  const outcome = await apply(undefined, { maxRunRows: 4 });
  expect(outcome).toMatchObject({ status: 'partial', rowsDeleted: 4 });
  expect(statuses(outcome)).toEqual([
    ['tenant_a', 'repaired'],
    // Its rows were the last: its key is validated by the next run.
    ['tenant_b', 'partial'],
    ['tenant_c', 'CAPPED'],
  ]);
  expect(await apply(undefined, { maxRunRows: 4 })).toMatchObject({ status: 'repaired', rowsDeleted: 2 });
});

it('run() repairs, and in check mode only looks', async () => {
  await breakTenant(database, 'tenant_b', 1);
  const looked = await withGuard((guard) => guard.run(), { mode: 'check' });
  expect(looked.tenants).toHaveLength(3);
  expect((await state())['tenant_b']).toEqual([50, false]);
  expect(await withGuard((guard) => guard.run())).toMatchObject({ status: 'repaired', rowsDeleted: 1 });
  expect((await state())['tenant_b']).toEqual([49, true]);
});
