import { createDatabase, type TestDatabase } from '../postgres/database';
import { containing, guardAt, rowsOf, type Key } from '../quarantine/setup';

let database: TestDatabase;
beforeEach(async () => {
  database = await createDatabase('several_keys');
});
afterEach(() => database.drop());

const refusalsOf = async (guard: ReturnType<typeof guardAt>): Promise<unknown> =>
  Object.fromEntries(
    (await guard.check()).findings
      .filter(({ kind }) => kind === 'type-mismatch')
      .map(({ relation, refusal }) => [
        relation,
        refusal ? `${refusal.code}: ${refusal.message}` : 'converted',
      ]),
  );

const typeOf = async (table: string, column: string): Promise<unknown> =>
  (
    await database.query<{ type: string }>(
      'select format_type(atttypid, atttypmod) as type from pg_attribute where attrelid = $1::regclass and attname = $2',
      [table, column],
    )
  )[0]?.type;

describe('a column that is a part of two keys', () => {
  const toA: Key = {
    child: 'public.child(tenant,a)',
    parent: 'public.a(tenant,id)',
    type: ['integer', 'integer'],
  };
  const toB: Key = {
    child: 'public.child(tenant,b)',
    parent: 'public.b(tenant,id)',
    type: ['integer', 'integer'],
  };
  const build = (tenantOfB: string, tenant: string): Promise<unknown> =>
    database.query(`
      create table a (tenant int, id int, primary key (tenant, id));
      create table b (tenant ${tenantOfB}, id int, primary key (tenant, id));
      create table child (id int primary key, tenant text, a int, b int);
      create index on child (tenant, a); create index on child (tenant, b);
      insert into a values (1, 1); insert into b values ('1', 2);
      insert into child values (1, '${tenant}', 1, 2), (2, '1', 1, 2)`);

  test.each([
    ['in place', 10],
    ['by a second column', 1],
  ])('is converted once, %s, and both keys are made', async (_, rewriteRows) => {
    await build('int', '01');
    const outcome = await guardAt(database.url, [toA, toB], { limits: { rewriteRows } }).apply();
    expect(outcome).toMatchObject({ status: 'repaired', rowsQuarantined: 1, remaining: [] });
    expect(outcome.steps.filter(({ status }) => status !== 'done')).toEqual([]);
    expect(
      await database.query(
        "select from pg_constraint where contype = 'f' and convalidated and conrelid = 'child'::regclass",
      ),
    ).toHaveLength(2);
    expect(await rowsOf(database, '(select id, tenant from child)')).toEqual(['(1,1)', '(2,1)']);
  });

  test('is counted with each of them, and converted once all the same', async () => {
    await build('int', '01');
    await database.query(`
      alter table child alter a type text;
      insert into child values (3, '01', 'x', 2)`);
    const guard = guardAt(database.url, [toA, toB], {
      relations: { 'public.child.tenant,a': { disposable: true } },
    });
    const { steps } = await guard.plan();
    const conversions = steps.filter(({ title }) => title.startsWith('Convert public.child (tenant)'));
    expect(conversions).toHaveLength(1);
    const fences = steps.filter(({ title }) => title.startsWith('Fence'));
    expect(fences.map(({ requires }) => requires.includes(conversions[0]?.id ?? ''))).toEqual([true, true]);
    const outcome = await guard.apply();
    expect(outcome).toMatchObject({ status: 'repaired', rowsDeleted: 1, remaining: [] });
    expect(await rowsOf(database, '(select id, tenant, a from child)')).toEqual(['(1,1,1)', '(2,1,1)']);
  });

  test('stays when the other parent has another type', async () => {
    await build('text', '1');
    expect(await refusalsOf(guardAt(database.url, [toA, { ...toB, type: ['text', 'integer'] }]))).toEqual({
      'public.child.tenant,a':
        'MODELS_DISAGREE: public.child.tenant,b points with the same column at public.b (tenant), which is text: the two would no longer fit, and only the author of the models can say which of them has to change',
    });
  });

  test('stays when one of the two has rows that cannot be converted', async () => {
    await build('int', 'one');
    const guard = guardAt(database.url, [toA, toB], {
      relations: { 'public.child.tenant,a': { disposable: true } },
    });
    expect(await refusalsOf(guard)).toMatchObject({
      'public.child.tenant,a':
        'BLOCKED_BY_FINDING: another relation of the same column is left, and its finding says why',
      'public.child.tenant,b': containing('UNCASTABLE_VALUES'),
    });
    expect(await guard.apply()).toMatchObject({ status: 'refused', steps: [] });
    expect(await rowsOf(database, 'child')).toEqual(['(1,one,1,2)', '(2,1,1,2)']);
  });
});

