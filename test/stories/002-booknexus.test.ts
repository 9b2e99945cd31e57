import { DataTypes, ForeignKeyConstraintError, Sequelize } from 'sequelize';
import { installFkGuard } from 'sequelize-fk-guard';
import { createDatabase, type TestDatabase } from '../postgres/database';

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

/** The seed's state: a user was deleted while the triggers of the keys were off, as a bulk import does it. */
const orphan = async (): Promise<void> => {
  await database.query(
    `begin; set local session_replication_role = replica; delete from "Users" where id = 4; commit`,
  );
};

function library(url: string): Sequelize {
  const sequelize = new Sequelize(url, { logging: false, define: { timestamps: false } });
  const user = sequelize.define('User', { name: DataTypes.TEXT });
  const book = sequelize.define('Book', { title: DataTypes.TEXT });
  const checkout = sequelize.define('Checkout', {
    userId: { type: DataTypes.INTEGER, allowNull: false },
    bookId: { type: DataTypes.INTEGER, allowNull: false },
  });
  const fine = sequelize.define('Fine', {
    amount: DataTypes.DECIMAL,
    checkoutId: { type: DataTypes.INTEGER, allowNull: false },
  });
  user.hasMany(checkout, { foreignKey: 'userId', onDelete: 'CASCADE' });
  checkout.belongsTo(user, { foreignKey: 'userId', onDelete: 'CASCADE' });
  book.hasMany(checkout, { foreignKey: 'bookId', onDelete: 'CASCADE' });
  checkout.belongsTo(book, { foreignKey: 'bookId', onDelete: 'CASCADE' });
  checkout.hasMany(fine, { foreignKey: 'checkoutId', onDelete: 'CASCADE' });
  return sequelize;
}

const keysOfCheckouts = async (): Promise<readonly string[]> => {
  const rows = await database.query(
    `select conname || ': ' || pg_get_constraintdef(oid) as key from pg_constraint where contype = 'f' and conrelid = '"Checkouts"'::regclass order by 1`,
  );
  return rows.map((row) => String(row['key']));
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
  await sequelize.sync({ alter: true });

  expect(guard.lastOutcome).toMatchObject({
    status: 'repaired',
    rowsDeleted: 4,
    rowsNullified: 0,
    rowsQuarantined: 8,
  });
  expect(await keysOfCheckouts()).toEqual(CASCADING);
  expect(await database.query(`select count(*)::int as rows from "Checkouts"`)).toEqual([{ rows: 196 }]);
  expect(
    await database.query(
      `select table_name, action, count(*)::int as rows from fk_guard.quarantine group by 1, 2 order by 1`,
    ),
  ).toEqual([
    { table_name: 'Checkouts', action: 'delete', rows: 4 },
    { table_name: 'Fines', action: 'delete', rows: 4 },
  ]);
  await database.query(`delete from "Users" where id = 1`);
  expect(await database.query(`select count(*)::int as rows from "Checkouts" where "userId" = 1`)).toEqual([
    { rows: 0 },
  ]);
  await sequelize.close();
});
