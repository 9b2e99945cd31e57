import { measureKey } from '../../src/catalog/key-quality';
import { sql } from '../../src/sql';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { reading } from './reading';

describe('whether columns could be a key', () => {
  let database: TestDatabase;
  const measured = (name: string, columns: readonly string[]) =>
    reading(database.url, (session) => measureKey(session, { schema: 'public', name }, columns));

  beforeAll(async () => {
    database = await createDatabase('catalog_quality');
    await database.query(`
      create schema ext; create extension citext schema ext;
      create table good (id int, key text); insert into good values (1, 'a'), (2, 'a');
      create table bad (id int, "Other.b" text); insert into bad
        select g % 7, 'x' from generate_series(1, 21) g union all select null, 'x' union all select null, 'x' union all select 99, null;
      create table words (word ext.citext); insert into words values ('Abc'), ('aBC'), ('b'), (null);
      create table many (id int) partition by range (id);
      create table many_1 partition of many for values from (0) to (9); insert into many values (1), (1)`);
  });
  afterAll(() => database.drop());

  it('finds nothing wrong with a key', async () => {
    expect(await measured('good', ['id'])).toEqual({ nullRows: 0, duplicateKeys: 0, samples: [] });
    expect(await measured('good', ['key', 'id'])).toEqual({ nullRows: 0, duplicateKeys: 0, samples: [] });
  });

  it('counts rows with a null and keys that are there twice, and shows five', async () => {
    expect(await measured('bad', ['id'])).toEqual({
      nullRows: 2,
      duplicateKeys: 7,
      samples: ['0', '1', '2', '3', '4'],
    });
    expect(await measured('good', ['key'])).toEqual({ nullRows: 0, duplicateKeys: 1, samples: ['a'] });
  });

  it('takes a composite key as a whole', async () => {
    expect(await measured('bad', ['id', 'Other.b'])).toEqual({
      nullRows: 3,
      duplicateKeys: 7,
      samples: ['(0, x)', '(1, x)', '(2, x)', '(3, x)', '(4, x)'],
    });
  });

  it('compares as an index would (citext)', async () => {
    const { nullRows, duplicateKeys, samples } = await measured('words', ['word']);
    expect({ nullRows, duplicateKeys }).toEqual({ nullRows: 1, duplicateKeys: 1 });
    expect(samples.map((word) => word.toLowerCase())).toEqual(['abc']);
    await expect(database.query('create unique index on words (word)')).rejects.toMatchObject({
      code: '23505',
    });
  });

  it('looks into partitions', async () => {
    expect(await measured('many', ['id'])).toMatchObject({ duplicateKeys: 1, samples: ['1'] });
  });

  it('is not fooled by a schema whose operators and functions come first', async () => {
    await database.query(`
      create schema hostile;
      create function hostile.no(bigint, int) returns boolean language sql immutable as 'select false';
      create operator hostile.> (leftarg = bigint, rightarg = int, function = hostile.no);
      create table hostile.good (id int, key text)`);
    const settings = [sql`set local search_path = hostile, pg_catalog`];
    const name = { schema: 'public', name: 'good' };
    expect(
      await reading(database.url, (session) => measureKey(session, name, ['key']), settings),
    ).toMatchObject({ duplicateKeys: 1 });
  });
});
