import { eachWithDatabase, type Application } from './early';
import { define, foreignKeys } from './recorded-guard';

const place = eachWithDatabase('failed_sync');
const KEY = '"Books": FOREIGN KEY ("authorId") REFERENCES "Authors"(id) ON UPDATE CASCADE ON DELETE CASCADE';

/** Authors, books, and notes whose index can never be made. */
function failing(): Application {
  const application = place.application();
  const Author = define(application.sequelize, 'Author', {});
  const Book = define(application.sequelize, 'Book', {});
  Book.belongsTo(Author, { foreignKey: 'authorId', onDelete: 'CASCADE' });
  const Note = define(application.sequelize, 'Note', {}, { indexes: [{ fields: ['nowhere'] }] });
  Note.belongsTo(Book, { foreignKey: 'bookId' });
  return application;
}

test('a sync that fails each time: its own error is thrown, and the tables that it made have their keys', async () => {
  const { sequelize, guard } = failing();
  const titles: unknown[] = [];
  for (let time = 0; time < 2; time++) {
    await expect(sequelize.sync()).rejects.toMatchObject({ parent: { code: '42703' } });
    expect(await foreignKeys(place.database)).toContain(KEY);
    titles.push(guard.lastOutcome?.steps.map(({ title }) => title.replace(/[ :].*/, '')));
  }
  expect(titles).toEqual([['Fence', 'Fence', 'Validate', 'Validate'], []]);
  expect(
    await place.database.query(
      `select 1 from pg_constraint where contype = 'f' and not convalidated and connamespace = 'public'::regnamespace`,
    ),
  ).toEqual([]);
});

test('nothing is cleaned up after it, nothing swapped and nothing dropped', async () => {
  await place.database.query(`create table "Authors" (id serial primary key);
    create table "Books" (id serial primary key, "authorId" integer);
    insert into "Authors" values (1); insert into "Books" ("authorId") values (1), (99)`);
  const { sequelize } = failing();
  await expect(sequelize.sync()).rejects.toMatchObject({ parent: { code: '42703' } });
  expect(await place.database.query('select "authorId" from "Books"')).toHaveLength(2);
  expect(await foreignKeys(place.database)).not.toContain(KEY);
  await place.database.query(
    `delete from "Books" where "authorId" = 99;
     alter table "Books" add constraint wrong foreign key ("authorId") references "Authors" on update cascade on delete set null`,
  );
  await expect(sequelize.sync()).rejects.toMatchObject({ parent: { code: '42703' } });
  expect(await foreignKeys(place.database)).toContain(KEY.replace('DELETE CASCADE', 'DELETE SET NULL'));
});