test('a value that is set to null does not take another key along', async () => {
  await database.query(`
    create table a (tenant int, id int, primary key (tenant, id));
    create table child (id int primary key, tenant text, a text);
    insert into a values (1, 1);
    insert into child values (1, '1', 'one')`);
  const toA: Key = {
    child: 'public.child(tenant,a)',
    parent: 'public.a(tenant,id)',
    type: ['integer', 'integer'],
  };
  const guard = (other: Key) =>
    guardAt(database.url, [toA, other], {
      relations: { 'public.child.tenant,a': { disposable: true, orphans: 'nullify' } },
    });
  expect(
    await refusalsOf(
      guard({ child: 'public.child(a,id)', parent: 'public.a(tenant,id)', type: ['integer', 'integer'] }),
    ),
  ).toMatchObject({
    'public.child.tenant,a': containing('SHARED_COLUMN: a of public.child belongs to public.child.a,id too'),
  });
});

describe('a column that is a parent itself', () => {
  const toA: Key = { child: 'public.b(id)', parent: 'public.a(id)', type: 'integer' };
  beforeEach(() =>
    database.query(`
      create table a (id int primary key); create table b (id text primary key); create table c (id int primary key, b text);
      create index on c (b);
      insert into a values (7); insert into b values ('007'); insert into c values (1, '07')`),
  );

  test('takes its own children along, which are no orphans after it', async () => {
    const toB: Key = { child: 'public.c(b)', parent: 'public.b(id)', type: 'integer', onDelete: 'CASCADE' };
    const outcome = await guardAt(database.url, [toA, toB]).apply();
    expect(outcome).toMatchObject({ rowsDeleted: 0, rowsQuarantined: 2, remaining: [] });
    expect([await rowsOf(database, 'b'), await rowsOf(database, 'c')]).toEqual([['(7)'], ['(1,7)']]);
  });

  test('stays when they are declared as what they are', async () => {
    const toB: Key = { child: 'public.c(b)', parent: 'public.b(id)', type: 'text' };
    const guard = guardAt(database.url, [toA, toB]);
    expect(await refusalsOf(guard)).toEqual({
      'public.b.id':
        'MODELS_DISAGREE: public.c.b points at this column, and is text: the two would no longer fit, and only the author of the models can say which of them has to change',
    });
    await guard.apply();
    expect(await typeOf('b', 'id')).toBe('text');
  });
});

test.each([
  ['the whole primary key', 'parent_id text primary key, x int'],
  ['a part of the primary key', 'parent_id text, x int, primary key (parent_id, x)'],
])('a converted value in %s comes back', async (_, columns) => {
  await database.query(`
    create table parent (id int primary key); create table child (${columns});
    insert into parent values (7), (8); insert into child values ('007', 1), ('8', 2)`);
  const guard = guardAt(database.url, [
    { child: 'public.child(parent_id)', parent: 'public.parent(id)', type: 'integer' },
  ]);
  const { runId = '' } = await guard.apply();
  expect(await rowsOf(database, 'child')).toEqual(['(7,1)', '(8,2)']);
  await database.query(
    'alter table child drop constraint child_parent_id_fkey; alter table child alter parent_id type text',
  );
  expect(await guard.restore(runId)).toMatchObject({ restored: 1, failed: [] });
  expect(await rowsOf(database, 'child')).toEqual(['(007,1)', '(8,2)']);
});

test('without a primary key a converted value goes back into its own row, and not into one without a value', async () => {
  await database.query(`
    create table parent (id int primary key); create table child (x int, parent_id text);
    insert into parent values (7); insert into child values (1, null), (1, '007')`);
  const guard = guardAt(database.url, [
    { child: 'public.child(parent_id)', parent: 'public.parent(id)', type: 'integer' },
  ]);
  const { runId = '' } = await guard.apply();
  await database.query(
    'alter table child drop constraint child_parent_id_fkey; alter table child alter parent_id type text',
  );
  expect(await guard.restore(runId)).toMatchObject({ restored: 1, failed: [] });
  expect(await rowsOf(database, 'child')).toEqual(['(1,)', '(1,007)']);
});
