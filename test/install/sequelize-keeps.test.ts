import { DataTypes } from 'sequelize';
import { eachWithDatabase, type Application } from './early';
import { define, foreignKeys } from './recorded-guard';

const place = eachWithDatabase('sequelize_keeps');
const KEY = '"Books": FOREIGN KEY ("authorId") REFERENCES "Authors"(id) ON UPDATE CASCADE ON DELETE CASCADE';

function withBooks(application: Application): Application {
  const Author = define(application.sequelize, 'Author', {});
  define(application.sequelize, 'Book', {}).belongsTo(Author, {
    foreignKey: 'authorId',
    onDelete: 'CASCADE',
  });
  return application;
}

/** The application of a role that may make tables, and no schemas. */
async function ofRole(sql: (role: string) => string = () => ''): Promise<Application> {
  const role = await place.database.createRole();
  await place.database.query(`grant all on schema public to "${role.name}"; ${sql(role.name)}`);
  return withBooks(place.application({}, {}, role.url));
}

test('no right to a schema for the ledger: the keys are made by Sequelize, and the missing right is named', async () => {
  const { sequelize, log } = await ofRole();
  await sequelize.sync();
  expect(await foreignKeys(place.database)).toEqual([KEY]);
  expect(log.filter((line) => line.includes('lacks: CREATE on the database'))).toHaveLength(1);
});

test('a schema that somebody else has made for the guard is enough', async () => {
  const { sequelize, guard } = await ofRole((role) => `create schema fk_guard authorization "${role}"`);
  await sequelize.sync();
  expect(await foreignKeys(place.database)).toEqual([KEY]);
  expect(guard.lastOutcome).toMatchObject({ status: 'repaired' });
});

test('a table of somebody else: its key is left out, and said at once; the own tables get theirs', async () => {
  await place.database
    .query(`create table "Owners" (id int primary key); create table "Pets" (id int, "ownerId" int);
    create table "Toys" (id int primary key, "ownerId" int)`);
  const { sequelize, guard, log } = await ofRole(
    (role) =>
      `create schema fk_guard authorization "${role}"; grant select on all tables in schema public to "${role}"`,
  );
  const Owner = define(sequelize, 'Owner', {});
  for (const name of ['Pet', 'Toy'])
    define(sequelize, name, {}).belongsTo(Owner, { foreignKey: 'ownerId', onDelete: 'CASCADE' });
  await sequelize.sync();
  expect(await foreignKeys(place.database)).toEqual([KEY]);
  expect(guard.lastOutcome?.status).toBe('refused');
  expect(
    log.filter((line) => line.includes('ownership of public.Pets; ownership of public.Toys; ')),
  ).toHaveLength(1);
  expect(
    guard.lastOutcome?.steps.flatMap(({ status, error }) => (error ? [[status, error.code]] : [])),
  ).toEqual(expect.arrayContaining([['refused', 'PRIVILEGE']]));
});

test("a parent that the role may refer to and not change: Sequelize's key", async () => {
  await place.database.query('create table "Authors" (id int primary key)');
  const { sequelize } = await ofRole(
    (role) =>
      `create schema fk_guard authorization "${role}"; grant select, references on "Authors" to "${role}"`,
  );
  await sequelize.sync();
  expect(await foreignKeys(place.database)).toEqual([KEY]);
});

test("a table of an application under a name of the ledger's: a warning, and Sequelize's keys", async () => {
  await place.database.query('create schema fk_guard; create table fk_guard.run (km int)');
  const { sequelize, log } = withBooks(place.application());
  await sequelize.sync();
  expect(await foreignKeys(place.database)).toEqual([KEY]);
  expect(log.join('\n')).toContain("The schema fk_guard has a table run that is not the guard's");
  expect(await place.database.query('select * from fk_guard.run')).toEqual([]);
});

describe('inside of a guarded sync, in a hook', () => {
  test('another guarded instance does not wait for the first one', async () => {
    const outer = withBooks(place.application());
    const inner = place.application();
    const Shelf = define(inner.sequelize, 'Shelf', {});
    define(inner.sequelize, 'Box', {}).belongsTo(Shelf, { foreignKey: 'shelfId', onDelete: 'CASCADE' });
    const waits: number[] = [];
    inner.guard.on('wait', ({ waitedMs }) => waits.push(waitedMs));
    outer.sequelize.addHook('afterBulkSync', async () => void (await inner.sequelize.sync()));
    await outer.sequelize.sync();
    expect(waits).toEqual([]);
    expect(await foreignKeys(place.database)).toEqual(
      [
        KEY,
        '"Boxes": FOREIGN KEY ("shelfId") REFERENCES "Shelves"(id) ON UPDATE CASCADE ON DELETE CASCADE',
      ].sort(),
    );
    expect(inner.log.join('\n')).toContain('A sync() around this call is at work on this database');
    expect(outer.guard.lastOutcome).toMatchObject({ status: 'repaired' });
  });

  test('run() does not wait either, and the sync goes on', async () => {
    const { sequelize, guard, log } = withBooks(place.application());
    const waits: number[] = [];
    guard.on('wait', ({ waitedMs }) => waits.push(waitedMs));
    const statuses: string[] = [];
    sequelize.addHook('afterBulkSync', async () => void statuses.push((await guard.run()).status));
    await sequelize.sync();
    expect([waits, statuses]).toEqual([[], ['partial']]);
    expect(log.join('\n')).toContain('Call it after that sync()');
    expect(await foreignKeys(place.database)).toEqual([KEY]);
  });
});

describe('models that the guard cannot read do not keep an application from starting', () => {
  test.each([['repair'], ['check']] as const)('an action that is none, in mode %s', async (mode) => {
    await place.database.query(
      'create table "Authors" (id int primary key); create table "Books" (id int primary key, "authorId" int)',
    );
    const { sequelize, guard, log } = place.application({ mode });
    const Author = define(sequelize, 'Author', {});
    define(sequelize, 'Book', {}).belongsTo(Author, { foreignKey: 'authorId', onDelete: 'SET_NULL' });
    await sequelize.sync();
    expect(log).toEqual([
      'fk-guard: Invalid model: onDelete of "Book.authorId" is "SET_NULL"; did you mean "SET NULL"? ' +
        'Write one of "NO ACTION", "RESTRICT", "CASCADE", "SET NULL", "SET DEFAULT" in the model.',
    ]);
    await expect(guard.check()).rejects.toMatchObject({ code: 'OPTIONS' });
  });

  test("an instance that has nothing but the migrations' table", async () => {
    const { sequelize, guard, log } = place.application();
    const Meta = define(sequelize, 'SequelizeMeta', { name: { type: DataTypes.STRING, primaryKey: true } });
    await Meta.sync();
    await Meta.sync();
    await sequelize.sync();
    expect(log).toHaveLength(1);
    expect(log[0]).toContain('There are no models');
    await expect(guard.check()).rejects.toMatchObject({ code: 'NO_MODELS' });
  });
});
