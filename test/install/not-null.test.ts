import { DataTypes } from 'sequelize';
import { eachWithDatabase } from './early';
import { columns, define, foreignKeys } from './recorded-guard';

const place = eachWithDatabase('not_null');
const KEY = '"Books": FOREIGN KEY ("authorId") REFERENCES "Authors"(id) ON UPDATE CASCADE ON DELETE CASCADE';

async function alter(times = 1): Promise<void> {
  const { sequelize } = place.application();
  const Author = define(sequelize, 'Author', {});
  define(sequelize, 'Book', {
    authorId: { type: DataTypes.INTEGER, allowNull: false },
  }).belongsTo(Author, { foreignKey: 'authorId', onDelete: 'CASCADE' });
  for (let time = 0; time < times; time++) await sequelize.sync({ alter: true });
}
const tables = (author: string): Promise<unknown> =>
  place.database.query(`create table "Authors" (id serial primary key);
    create table "Books" (id serial primary key, "authorId" bigint);
    insert into "Authors" values (1); insert into "Books" ("authorId") values (${author})`);

test('alter sets NOT NULL on a key column; the type and the key are left to the guard', async () => {
  await tables('1');
  await alter(3);
  expect(await columns(place.database, '"Books"')).toEqual([
    'id integer not null',
    'authorId bigint not null',
  ]);
  expect(await foreignKeys(place.database)).toEqual([KEY]);
});

test('where a row has null, alter throws what it throws without the guard', async () => {
  await tables('null');
  await expect(alter()).rejects.toMatchObject({ parent: { code: '23502' } });
});
