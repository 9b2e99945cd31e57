import { readCatalog } from '../../src/catalog/read';
import { readServer } from '../../src/catalog/server';
import { catalogSearchPath } from '../../src/catalog/session-guards';
import type { Session } from '../../src/db';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { lookAt, reading } from './reading';

describe('a schema that changes while it is read', () => {
  let database: TestDatabase;
  beforeEach(async () => (database = await createDatabase('catalog_moving')));
  afterEach(() => database.drop());

  /** Reads the catalog; `change` happens after its first question, each time that it begins. */
  const readWhile = (change: () => Promise<unknown>) =>
    reading(database.url, async (session) => {
      let questions = 0;
      const server = await readServer(session);
      await session.query(catalogSearchPath);
      const moving: Session = {
        ...session,
        query: async (text, values) => {
          const rows = await session.query(text, values);
          if (questions++ % 2 === 0) await change();
          return rows;
        },
      };
      const catalog = await readCatalog(moving, server);
      return { catalog, questions };
    });

  it('is read again when a type went away before its name was asked for', async () => {
    await database.query(
      `create type mood as enum ('good'); create table stays (id int primary key); create table goes (mood mood)`,
    );
    const { catalog, questions } = await readWhile(() =>
      database.query('drop table if exists goes; drop type if exists mood'),
    );
    expect(questions).toBe(4);
    expect(catalog.tables).toEqual((await lookAt(database.url)).tables);
    expect(catalog.tables.map(({ name }) => name.name)).toEqual(['stays']);
  });

  it('never has an index for broken that was finished in the meantime', async () => {
    await database.query('create table t (a int); insert into t values (1), (1)');
    await expect(database.query('create unique index concurrently late on t (a)')).rejects.toThrow(
      'could not create unique index',
    );
    await database.query('delete from t');
    const { catalog } = await readWhile(() => database.query('reindex index late'));
    expect(catalog.tables.flatMap(({ indexes }) => indexes)).toMatchObject([{ name: 'late', valid: true }]);
  });

  it('is told as an error when it never stands still', async () => {
    let made = 0;
    const make = () =>
      database.query(`create type mood${++made} as enum (); create table t (mood mood${made})`);
    await make();
    const replaced = async () => {
      await database.query(`drop table t; drop type mood${made}`);
      await make();
    };
    await expect(readWhile(replaced)).rejects.toThrow('each time that the catalog was read');
  });
});
