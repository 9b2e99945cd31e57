import { type QueryInterface, Sequelize } from 'sequelize';
import { SequelizeStorage, Umzug } from 'umzug';
import * as createLibrary from '../../migrations/20260101000000-create-library';
import * as fixForeignKeys from '../../migrations/20260201000000-fix-foreign-keys';
import { defineModels } from '../../models';
import { createDatabase, type TestDatabase } from '../postgres/database';

const CREATE = '20260101000000-create-library.js';
const FIX = '20260201000000-fix-foreign-keys.js';
const CASCADE = 'ON UPDATE CASCADE ON DELETE CASCADE';

const DATABASE_URL = process.env['DATABASE_URL'];
let database: TestDatabase;
let sequelize: Sequelize;
let umzug: Umzug<QueryInterface>;

beforeEach(async () => {
  database = await createDatabase('migrations');
  process.env['DATABASE_URL'] = database.url;
  sequelize = new Sequelize(database.url, { dialect: 'postgres', logging: false });
  umzug = new Umzug({
    migrations: [
      { name: CREATE, ...createLibrary },
      { name: FIX, ...fixForeignKeys },
    ],
    context: sequelize.getQueryInterface(),
    storage: new SequelizeStorage({ sequelize }),
    logger: undefined,
  });
});

afterEach(async () => {
  await sequelize.close();
  await database.drop();
  if (DATABASE_URL === undefined) delete process.env['DATABASE_URL'];
  else process.env['DATABASE_URL'] = DATABASE_URL;
});

test('the first migration makes the tables of the outage', async () => {
  await umzug.up({ to: CREATE });

  expect(await keysOf('"Checkouts"')).toEqual([]);
  expect(await keysOf('"Fines"')).toEqual([
    'FOREIGN KEY ("checkoutId") REFERENCES "Checkouts"(id) ON UPDATE CASCADE',
  ]);
  await database.query(
    `insert into "Checkouts" ("userId", "bookId", "dueAt", "createdAt", "updatedAt") values (4, 4, now(), now(), now())`,
  );
});

test('it takes tables as they are that sync() has made already', async () => {
  defineModels(sequelize);
  await sequelize.sync();
  await database.query(`insert into "Users" (name, email) values ('Ada', 'ada@example.org')`);
  await database.query('drop table "Fines"');

  await umzug.up({ to: CREATE });

  expect(await keysOf('"Checkouts"')).toHaveLength(2);
  expect(await keysOf('"Fines"')).toHaveLength(1);
  expect(await database.query('select name from "Users"')).toEqual([{ name: 'Ada' }]);
});

test('the fix gives every relation its key and moves the orphans away', async () => {
  await umzug.up({ to: CREATE });
  await fillWithOrphan();

  await umzug.up();

  expect(await keysOf('"Checkouts"')).toEqual([
    `FOREIGN KEY ("bookId") REFERENCES "Books"(id) ${CASCADE}`,
    `FOREIGN KEY ("userId") REFERENCES "Users"(id) ${CASCADE}`,
  ]);
  expect(await keysOf('"Fines"')).toEqual([
    `FOREIGN KEY ("checkoutId") REFERENCES "Checkouts"(id) ${CASCADE}`,
  ]);
  expect(await database.query('select id from "Checkouts" order by id')).toEqual([{ id: 1 }]);
  expect(await database.query('select id from "Fines" order by id')).toEqual([{ id: 1 }]);
  const kept = await database.query(
    'select table_name, row_data from fk_guard.quarantine order by table_name',
  );
  expect(kept).toMatchObject([
    { table_name: 'Checkouts', row_data: { id: '2', userId: '4' } },
    { table_name: 'Fines', row_data: { id: '2', checkoutId: '2' } },
  ]);
  expect((await umzug.executed()).map(({ name }) => name)).toEqual([CREATE, FIX]);
});

test('the way back undoes the keys only', async () => {
  await umzug.up({ to: CREATE });
  await fillWithOrphan();
  await umzug.up();

  await umzug.down();

  expect(await keysOf('"Checkouts"')).toEqual([]);
  // The key that was swapped is back; nobody has proved it again.
  expect(await keysOf('"Fines"')).toEqual([
    'FOREIGN KEY ("checkoutId") REFERENCES "Checkouts"(id) ON UPDATE CASCADE NOT VALID',
  ]);
  expect(await database.query('select id from "Checkouts"')).toEqual([{ id: 1 }]);
  expect((await umzug.executed()).map(({ name }) => name)).toEqual([CREATE]);

  await umzug.up();
  expect(await keysOf('"Checkouts"')).toHaveLength(2);
});

test('the way back from the first migration drops the tables', async () => {
  await umzug.up({ to: CREATE });
  await umzug.down();
  expect(await database.query(`select tablename from pg_tables where schemaname = 'public'`)).toEqual([
    { tablename: 'SequelizeMeta' },
  ]);
});

/** One checkout with everything, and one whose user is gone; a fine below each. */
const fillWithOrphan = () =>
  database.query(`
    insert into "Users" (name, email, "createdAt", "updatedAt") values ('Ada', 'ada@example.org', now(), now());
    insert into "Books" (title, isbn, "createdAt", "updatedAt") values ('Notes', '978-1', now(), now());
    insert into "Checkouts" ("userId", "bookId", "dueAt", "createdAt", "updatedAt")
      values (1, 1, now(), now(), now()), (4, 1, now(), now(), now());
    insert into "Fines" ("checkoutId", cents, "createdAt", "updatedAt") values (1, 50, now(), now()), (2, 50, now(), now())`);

/** `pg_get_constraintdef` of each; it says NOT VALID when a key is not validated. */
const keysOf = async (table: string): Promise<string[]> => {
  const rows = await database.query<{ key: string }>(
    `select pg_get_constraintdef(oid) as key from pg_constraint
      where contype = 'f' and conrelid = '${table}'::regclass order by 1`,
  );
  return rows.map(({ key }) => key);
};
