import { DataTypes, ForeignKeyConstraintError, Sequelize } from 'sequelize';
import { createGuard, installFkGuard } from 'sequelize-fk-guard';
import { createDatabase, type TestDatabase } from '../postgres/database';

/*
 * The document from its first line to its last. Here: "Problem", 1 (the model), 2 and 3 (orphans are cleaned and keys
 * verified before the schema is synced, with `alter` and without), "Before" and "After", both parts of "Testing".
 * With the built application, in test/booknexus: 4 (the server starts while the database is down) and its /health in
 * built.test.ts and http.test.ts, 5 and "Usage" (`npm run migrate:fix-fk`, once and again) in built.test.ts and
 * migrations.test.ts; all of it in one piece is `npm run demo`.
 */
let database: TestDatabase;

beforeEach(async () => {
  database = await createDatabase('story_002');
  await database.query(`
    create table "Users" (id serial primary key, name text);
    create table "Books" (id serial primary key, title text);
    create table "Checkouts" (
      id serial primary key,
      "userId" integer not null constraint "Checkouts_userId_fkey" references "Users" (id),
      "bookId" integer not null constraint "Checkouts_bookId_fkey" references "Books" (id));
    create table "Fines" (
      id serial primary key, amount numeric,
      "checkoutId" integer not null references "Checkouts" (id) on delete cascade);
    insert into "Users" select i, 'user ' || i from generate_series(1, 50) i;
    insert into "Books" select i, 'book ' || i from generate_series(1, 50) i;
    insert into "Checkouts" ("userId", "bookId") select 1 + i % 50, 1 + i % 50 from generate_series(1, 200) i;
    insert into "Fines" ("checkoutId", amount) select id, 1.5 from "Checkouts" where "userId" in (1, 4)`);
});
afterEach(() => database.drop());

/** The seed's state: a user and a book were deleted while the triggers of the keys were off, as a bulk import does it. */
const orphan = async (): Promise<void> => {
  await database.query(
    `begin; set local session_replication_role = replica; delete from "Users" where id = 4; delete from "Books" where id = 7; commit`,
  );
};

const CASCADE = { onDelete: 'CASCADE', onUpdate: 'CASCADE' } as const;

function library(url: string): Sequelize {
  const sequelize = new Sequelize(url, { logging: false, define: { timestamps: false } });
  const user = sequelize.define('User', { name: DataTypes.TEXT });
  const book = sequelize.define('Book', { title: DataTypes.TEXT });
  // "Added onDelete: 'CASCADE' and onUpdate: 'CASCADE' to foreign key definitions; updated model associations".
  const keyTo = (model: string) => ({
    type: DataTypes.INTEGER,
    allowNull: false,
    references: { model, key: 'id' },
    ...CASCADE,
  });
  const checkout = sequelize.define('Checkout', { userId: keyTo('Users'), bookId: keyTo('Books') });
  const fine = sequelize.define('Fine', {
    amount: DataTypes.DECIMAL,
    checkoutId: { type: DataTypes.INTEGER, allowNull: false },
  });
  user.hasMany(checkout, { foreignKey: 'userId', ...CASCADE });
  checkout.belongsTo(user, { foreignKey: 'userId', ...CASCADE });
  book.hasMany(checkout, { foreignKey: 'bookId', ...CASCADE });
  checkout.belongsTo(book, { foreignKey: 'bookId', ...CASCADE });
  checkout.hasMany(fine, { foreignKey: 'checkoutId', onDelete: 'CASCADE' });
  return sequelize;
}

const keysOfCheckouts = async (): Promise<readonly string[]> => {
  const rows = await database.query(
    `select conname || ': ' || pg_get_constraintdef(oid) as key from pg_constraint where contype = 'f' and conrelid = '"Checkouts"'::regclass order by 1`,
  );
  return rows.map((row) => String(row['key']));
};

/** "Check for Orphaned Data", word by word. */
const orphans = async (): Promise<readonly number[]> => {
  const withoutUser = await database.query(`
    SELECT * FROM "Checkouts"
    WHERE "userId" NOT IN (SELECT id FROM "Users");`);
  const withoutBook = await database.query(`
    SELECT * FROM "Checkouts"
    WHERE "bookId" NOT IN (SELECT id FROM "Books");`);
  return [withoutUser.length, withoutBook.length];
};

