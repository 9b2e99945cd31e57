import { DataTypes } from 'sequelize';
import { installFkGuard } from '../../src/install';
import type { FkGuardOptions } from '../../src/options';
import { eachWithLibrary, SEQUELIZE_KEY } from './library';
import { columns, connect, define, foreignKeys } from './recorded-guard';

const library = eachWithLibrary('guarded_application');
const warnings: string[] = [];
const silent = (): void => undefined;
const logger = {
  debug: silent,
  info: silent,
  warn: (message: string) => warnings.push(message),
  error: silent,
};
const install = (options: FkGuardOptions = {}) => installFkGuard(library.sequelize, { logger, ...options });
const keyOids = () =>
  library.database.query(`select oid from pg_constraint
    where contype = 'f' and connamespace <> coalesce(to_regnamespace('fk_guard'), 0) order by oid`);

test('an empty database gets the tables from Sequelize and the keys from the guard', async () => {
  const guard = install();
  await library.sequelize.sync();
  expect(await foreignKeys(library.database)).toEqual([SEQUELIZE_KEY]);
  // Neither of the two builds an index for a key unasked.
  expect(guard.lastOutcome).toMatchObject({
    status: 'repaired',
    remaining: [{ kind: 'unindexed-foreign-key' }],
  });
  expect(library.references()).toMatchObject({ model: 'Authors', key: 'id' });
});

test('a pool of one connection is enough', async () => {
  const narrow = connect(library.database, { pool: { max: 1, acquire: 5_000 } });
  const Shelf = define(narrow, 'Shelf', {});
  define(narrow, 'Box', {}).belongsTo(Shelf, { foreignKey: 'shelfId' });
  installFkGuard(narrow, { logger });
  await narrow.sync();
  expect(await foreignKeys(library.database)).toHaveLength(1);
  await narrow.close();
});

test('alter ten times: one key for each relation, and the same one after the first time', async () => {
  install();
  await library.sequelize.sync({ alter: true });
  const first = await keyOids();
  for (let run = 0; run < 10; run++) await library.sequelize.sync({ alter: true });
  expect(await keyOids()).toEqual(first);
  expect(first).toHaveLength(1);
});

test('a cyclic graph gets every key, those of the join table too, and loses no column', async () => {
  const { sequelize, database, Author, Book } = library;
  Author.belongsTo(Book, { foreignKey: 'favouriteId' });
  Author.belongsToMany(Book, { through: 'Signings', timestamps: false });
  await database.query('create table "Authors" (id serial primary key, note text)');
  install();
  await sequelize.sync();
  // A plain sync never adds a column to a table that exists: favouriteId is missing until alter is asked for.
  expect(await columns(database, '"Authors"')).toEqual(['id integer not null', 'note text']);
  await database.query('alter table "Authors" add "favouriteId" integer');
  await sequelize.sync();
  expect(await foreignKeys(database)).toEqual([
    '"Authors": FOREIGN KEY ("favouriteId") REFERENCES "Books"(id) ON UPDATE CASCADE ON DELETE SET NULL',
    SEQUELIZE_KEY,
    '"Signings": FOREIGN KEY ("AuthorId") REFERENCES "Authors"(id) ON UPDATE CASCADE ON DELETE CASCADE',
    '"Signings": FOREIGN KEY ("BookId") REFERENCES "Books"(id) ON UPDATE CASCADE ON DELETE CASCADE',
  ]);
});

describe('an orphaned row', () => {
  async function orphaned(): Promise<void> {
    const { sequelize, database, Book } = library;
    define(sequelize, 'Note', { bookId: { type: DataTypes.INTEGER, allowNull: false } });
    Book.hasMany(sequelize.model('Note'), { foreignKey: 'bookId', onDelete: 'CASCADE' });
    await database.query(`create table "Authors" (id serial primary key);
      create table "Books" (id serial primary key, "authorId" integer);
      create table "Notes" (id serial primary key, "bookId" integer not null);
      insert into "Books" default values;
      insert into "Notes" ("bookId") values (1), (99)`);
  }

  test('breaks a plain alter', async () => {
    await orphaned();
    await expect(library.sequelize.sync({ alter: true })).rejects.toMatchObject({
      name: 'SequelizeForeignKeyConstraintError',
    });
  });

  test('does not with the guard: its copy is in the quarantine and the key is there, valid', async () => {
    await orphaned();
    const guard = install();
    await library.sequelize.sync({ alter: true });
    expect(guard.lastOutcome).toMatchObject({ status: 'repaired', rowsDeleted: 1, rowsQuarantined: 1 });
    expect(await library.database.query('select "bookId" from "Notes"')).toEqual([{ bookId: 1 }]);
    expect(await foreignKeys(library.database)).toContain(
      '"Notes": FOREIGN KEY ("bookId") REFERENCES "Books"(id) ON UPDATE CASCADE ON DELETE CASCADE',
    );
  });

  test('stays in check mode, which writes nothing of its own', async () => {
    await orphaned();
    install({ mode: 'check' });
    await library.sequelize.sync();
    expect(await library.database.query('select 1 from "Notes"')).toHaveLength(2);
    expect(await foreignKeys(library.database)).toEqual([]);
    expect(await library.database.query(`select 1 from pg_namespace where nspname = 'fk_guard'`)).toEqual([]);
  });
});

test('FK_GUARD_MODE=off wins over the code', async () => {
  process.env['FK_GUARD_MODE'] = 'off';
  try {
    const guard = install({ mode: 'repair' });
    await library.sequelize.sync();
    expect(guard.lastOutcome).toBeUndefined();
    expect(await foreignKeys(library.database)).toEqual([SEQUELIZE_KEY]);
  } finally {
    delete process.env['FK_GUARD_MODE'];
  }
});

test("a tenant's copies get keys among themselves, and the other schema's keys stay as they are", async () => {
  const { sequelize, database, Author, Book } = library;
  install();
  await sequelize.sync();
  const before = await keyOids();
  await database.query('create schema tenant');
  await Author.schema('tenant').sync();
  await Book.schema('tenant').sync();
  expect(await foreignKeys(database)).toEqual([
    SEQUELIZE_KEY,
    SEQUELIZE_KEY.replaceAll(/"(Books|Authors)"/g, 'tenant."$1"'),
  ]);
  expect(await keyOids()).toEqual(expect.arrayContaining(before));
});

test("syncing a tenant's copy of a parent judges no row of another schema by it", async () => {
  const { sequelize, database, Author } = library;
  Author.hasMany(define(sequelize, 'Note', {}), { foreignKey: 'authorId', onDelete: 'CASCADE' });
  const rows =
    'insert into "Authors" select from generate_series(1, 9); insert into "Notes" ("authorId") values (9)';
  await database.query(`create schema tenant; create table tenant."Authors" (id serial primary key);
    insert into tenant."Authors" default values;
    create table "Authors" (id serial primary key); create table "Notes" (id serial primary key, "authorId" integer);
    ${rows}`);
  install();
  await Author.schema('tenant').sync();
  expect(await database.query('select "authorId" from "Notes"')).toEqual([{ authorId: 9 }]);
  expect(await foreignKeys(database)).toEqual([]);
});

test('models that sync one after the other, each by itself, end with their keys', async () => {
  install();
  await Promise.all([library.Author.sync(), library.Book.sync()]);
  expect(await foreignKeys(library.database)).toEqual([SEQUELIZE_KEY]);
});
