import type { OrphanCondition } from '../../src/changes/change';
import { countOrphans } from '../../src/catalog/count-orphans';
import { sql, type Sql } from '../../src/sql';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { keyOf, lookAt, reading, singleColumn as simple, tableOf } from './reading';

describe('orphans are compared as the key compares', () => {
  let database: TestDatabase;
  const counted = (condition: OrphanCondition, samples = 5, settings: readonly Sql[] = []) =>
    reading(database.url, (session) => countOrphans(session, condition, { samples }), settings);
  /** What a query with a plain `=` takes for orphans. */
  const naive = async (child: string, parent: string): Promise<number> => {
    const [row] = await database.query<{ rows: string }>(
      `select count(*) as rows from ${child} c where not exists (select from ${parent} p where p.id = c.parent_id)`,
    );
    return Number(row?.rows);
  };

  beforeAll(async () => {
    database = await createDatabase('catalog_equality');
    await database.query(`
      create table ints (id int primary key); insert into ints values (1), (2), (3);
      create table of_ints (parent_id bigint); insert into of_ints values (1), (1), (2), (null), (30), (30), (4), (0), (-1)`);
  });
  afterAll(() => database.drop());

  it('compares as the key does, where a plain = compares as text (citext in another schema)', async () => {
    await database.query(`
      create schema ext; create extension citext schema ext;
      create table words (id ext.citext primary key); insert into words values ('Abc');
      create table of_words (parent_id ext.citext constraint words_key references words); insert into of_words values ('abc')`);
    const catalog = await lookAt(database.url);
    const key = keyOf(catalog, 'words_key');
    expect(await counted({ ...key })).toMatchObject({ rows: 0 });
    const target = tableOf(catalog, 'words').uniqueIndexes[0]?.equality[0];
    const own = tableOf(catalog, 'of_words').columns[0]?.equality;
    expect(await counted(simple('of_words', 'words', target))).toMatchObject({ rows: 0 });
    expect(await counted(simple('of_words', 'words', own))).toMatchObject({ rows: 0 });
    expect(await naive('of_words', 'words')).toBe(1);
  });

  it("compares under the parent's collation, as the key does", async () => {
    await database.query(`
      create collation no_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
      create table names (id text primary key); insert into names values ('Ada');
      create table of_names (parent_id text collate no_case); insert into of_names values ('ADA')`);
    const target = tableOf(await lookAt(database.url), 'names').uniqueIndexes[0]?.equality[0];
    expect(await counted(simple('of_names', 'names', target))).toMatchObject({ rows: 1, samples: ['ADA'] });
    expect(await naive('of_names', 'names')).toBe(0);
    const key = database.query('alter table of_names add foreign key (parent_id) references names');
    await expect(key).rejects.toMatchObject({ code: expect.stringMatching(/^(23503|42P21)$/) as string });
  });

  it("compares under the collation of the parent's column where its index has another one, as the key does", async () => {
    await database.query(`
      create collation any_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
      create table strict (id text collate any_case); create unique index on strict (id collate "C");
      create table of_strict (parent_id text collate any_case);
      insert into strict values ('ada'); insert into of_strict values ('Ada'), ('eve')`);
    const strict = tableOf(await lookAt(database.url), 'strict');
    for (const equality of [strict.uniqueIndexes[0]?.equality[0], strict.columns[0]?.equality])
      expect(await counted(simple('of_strict', 'strict', equality))).toMatchObject({
        rows: 1,
        samples: ['eve'],
      });
    await database.query(`
      delete from of_strict where parent_id = 'eve';
      alter table of_strict add foreign key (parent_id) references strict (id)`);
  });

  it('is not fooled by a schema whose = says no, or by one whose count lies', async () => {
    await database.query(`
      create schema hostile;
      create function hostile.no(int, int) returns boolean language sql immutable as 'select false';
      create function hostile.no(bigint, bigint) returns boolean language sql immutable as 'select false';
      create function hostile.no(text, text) returns boolean language sql immutable as 'select true';
      create operator hostile.= (leftarg = int, rightarg = int, function = hostile.no);
      create operator hostile.= (leftarg = bigint, rightarg = bigint, function = hostile.no);
      create operator hostile.= (leftarg = text, rightarg = text, function = hostile.no);
      create function hostile.coalesce(numeric, int) returns numeric language sql as 'select 77::numeric';
      create table hostile.ints (id int);
      create domain hostile.text as varchar(1)`);
    const path = [sql`set local search_path = hostile, pg_catalog, public`];
    const fooled = await database.query(
      'set search_path = hostile, pg_catalog, public; select 1 = 1 as same, 2 = 2::bigint',
    );
    await database.query('reset search_path');
    expect(fooled).toMatchObject([{ same: false }]);
    for (const samples of [0, 5])
      expect(await counted(simple('of_ints', 'ints'), samples, path)).toMatchObject({
        rows: 5,
        sentinelRows: 2,
      });
  });

  it('raises an error where row security would make orphans of good rows', async () => {
    const role = await database.createRole();
    await database.query(`
      create table guarded (id int primary key); insert into guarded values (1), (2);
      create table of_guarded (parent_id int); insert into of_guarded values (1), (2);
      alter table guarded enable row level security;
      create policy half on guarded using (id % 2 = 0);
      grant select on guarded, of_guarded to "${role.name}"`);
    const limited = reading(role.url, (session) =>
      countOrphans(session, simple('of_guarded', 'guarded'), { samples: 0 }),
    );
    await expect(limited).rejects.toMatchObject({ code: '42501' });
    expect(await counted(simple('of_guarded', 'guarded'))).toMatchObject({ rows: 0 });
  });
});
