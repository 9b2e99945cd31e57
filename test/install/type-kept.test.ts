import { DataTypes, Sequelize } from 'sequelize';
import { installFkGuard } from 'sequelize-fk-guard';
import { createDatabase, type TestDatabase } from '../postgres/database';

const silent = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

let database: TestDatabase;
afterEach(() => database.drop());

/** Notes of books, by models that say INTEGER; synced with `alter`, as often as asked. */
async function alter(times: number): Promise<readonly (string | undefined)[]> {
  const sequelize = new Sequelize(database.url, { logging: false, define: { timestamps: false } });
  const guard = installFkGuard(sequelize, { logger: silent });
  const book = sequelize.define('Book', {});
  const note = sequelize.define('Note', { bookId: { type: DataTypes.INTEGER } });
  note.belongsTo(book, { foreignKey: 'bookId', onDelete: 'CASCADE' });
  const statuses: (string | undefined)[] = [];
  for (let time = 0; time < times; time++) {
    await sequelize.sync({ alter: true });
    statuses.push(guard.lastOutcome?.status);
  }
  await sequelize.close();
  return statuses;
}

const column = () =>
  database.query(`select format_type(atttypid, atttypmod) as type, attnotnull as "notNull" from pg_attribute
                   where attrelid = '"Notes"'::regclass and attname = 'bookId'`);

const keys = () =>
  database.query(
    `select oid, convalidated as valid from pg_constraint where contype = 'f' and conrelid = '"Notes"'::regclass`,
  );

test('ten times alter: one key, made once, and a NOT NULL that no model asks for stays', async () => {
  database = await createDatabase('type_kept');
  await database.query(`
    create table "Books" (id serial primary key);
    create table "Notes" (id serial primary key, "bookId" bigint not null);
    insert into "Books" default values; insert into "Notes" ("bookId") values (1)`);
  expect(await alter(1)).toEqual(['repaired']);
  const first = await keys();
  expect(first).toHaveLength(1);
  expect(await alter(9)).toEqual(Array.from({ length: 9 }, () => 'clean'));
  expect(await keys()).toEqual(first);
  expect(await column()).toEqual([{ type: 'bigint', notNull: true }]);
});

test('a numeric column under an INTEGER model keeps its 1.6, and the key that cannot be is not tried', async () => {
  database = await createDatabase('type_kept');
  await database.query(`
    create table "Books" (id serial primary key);
    create table "Notes" (id serial primary key, "bookId" numeric not null);
    insert into "Books" default values; insert into "Notes" ("bookId") values (1.6)`);
  expect(await alter(2)).toEqual(['refused', 'refused']);
  expect(await column()).toEqual([{ type: 'numeric', notNull: true }]);
  expect(await database.query(`select "bookId"::text as value from "Notes"`)).toEqual([{ value: '1.6' }]);
  expect(await keys()).toEqual([]);
});
