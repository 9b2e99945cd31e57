import { DataTypes } from 'sequelize';
import { explainForeignKeyError } from 'sequelize-fk-guard';
import { openLibrary, type Library } from './library';

let library: Library;
beforeAll(async () => {
  library = await openLibrary();
  const { sequelize } = library;
  const user = sequelize.model('User');
  // Two relations for which the database cannot make a key: to a column that is not unique, and of another type.
  sequelize
    .define('Alias', { userCode: DataTypes.TEXT }, { tableName: 'aliases' })
    .belongsTo(user, { as: 'owner', foreignKey: 'userCode', targetKey: 'code' });
  sequelize
    .define('Session', { userId: DataTypes.UUID }, { tableName: 'sessions' })
    .belongsTo(user, { as: 'user', foreignKey: 'userId' });
});
afterAll(() => library.close());

const explained = async (...statements: readonly string[]) =>
  explainForeignKeyError(await library.failure(...statements), library.sequelize);

test('a key to a column that is not unique', async () => {
  expect(
    await explained('create table aliases (id int, "userCode" text references users (code))'),
  ).toMatchObject({
    code: '42830',
    problem: 'no-unique-key',
    relation: 'Alias.userCode',
    message:
      'Alias.userCode cannot refer to public.users (code): no primary key, unique constraint or unique index covers exactly that.',
    suggestion:
      'Point to the primary key, or make the attribute unique in User (unique: true). `fk-guard plan` shows how the database gets it without stopping writers.',
  });
});

test('a key between columns that PostgreSQL does not compare', async () => {
  expect(
    await explained('create table sessions (id int, "userId" uuid references users (id))'),
  ).toMatchObject({
    code: '42804',
    problem: 'incompatible-types',
    relation: 'Session.userId',
    message: 'Session.userId cannot refer to public.users (id): PostgreSQL does not compare their types.',
  });
});

test('the same out of sync(), as an application sees it', async () => {
  const error: unknown = await library.sequelize
    .model('Session')
    .sync()
    .catch((caught: unknown) => caught);
  expect(await explainForeignKeyError(error, library.sequelize)).toMatchObject({
    problem: 'incompatible-types',
    relation: 'Session.userId',
  });
});

test('a key that no model declares is explained without a relation', async () => {
  const told = await explained('create table loose (id int, at text references users (code))');
  expect(told).toMatchObject({ code: '42830', problem: 'no-unique-key' });
  expect(told?.relation).toBeUndefined();
  expect(told?.message).toBe(
    'The child cannot refer to its parent: no primary key, unique constraint or unique index covers exactly that.',
  );
});

test('a table that keys need is dropped', async () => {
  expect(await explained('drop table shelves')).toMatchObject({
    code: '2BP01',
    problem: 'needed-by-key',
    constraint: 'copies_shelf',
    message: 'It cannot go, because foreign keys need it: copies_shelf of public.copies.',
  });
});

test('the unique key that keys rest on is dropped: each of them is named', async () => {
  const told = await explained('alter table users drop constraint users_pkey');
  expect(told?.message.split(': ')[1]?.replace(/\.$/, '').split(', ').sort()).toEqual([
    'badges_user_id_fkey of public.badges',
    'cards_user_id_fkey of public.cards',
    'checkouts_user of public.checkouts',
    'events_user_id_fkey of public.events',
    'visits_user of public.visits',
  ]);
});

test('a table that a key needs is emptied', async () => {
  expect(await explained('truncate shelves')).toMatchObject({
    code: '0A000',
    problem: 'needed-by-key',
    constraint: 'copies_shelf',
  });
});

test.each([
  ['a view needs it', 'alter table users drop column id'],
  ['a duplicate', "insert into users (id, email) values (1, 'z')"],
  ['a null where none may be', 'insert into fines (checkout_id) values (null)'],
  ['a type error of no key', 'select 1 union select now()'],
  ['a syntax error', 'selec 1'],
  ['an unsupported statement of no key', 'create table t (id int) partition by range (id, (select 1))'],
])('%s: not about a foreign key, so nothing is said', async (_title, statement) => {
  const error = await library.failure(statement);
  expect(error).toBeInstanceOf(Error);
  // `users.id` is needed by keys as well as by the view: only the view is left when they are gone.
  const told = await explainForeignKeyError(error, library.sequelize);
  expect(told?.problem).toBe(statement.includes('drop column') ? 'needed-by-key' : undefined);
});

test.each([undefined, null, 'text', new Error('no database error'), { code: 23503 }])(
  '%p is no error of a database',
  async (error) => {
    expect(await explainForeignKeyError(error, library.sequelize)).toBeUndefined();
  },
);
