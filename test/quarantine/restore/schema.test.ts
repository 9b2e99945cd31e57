import { createDatabase, type TestDatabase } from '../../postgres/database';
import { cascade, guardAt, rowsOf } from '../setup';

let database: TestDatabase;

beforeEach(async () => (database = await createDatabase('restore_schema')));
afterEach(() => database.drop());

const KEY = cascade('public.child(parent_id)', 'public.parent(id)');
const LIMITS = { limits: { fraction: 1 } };

const keysNow = async (): Promise<unknown[]> =>
  (
    await database.query(
      `select conname || ': ' || pg_get_constraintdef(oid) as key from pg_constraint
        where contype = 'f' and connamespace = 'public'::regnamespace order by 1`,
    )
  ).map(({ key }) => key);

const TABLES = `
  create table parent (id integer primary key);
  create table child (id integer primary key, parent_id integer, note text);
  create table grandchild (id integer primary key, child_id integer references child on delete cascade);
  insert into parent values (1);
  insert into child values (1, 1, 'good'), (2, 98, 'lost'), (3, 99, null);
  insert into grandchild values (1, 1), (2, 2), (3, 2)`;

const picture = async (): Promise<string[]> => [
  ...(await rowsOf(database, 'parent')),
  ...(await rowsOf(database, 'child')),
  ...(await rowsOf(database, 'grandchild')),
];

test('with the schema the orphans come back, and the keys are as they were', async () => {
  await database.query(TABLES);
  const before = { keys: await keysNow(), rows: await picture() };
  const guard = guardAt(database.url, [KEY], LIMITS);
  const { runId = '' } = await guard.apply();
  expect(await picture()).toEqual(['(1)', '(1,1,good)', '(1,1)']);

  // Without it nothing can come back; the outcome says what stands in the way.
  const kept = await guard.restore(runId);
  expect(kept).toMatchObject({ restored: 0, schema: { undone: false } });
  expect(kept.failed).toHaveLength(4);
  expect(await guard.restore(runId, { schema: true })).toMatchObject({
    restored: 4,
    failed: [],
    schema: { undone: true, open: [] },
  });
  expect({ keys: await keysNow(), rows: await picture() }).toEqual(before);

  // Once more: nothing is changed, and the outcome says that all was back before.
  expect(await guard.restore(runId, { schema: true })).toEqual({
    runId,
    restored: 0,
    failed: [],
    earlier: { rows: 4, at: expect.any(String) as unknown },
  });
  expect({ keys: await keysNow(), rows: await picture() }).toEqual(before);
});

test.each([
  ['a key that the run had only proved', 'on delete cascade not valid'],
  ['a key that the run had swapped', 'not valid'],
])('%s is NOT VALID again', async (_title, how) => {
  await database.query(
    `${TABLES}; alter table child add constraint own foreign key (parent_id) references parent ${how}`,
  );
  const before = { keys: await keysNow(), rows: await picture() };
  const guard = guardAt(database.url, [KEY], { ...LIMITS, orphans: 'delete' });
  const { runId = '', status } = await guard.apply();
  expect(status).toBe('repaired');
  expect(await guard.restore(runId, { schema: true })).toMatchObject({ restored: 4, failed: [] });
  expect({ keys: await keysNow(), rows: await picture() }).toEqual(before);
});

test('converted values come back with their type', async () => {
  await database.query(`
    create table parent (id integer primary key);
    create table child (id integer primary key, parent_id varchar(10) not null default '007');
    insert into parent values (1), (7);
    insert into child values (1, '1'), (2, '007'), (3, '99'), (4, 'x')`);
  const before = await rowsOf(database, 'child');
  const guard = guardAt(database.url, [{ ...KEY, type: 'integer' }], {
    ...LIMITS,
    relations: { 'public.child.parent_id': { disposable: true } },
  });
  const { runId = '', status } = await guard.apply();
  expect(status).toBe('repaired');
  await database.query('insert into child values (5, 7)');
  expect(await guard.restore(runId)).toMatchObject({ restored: 0, schema: { undone: false } });
  expect(await guard.restore(runId, { schema: true })).toMatchObject({ failed: [] });
  expect(await rowsOf(database, 'child')).toEqual([...before, '(5,7)']);
  expect(
    await database.query(
      `select format_type(atttypid, atttypmod) as type, attnotnull as strict, pg_get_expr(adbin, adrelid) as usual
         from pg_attribute join pg_attrdef on adrelid = attrelid and adnum = attnum where attrelid = 'child'::regclass and attname = 'parent_id'`,
    ),
  ).toEqual([{ type: 'character varying(10)', strict: true, usual: `'007'::character varying` }]);
});