const CASCADING = [
  'Checkouts_bookId_fkey: FOREIGN KEY ("bookId") REFERENCES "Books"(id) ON UPDATE CASCADE ON DELETE CASCADE',
  'Checkouts_userId_fkey: FOREIGN KEY ("userId") REFERENCES "Users"(id) ON UPDATE CASCADE ON DELETE CASCADE',
];

test('without the guard, sync({ alter: true }) crashes as in production and leaves the table without the key', async () => {
  await orphan();
  const sequelize = library(database.url);
  const crash = await sequelize.sync({ alter: true }).catch((error: unknown) => error);
  await sequelize.close();

  expect(crash).toBeInstanceOf(ForeignKeyConstraintError);
  expect((crash as ForeignKeyConstraintError).name).toBe('SequelizeForeignKeyConstraintError');
  expect((crash as ForeignKeyConstraintError).parent).toMatchObject({
    code: '23503',
    detail: 'Key (userId)=(4) is not present in table "Users".',
  });
  expect((await keysOfCheckouts()).filter((key) => key.includes('userId'))).toEqual([]);
});

test('with the guard the same sync succeeds, the orphans and their fines are in quarantine, both keys cascade', async () => {
  await orphan();
  const sequelize = library(database.url);
  const guard = installFkGuard(sequelize, { logger: { debug() {}, info() {}, warn() {}, error() {} } });
  expect(await orphans()).toEqual([4, 4]);
  await sequelize.sync({ alter: true });

  expect(guard.lastOutcome).toMatchObject({
    status: 'repaired',
    rowsDeleted: 8,
    rowsNullified: 0,
    rowsQuarantined: 12,
  });
  expect(await orphans()).toEqual([0, 0]);
  expect(await keysOfCheckouts()).toEqual(CASCADING);
  expect(await database.query(`select count(*)::int as rows from "Checkouts"`)).toEqual([{ rows: 192 }]);
  expect(
    await database.query(
      `select table_name, action, count(*)::int as rows from fk_guard.quarantine group by 1, 2 order by 1`,
    ),
  ).toEqual([
    { table_name: 'Checkouts', action: 'delete', rows: 8 },
    { table_name: 'Fines', action: 'delete', rows: 4 },
  ]);
  await sequelize.close();
});

/** What the document promises under "After" and "Verify CASCADE Deletes Work". */
test('from then on deleting a user or a book takes the checkouts along, and a start finds nothing to do', async () => {
  await orphan();
  for (const status of ['repaired', 'clean']) {
    const sequelize = library(database.url);
    const guard = installFkGuard(sequelize, { logger: { debug() {}, info() {}, warn() {}, error() {} } });
    await sequelize.sync();
    expect(guard.lastOutcome?.status).toBe(status);
    await sequelize.close();
  }
  // "onUpdate: 'CASCADE'": a user with a new number keeps the checkouts.
  await database.query('UPDATE "Users" SET id = 1001 WHERE id = 2;');
  expect(await database.query('SELECT * FROM "Checkouts" WHERE "userId" = 1001;')).toHaveLength(4);
  await database.query('DELETE FROM "Users" WHERE id = 1;');
  expect(await database.query('SELECT * FROM "Checkouts" WHERE "userId" = 1;')).toEqual([]);
  await database.query('DELETE FROM "Books" WHERE id = 2;');
  expect(await database.query('SELECT * FROM "Checkouts" WHERE "bookId" = 2;')).toEqual([]);
  expect(
    await database.query('SELECT * FROM "Fines" WHERE "checkoutId" NOT IN (SELECT id FROM "Checkouts");'),
  ).toEqual([]);
  expect(await orphans()).toEqual([0, 0]);
});

test('a guard that may only look says the same as the queries of the document, and changes nothing', async () => {
  await orphan();
  const sequelize = library(database.url);
  const report = await createGuard({ sequelize }, { scan: 'all' }).check();
  await sequelize.close();
  const found = report.findings.filter(({ kind }) => kind === 'orphaned-rows');
  expect(found.map(({ relation, rows }) => ({ relation, rows }))).toEqual([
    { relation: 'Checkout.userId', rows: 4 },
    { relation: 'Checkout.bookId', rows: 4 },
  ]);
  expect(await orphans()).toEqual([4, 4]);
});
