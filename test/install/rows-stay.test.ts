import { DataTypes, type Model, type ModelStatic } from 'sequelize';
import { eachWithDatabase, type Application } from './early';
import { define, foreignKeys } from './recorded-guard';

const place = eachWithDatabase('rows_stay');
const books = async (): Promise<number> => (await place.database.query('select 1 from "Books"')).length;

/** Authors and their books, under a CASCADE that somebody wrote; whoever makes the authors anew puts the first one in. */
function library(): Application & { readonly Author: ModelStatic<Model>; readonly Book: ModelStatic<Model> } {
  const application = place.application();
  const Author = define(application.sequelize, 'Author', {});
  const Book = define(application.sequelize, 'Book', {});
  Author.hasMany(Book, { foreignKey: 'authorId', onDelete: 'CASCADE' });
  Author.addHook(
    'afterSync',
    async () => void (await place.database.query('insert into "Authors" values (1) on conflict do nothing')),
  );
  return { ...application, Author, Book };
}

const TABLES = `create table "Authors" (id serial primary key);
  create table "Books" (id serial primary key,
    "authorId" integer references "Authors" on update cascade on delete cascade);
  insert into "Authors" select from generate_series(1, 9);
  insert into "Books" ("authorId") select i from generate_series(2, 9) i`;

const justSynced = expect.objectContaining({
  kind: 'orphaned-rows',
  rows: 8,
  refusal: expect.objectContaining({ code: 'JUST_SYNCED' }) as unknown,
}) as unknown;

test('force on a parent: its children stay, and are reported', async () => {
  await place.database.query(TABLES);
  const { guard, Author, log } = library();
  await Author.sync({ force: true });
  expect(await books()).toBe(8);
  expect(await foreignKeys(place.database)).toEqual([]);
  expect(guard.lastOutcome).toMatchObject({ status: 'refused', rowsDeleted: 0 });
  expect(guard.lastOutcome?.remaining).toContainEqual(justSynced);
  expect(log.join('\n')).toContain('JUST_SYNCED');
});

test.each([
  { before: 'the key was missing', damage: 'alter table "Books" drop constraint "Books_authorId_fkey"' },
  { before: 'there was nothing to do', damage: '' },
])('force inside of a sync, in a hook, where $before: the same', async ({ damage }) => {
  await place.database.query(`${TABLES}; ${damage}`);
  const { sequelize, guard, Author } = library();
  sequelize.addHook('afterBulkSync', async () => void (await Author.sync({ force: true })));
  await sequelize.sync();
  expect(await books()).toBe(8);
  expect(guard.lastOutcome?.remaining).toContainEqual(justSynced);
});

test("force inside of another model's sync: the same", async () => {
  await place.database.query(TABLES);
  const { sequelize, guard, Author } = library();
  const Note = define(sequelize, 'Note', {});
  Note.addHook('afterSync', async () => void (await Author.sync({ force: true })));
  await Note.sync();
  expect(await books()).toBe(8);
  expect(guard.lastOutcome?.remaining).toContainEqual(justSynced);
});

test.each(['beforeBulkSync', 'afterBulkSync'] as const)(
  'force beside the guard (hooks: false), inside of a sync, in %s: the same',
  async (hook) => {
    await place.database.query(`${TABLES}; alter table "Books" drop constraint "Books_authorId_fkey"`);
    const { sequelize, guard, Author } = library();
    sequelize.addHook(hook, async () => {
      await Author.sync({ force: true, hooks: false });
      await Author.create({});
    });
    await sequelize.sync();
    expect(await books()).toBe(8);
    expect(guard.lastOutcome?.remaining).toContainEqual(justSynced);
  },
);

test('force makes the key again where no row stands in the way', async () => {
  await place.database.query(`${TABLES}; update "Books" set "authorId" = 1`);
  const { Author } = library();
  await Author.sync({ force: true });
  expect(await foreignKeys(place.database)).toEqual([
    '"Books": FOREIGN KEY ("authorId") REFERENCES "Authors"(id) ON UPDATE CASCADE ON DELETE CASCADE',
  ]);
});

test('a parent that the sync makes: the rows that were there before it stay', async () => {
  await place.database.query(`${TABLES}; drop table "Authors" cascade`);
  const { sequelize, guard } = library();
  await sequelize.sync();
  expect(await books()).toBe(8);
  expect(guard.lastOutcome?.remaining).toContainEqual(justSynced);
});

describe('a key column that alter adds, with a default', () => {
  const shelves = (defaultValue: unknown): Application => {
    const application = place.application();
    const Shelf = define(application.sequelize, 'Shelf', {});
    define(application.sequelize, 'Book', {}).belongsTo(Shelf, {
      foreignKey: { name: 'shelfId', allowNull: false, defaultValue } as never,
      onDelete: 'CASCADE',
    });
    return application;
  };
  beforeEach(() =>
    place.database.query(`create table "Shelves" (id serial primary key);
      create table "Books" (id serial primary key);
      insert into "Shelves" values (5); insert into "Books" select from generate_series(1, 8)`),
  );

  test('takes no row, and neither does the next start: the default is a placeholder', async () => {
    const { sequelize, guard } = shelves(1);
    await sequelize.sync({ alter: true });
    expect(await books()).toBe(8);
    expect(guard.lastOutcome?.remaining).toContainEqual(justSynced);
    await sequelize.sync();
    expect(await books()).toBe(8);
    expect(guard.lastOutcome?.remaining).toContainEqual(
      expect.objectContaining({
        refusal: expect.objectContaining({
          code: 'SENTINEL_KEYS',
          message:
            "8 of the orphans have a placeholder (0, -1, an empty string, the nil uuid or the column's default) for a key",
        }) as unknown,
      }),
    );
  });

  test('gets its key when the default is a parent', async () => {
    const { sequelize, guard } = shelves(5);
    await sequelize.sync({ alter: true });
    expect(guard.lastOutcome).toMatchObject({ status: 'repaired', rowsDeleted: 0 });
    expect(await foreignKeys(place.database)).toHaveLength(1);
  });
});

test('what was orphaned before is cleaned up all the same, alter or not', async () => {
  await place.database.query(`${TABLES}; alter table "Books" drop constraint "Books_authorId_fkey";
    insert into "Books" ("authorId") values (99)`);
  const { sequelize, guard } = library();
  define(sequelize, 'Note', { text: { type: DataTypes.TEXT } });
  await sequelize.sync({ alter: true });
  expect(guard.lastOutcome).toMatchObject({ status: 'repaired', rowsDeleted: 1 });
});
