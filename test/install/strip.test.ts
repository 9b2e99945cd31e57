import { DataTypes, type Sequelize } from 'sequelize';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { columns, connect, define, foreignKeys, recordGuard } from './recorded-guard';

let database: TestDatabase;
let sequelize: Sequelize;

beforeEach(async () => {
  database = await createDatabase('strip');
  sequelize = connect(database);
});

afterEach(async () => {
  await sequelize.close();
  await database.drop();
});

/** Author.favouriteId → Book and Book.authorId → Author, and Label, which has nothing to do with them. */
function cyclicModels(): void {
  const Author = define(sequelize, 'Author', {});
  const Book = define(sequelize, 'Book', {});
  define(sequelize, 'Label', {});
  Book.belongsTo(Author, { foreignKey: 'authorId' });
  Author.belongsTo(Book, { foreignKey: 'favouriteId' });
  Author.belongsToMany(Book, { through: 'Signings', timestamps: false });
}

describe('a cyclic graph', () => {
  const olderTables = `create table "Labels" (id serial primary key, note text);
    insert into "Labels" (note) values ('not in the model')`;

  test('without the wrapper, plain sync() drops a column that the model does not have', async () => {
    await database.query(olderTables);
    cyclicModels();
    await sequelize.sync();
    expect(await columns(database, '"Labels"')).toEqual(['id integer not null']);
  });

  test('with it, the column stays, no key is made, and the references are back afterwards', async () => {
    await database.query(olderTables);
    cyclicModels();
    const before = structuredClone(sequelize.models['Book']?.getAttributes()['authorId']?.references);
    const recording = recordGuard(sequelize);
    expect(await sequelize.sync()).toBe(sequelize);
    expect(await columns(database, '"Labels"')).toEqual(['id integer not null', 'note text']);
    expect(await columns(database, '"Signings"')).toEqual([
      'AuthorId integer not null',
      'BookId integer not null',
    ]);
    expect(await foreignKeys(database)).toEqual([]);
    expect(recording.calls).toEqual(['begin *', 'finish true']);
    expect(before).toMatchObject({ model: 'Authors', key: 'id' });
    expect(sequelize.models['Book']?.getAttributes()['authorId']?.references).toEqual(before);
  });

  test('force drops and creates all tables, whatever keys there are', async () => {
    cyclicModels();
    await sequelize.sync();
    expect(await foreignKeys(database)).toHaveLength(2);
    await database.query(`insert into "Labels" default values`);
    const recording = recordGuard(sequelize);
    await sequelize.sync({ force: true });
    expect(recording.scopes).toEqual([{ force: true, alter: false }]);
    expect(await foreignKeys(database)).toEqual([]);
    expect(await database.query(`select * from "Labels"`)).toEqual([]);
  });
});

describe('alter', () => {
  const olderTables = `
    create table "Authors" (id serial primary key);
    create table "Books" (id serial primary key, "authorId" bigint not null);
    insert into "Authors" values (1);
    alter table "Books" add constraint mine foreign key ("authorId") references "Authors" on delete cascade;
    insert into "Books" ("authorId") values (1);
    create table "Notes" (id serial primary key, "bookId" numeric);
    insert into "Notes" ("bookId") values (1.6)`;

  function models(): void {
    const Author = define(sequelize, 'Author', { name: DataTypes.STRING(20) });
    const Book = define(sequelize, 'Book', {
      authorId: { type: DataTypes.INTEGER },
      title: DataTypes.STRING(20),
    });
    const Note = define(sequelize, 'Note', {});
    Book.belongsTo(Author, { foreignKey: 'authorId' });
    Note.belongsTo(Book, { foreignKey: 'bookId' });
    Note.belongsTo(Author, { foreignKey: 'writerId' });
  }

  const keyOid = async () =>
    (await database.query<{ oid: number }>(`select oid from pg_constraint where conname = 'mine'`))[0]?.oid;

  test('ten times leaves keys, types, values and NOT NULL of foreign-key columns alone', async () => {
    await database.query(olderTables);
    const oid = await keyOid();
    models();
    recordGuard(sequelize);
    for (let run = 0; run < 10; run++) await sequelize.sync({ alter: true });
    expect(await keyOid()).toBe(oid);
    expect(oid).toBeGreaterThan(0);
    expect(await foreignKeys(database)).toEqual([
      '"Books": FOREIGN KEY ("authorId") REFERENCES "Authors"(id) ON DELETE CASCADE',
    ]);
    expect(await columns(database, '"Books"')).toContain('authorId bigint not null');
    expect(await database.query(`select "bookId"::text as value from "Notes"`)).toEqual([{ value: '1.6' }]);
  });

  test('still adds missing columns, without a key for a foreign-key column, and alters all others', async () => {
    await database.query(`${olderTables}; alter table "Authors" add name varchar(5)`);
    models();
    recordGuard(sequelize);
    await sequelize.sync({ alter: true });
    expect(await columns(database, '"Authors"')).toEqual([
      'id integer not null',
      'name character varying(20)',
    ]);
    expect(await columns(database, '"Books"')).toContain('title character varying(20)');
    expect(await columns(database, '"Notes"')).toContain('writerId integer');
    expect(await foreignKeys(database)).toHaveLength(1);
  });

  test('without the wrapper Sequelize drops the key and makes another', async () => {
    await database.query(`${olderTables}; drop table "Notes"`);
    models();
    await sequelize.sync({ alter: true });
    expect(await keyOid()).toBeUndefined();
  });
});

test('a relation that the guard does not own keeps its references, and Sequelize makes its key', async () => {
  const shared = { writerId: { type: DataTypes.INTEGER, references: { model: 'Authors', key: 'id' } } };
  define(sequelize, 'Author', {});
  define(sequelize, 'Book', {
    authorId: { type: DataTypes.INTEGER, references: { model: 'Authors', key: 'id' } },
  });
  define(sequelize, 'Note', shared);
  define(sequelize, 'Page', {
    authorId: { type: DataTypes.INTEGER, references: { model: 'Authors', key: 'id' } },
  });
  // Sequelize keeps the author's own attribute objects: here two models share one, and only one of them is owned.
  define(sequelize, 'Memo', shared);
  recordGuard(sequelize, { owned: ['Book.authorId', 'Memo.writerId'] });
  await sequelize.sync();
  expect(await foreignKeys(database)).toEqual([
    '"Memos": FOREIGN KEY ("writerId") REFERENCES "Authors"(id)',
    '"Notes": FOREIGN KEY ("writerId") REFERENCES "Authors"(id)',
    '"Pages": FOREIGN KEY ("authorId") REFERENCES "Authors"(id)',
  ]);
});
