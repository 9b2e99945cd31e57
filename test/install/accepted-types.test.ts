import { eachWithDatabase, type Application } from './early';
import { define, foreignKeys } from './recorded-guard';

const place = eachWithDatabase('accepted_types');

/** Notes of books, by models that give the key these types; the guard cannot compare them, PostgreSQL can. */
function notes(child: string, parent: string): Application {
  const application = place.application();
  const Book = define(application.sequelize, 'Book', { code: { type: parent, primaryKey: true } });
  define(application.sequelize, 'Note', { bookCode: { type: child } }).belongsTo(Book, {
    foreignKey: 'bookCode',
    onDelete: 'CASCADE',
  });
  return application;
}
const KEY = '"Notes": FOREIGN KEY ("bookCode") REFERENCES "Books"(code) ON UPDATE CASCADE ON DELETE CASCADE';

test.each([
  ['INTEGER', 'DOUBLE PRECISION'],
  ['TEXT', 'CHAR(2)'],
  ['CHAR(2)', 'TEXT'],
  ['DATE', 'TIMESTAMP WITH TIME ZONE'],
])('%s → %s: an empty database gets the key', async (child, parent) => {
  const { sequelize } = notes(child, parent);
  await sequelize.sync();
  expect(await foreignKeys(place.database)).toEqual([KEY]);
});

test('citext → text, in a schema of its own and below a domain', async () => {
  await place.database.query(
    'create schema other; create extension citext schema other; create domain other.code as other.citext',
  );
  const { sequelize } = notes('other.code', 'TEXT');
  await sequelize.sync();
  expect(await foreignKeys(place.database)).toEqual([KEY]);
});

test('tables that stand there empty get it too; rows are not judged', async () => {
  await place.database
    .query(`create table "Books" (code text primary key); create table "Notes" (id serial primary key, "bookCode" char(2));
    insert into "Notes" ("bookCode") values ('a')`);
  const { sequelize, guard } = notes('CHAR(2)', 'TEXT');
  await sequelize.sync();
  expect(await foreignKeys(place.database)).toEqual([]);
  expect(guard.lastOutcome?.status).toBe('refused');
  await place.database.query('update "Notes" set "bookCode" = null');
  await sequelize.sync();
  expect(await foreignKeys(place.database)).toEqual([KEY]);
});

test('a pair that PostgreSQL does not accept is not tried', async () => {
  const { sequelize, guard } = notes('UUID', 'INTEGER');
  await sequelize.sync();
  expect(await foreignKeys(place.database)).toEqual([]);
  expect(guard.lastOutcome?.steps).toEqual([]);
});
