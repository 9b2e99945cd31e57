import type { Catalog, UniqueIndex } from '../../src/catalog/catalog';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { lookAt, tableOf } from './reading';

describe('unique indexes of the catalog', () => {
  let database: TestDatabase;
  let catalog: Catalog;
  const index = (name: string): UniqueIndex | undefined =>
    tableOf(catalog, 't').uniqueIndexes.find((each) => each.name === name);

  beforeAll(async () => {
    database = await createDatabase('catalog_indexes');
    await database.query(`
      create schema ext; create extension citext schema ext;
      create type mood as enum ('good', 'bad');
      create table t (a int, b int, c int, word text, mail ext.citext, mood mood, tags text[],
        constraint pk primary key (b, a),
        constraint late unique (c) deferrable initially deferred);
      alter table t add constraint self foreign key (a, b) references t (a, b) not valid;
      create unique index partial on t (a) where b > 1;
      create unique index expression on t (a, lower(word));
      create index half on t (lower(word)) where word is not null;
      create unique index wide on t (c) include (a, b);
      create unique index words on t (word collate "C");
      create unique index own on t (mail, mood, tags);
      create index plain on t (b);
      insert into t (a, b, c) values (1, 1, 1), (1, 2, 2)`);
    await database.query('create unique index concurrently broken on t (a)').catch(() => undefined);
    catalog = await lookAt(database.url);
  });
  afterAll(() => database.drop());

  it('lists every index by name, and the unique ones in full', () => {
    const unique = ['broken', 'expression', 'late', 'own', 'partial', 'pk', 'wide', 'words'];
    expect(tableOf(catalog, 't').uniqueIndexes.map((each) => each.name)).toEqual(unique);
    expect(tableOf(catalog, 't').indexes.map((each) => each.name)).toEqual(
      [...unique, 'half', 'plain'].sort(),
    );
  });

  it('tells what can be found by an index, and what rests on it', () => {
    const { indexes } = tableOf(catalog, 't');
    const lookup = (name: string) => indexes.find((each) => each.name === name);
    const sound = { valid: true, searchable: true, needed: false, building: false };
    expect(lookup('plain')).toEqual({ ...sound, name: 'plain', columns: ['b'], unique: false });
    expect(lookup('pk')).toEqual({ ...sound, name: 'pk', columns: ['b', 'a'], unique: true, needed: true });
    expect(lookup('partial')).toMatchObject({ searchable: false });
    expect(lookup('expression')).toMatchObject({ columns: ['a', ''], searchable: true });
    expect(lookup('half')).toMatchObject({ columns: [''], searchable: false });
    expect(lookup('words')).toMatchObject({ columns: [''] });
    expect(lookup('broken')).toMatchObject({ valid: false, needed: false, building: false });
  });

  it('keeps the order of the columns of a primary key', () => {
    const equals = { schema: 'pg_catalog', name: '=' };
    expect(index('pk')).toEqual({
      name: 'pk',
      columns: ['b', 'a'],
      primary: true,
      constraint: 'pk',
      valid: true,
      partial: false,
      deferrable: false,
      equality: [equals, equals],
    });
  });

  it('tells what makes an index useless for a key', () => {
    expect(index('partial')).toMatchObject({ partial: true, valid: true, deferrable: false });
    expect(index('late')).toMatchObject({ deferrable: true, constraint: 'late', primary: false });
    expect(index('broken')).toMatchObject({ valid: false });
    expect(index('broken')).not.toHaveProperty('constraint');
    expect(index('expression')?.columns).toEqual(['a', '']);
    expect(index('wide')?.columns).toEqual(['c']);
  });

  it("names the equality of each column's operator class, and the collation of the column: that of the index decides nothing", () => {
    expect(index('own')?.equality).toEqual([
      { schema: 'ext', name: '=', collation: { schema: 'pg_catalog', name: 'default' } },
      { schema: 'pg_catalog', name: '=' },
      { schema: 'pg_catalog', name: '=', collation: { schema: 'pg_catalog', name: 'default' } },
    ]);
    expect(index('words')?.equality).toEqual([
      { schema: 'pg_catalog', name: '=', collation: { schema: 'pg_catalog', name: 'default' } },
    ]);
  });

  it('has a key without overlaps for a primary key that no plain key can rest on (PostgreSQL 18)', async () => {
    const temporal = catalog.server.version >= 180000;
    await database.query(`create extension btree_gist;
      create table stay (room int, during daterange, ${temporal ? 'primary key (room, during without overlaps)' : 'primary key (room, during)'})`);
    const { uniqueIndexes } = tableOf(await lookAt(database.url), 'stay');
    expect(uniqueIndexes).toMatchObject([{ columns: ['room', 'during'], primary: true, partial: temporal }]);
  });
});
