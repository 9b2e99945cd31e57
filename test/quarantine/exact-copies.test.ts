import { createDatabase, type TestDatabase } from '../postgres/database';
import { everyType, HOSTILE_DEFAULTS } from './every-type';
import { cascade, connect, copies, guardAt, type Key } from './setup';

const KEYS: readonly Key[] = [cascade('public.thing(parent_id)', 'public.place(id)')];
const PART = `"part Ä.""x"""`;

let database: TestDatabase;

beforeEach(async () => {
  database = await createDatabase('exact');
  await database.query(everyType());
});
afterEach(() => database.drop());

/** All values of a table as each type prints them, as a cast of each column to text, and as `copy` writes them. */
async function picture(table: string): Promise<readonly string[]> {
  const client = await connect(database.url, 'judge with plain settings');
  await client.query(`set datestyle = 'ISO'; set intervalstyle = 'postgres'; set extra_float_digits = 3; set timezone = 'UTC';
    set bytea_output = 'hex'; set xmloption = 'content'; set quote_all_identifiers = off`);
  const columns = await client.query<{ text: string }>(
    `select format('%I::text', attname) as text from pg_attribute
      where attrelid = $1::regclass and attnum > 0 and not attisdropped order by attnum`,
    [table],
  );
  const casts = columns.rows.map(({ text }) => text).join(', ');
  const { rows } = await client.query<{ line: string }>(
    `select line from (select t::text || e'\\n' || (select row(${casts})::text) as line from ${table} t) l order by line collate "C"`,
  );
  await client.end();
  return rows.map(({ line }) => line);
}

/** Deletes the orphans, gives them their parents back and restores them. */
async function thereAndBack(): Promise<void> {
  const guard = guardAt(database.url, KEYS, { limits: { fraction: 1 } });
  const outcome = await guard.apply();
  expect(outcome).toMatchObject({ status: 'repaired', rowsDeleted: 4 });
  expect(await copies(database)).toEqual([`part Ä."x" delete 7`, 'thing delete 4']);
  expect(await database.query('select parent_id from thing')).toEqual([{ parent_id: 1 }]);
  await database.query('insert into place values (7), (8), (9), (10)');
  expect(await guard.restore(outcome.runId ?? '')).toMatchObject({ restored: 11, failed: [] });
}

test('every value of every type comes back byte for byte, cascade rows too', async () => {
  const before = [await picture('thing'), await picture(PART)];
  await thereAndBack();
  expect([await picture('thing'), await picture(PART)]).toEqual(before);
});

test('the defaults of the database change nothing in a copy', async () => {
  for (const setting of HOSTILE_DEFAULTS)
    await database.query(`alter database "${database.name}" set ${setting}`);
  const before = [await picture('thing'), await picture(PART)];
  await thereAndBack();
  expect([await picture('thing'), await picture(PART)]).toEqual(before);
});

test('a copy made under one set of defaults comes back under another', async () => {
  const before = [await picture('thing'), await picture(PART)];
  const guard = guardAt(database.url, KEYS, { limits: { fraction: 1 } });
  const { runId } = await guard.apply();
  for (const setting of HOSTILE_DEFAULTS)
    await database.query(`alter database "${database.name}" set ${setting}`);
  await database.query('insert into place values (7), (8), (9), (10)');
  expect(await guard.restore(runId ?? '')).toMatchObject({ restored: 11, failed: [] });
  expect([await picture('thing'), await picture(PART)]).toEqual(before);
});
