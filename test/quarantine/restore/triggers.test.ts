import { createDatabase, type TestDatabase } from '../../postgres/database';
import { cascade, guardAt, rowsOf, type Key } from '../setup';

let database: TestDatabase;

beforeEach(async () => {
  database = await createDatabase('restore_triggers');
  await database.query(`
    create table parent (id integer primary key);
    create table child (id integer primary key, parent_id integer, note text);
    insert into parent values (1);
    insert into child values (1, 1, 'kept'), (2, 99, 'two'), (3, 98, 'three');
    create function act() returns trigger language plpgsql as $$ begin return null; end $$`);
});
afterEach(() => database.drop());

const CASCADE = cascade('public.child(parent_id)', 'public.parent(id)');
const NULLED: Key = { ...CASCADE, onDelete: 'SET NULL' };

/** Cleans up, gives the rows their parents, and puts one trigger on the table. */
async function cleaned(key: Key, body: string, when: string): Promise<string> {
  const { runId } = await guardAt(database.url, [key]).apply();
  await database.query(`
    insert into parent values (98), (99);
    create or replace function act() returns trigger language plpgsql as $$ begin ${body} end $$;
    create trigger acting ${when} on child for each row execute function act()`);
  return runId ?? '';
}

const open = async (): Promise<unknown> =>
  (
    await database.query('select count(*)::int as rows from fk_guard.quarantine where restored_at is null')
  )[0]?.['rows'];

const row = (reason: string) => ({ table: 'public.child', row: expect.any(String) as unknown, reason });

test('a row that a trigger keeps out is not restored, and its copy stays open', async () => {
  const runId = await cleaned(
    CASCADE,
    'if new.id = 2 then return null; end if; return new;',
    'before insert',
  );
  const reason = 'a trigger or rule keeps it out';
  expect(await guardAt(database.url, [CASCADE]).restore(runId)).toEqual({
    runId,
    restored: 1,
    failed: [row(reason)],
  });
  expect(await rowsOf(database, 'child')).toEqual(['(1,1,kept)', '(3,98,three)']);
  expect(await open()).toBe(1);
  await database.query('drop trigger acting on child');
  expect(await guardAt(database.url, [CASCADE]).restore(runId)).toMatchObject({
    restored: 1,
    failed: [],
    earlier: { rows: 1 },
  });
  expect(await rowsOf(database, 'child')).toEqual(['(1,1,kept)', '(2,99,two)', '(3,98,three)']);
});

test('a row that a trigger writes otherwise does not come back as another one', async () => {
  const runId = await cleaned(CASCADE, `new.note := new.note || '!'; return new;`, 'before insert or update');
  const reason = 'a trigger gives it another value in note';
  expect(await guardAt(database.url, [CASCADE]).restore(runId)).toEqual({
    runId,
    restored: 0,
    failed: [row(reason), row(reason)],
  });
  expect(await rowsOf(database, 'child')).toEqual(['(1,1,kept)']);
  expect(await open()).toBe(2);
});

test('the columns that were changed come back, or not at all; what a trigger does to others is its business', async () => {
  const body = `if new.id = 2 then new.parent_id := 1; end if; new.note := 'touched'; return new;`;
  const runId = await cleaned(NULLED, body, 'before update');
  expect(await guardAt(database.url, [NULLED]).restore(runId)).toEqual({
    runId,
    restored: 1,
    failed: [row('a trigger gives it another value in parent_id')],
  });
  expect(await rowsOf(database, 'child')).toEqual(['(1,1,kept)', '(2,,two)', '(3,98,touched)']);
});

test('a column of another type is no other value', async () => {
  const { runId = '' } = await guardAt(database.url, [CASCADE]).apply();
  await database.query(
    `insert into parent values (98), (99); alter table child alter id type numeric(10, 2)`,
  );
  expect(await guardAt(database.url, [CASCADE]).restore(runId)).toEqual({ runId, restored: 2, failed: [] });
  expect(await rowsOf(database, 'child')).toEqual(['(1.00,1,kept)', '(2.00,99,two)', '(3.00,98,three)']);
});

test('check mode restores nothing, and tells what would come back', async () => {
  const { runId = '' } = await guardAt(database.url, [CASCADE]).apply();
  await database.query('insert into parent values (98), (99)');
  const guard = guardAt(database.url, [CASCADE], { mode: 'check' });
  await expect(guard.restore(runId)).rejects.toMatchObject({ code: 'OPTIONS' });
  expect(await guard.restore(runId, { dryRun: true })).toEqual({ runId, restored: 2, failed: [] });
  expect(await rowsOf(database, 'child')).toEqual(['(1,1,kept)']);
});
