import { Sequelize } from 'sequelize';
import { defineModels } from '../../models';
import { createDatabase, type TestDatabase } from '../postgres/database';

let database: TestDatabase;
const open: Sequelize[] = [];

const connect = (): Sequelize => {
  const sequelize = new Sequelize(database.url, { logging: false });
  open.push(sequelize);
  return sequelize;
};

beforeEach(async () => {
  database = await createDatabase('models');
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((sequelize) => sequelize.close()));
  await database.drop();
});

test('a plain sync() of the models makes exactly these foreign keys', async () => {
  const sequelize = connect();
  defineModels(sequelize);
  await sequelize.sync();

  const keys = await database.query<{ key: string }>(
    `select conrelid::regclass || ' ' || pg_get_constraintdef(oid) as key from pg_constraint where contype = 'f' order by 1`,
  );

  expect(keys.map(({ key }) => key)).toEqual([
    '"BookAuthors" FOREIGN KEY ("authorId") REFERENCES "Authors"(id) ON UPDATE CASCADE ON DELETE CASCADE',
    '"BookAuthors" FOREIGN KEY ("bookId") REFERENCES "Books"(id) ON UPDATE CASCADE ON DELETE CASCADE',
    '"Books" FOREIGN KEY ("categoryId") REFERENCES "Categories"(id) ON UPDATE CASCADE ON DELETE SET NULL',
    '"Categories" FOREIGN KEY ("parentId") REFERENCES "Categories"(id) ON UPDATE CASCADE ON DELETE SET NULL',
    '"Checkouts" FOREIGN KEY ("bookId") REFERENCES "Books"(id) ON UPDATE CASCADE ON DELETE CASCADE',
    '"Checkouts" FOREIGN KEY ("userId") REFERENCES "Users"(id) ON UPDATE CASCADE ON DELETE CASCADE',
    '"Fines" FOREIGN KEY ("checkoutId") REFERENCES "Checkouts"(id) ON UPDATE CASCADE ON DELETE CASCADE',
    '"Reviews" FOREIGN KEY ("bookId") REFERENCES "Books"(id) ON UPDATE CASCADE ON DELETE CASCADE',
    '"Reviews" FOREIGN KEY ("userId") REFERENCES "Users"(id) ON UPDATE CASCADE ON DELETE SET NULL',
  ]);
});

test('two instances have models of their own', async () => {
  const first = defineModels(connect());
  const second = defineModels(connect());
  await first.User.sequelize?.sync();

  const { id } = await first.User.create({ name: 'Ada', email: 'ada@example.org' });

  expect(first.User).not.toBe(second.User);
  expect(await second.User.findByPk(id)).toMatchObject({ name: 'Ada' });
  expect(Object.keys(first.User.sequelize?.models ?? {}).toSorted()).toEqual([
    'Author',
    'Book',
    'BookAuthor',
    'Category',
    'Checkout',
    'Fine',
    'Review',
    'User',
  ]);
});
