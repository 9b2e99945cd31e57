import { Client } from 'pg';
import { Sequelize } from 'sequelize';
import { explainForeignKeyError } from 'sequelize-fk-guard';
import { openLibrary, type Library } from './library';

let library: Library;
beforeAll(async () => void (library = await openLibrary()));
afterAll(() => library.close());

const INSERT = 'insert into checkouts ("userId") values (77)';
const TOLD = { problem: 'missing-parent', relation: 'Checkout.userId', key: { id: '77' } };

test('an error of pg itself, wherever it was wrapped', async () => {
  const client = new Client({ connectionString: library.database.url });
  await client.connect();
  const error: unknown = await client.query(INSERT).catch((caught: unknown) => caught);
  await client.end();
  for (const thrown of [
    error,
    new Error('order failed', { cause: error }),
    { original: error },
    { cause: { parent: error } },
  ])
    expect(await explainForeignKeyError(thrown, library.sequelize)).toMatchObject(TOLD);
});

test('in the catch block of a transaction that is still open', async () => {
  const transaction = await library.sequelize.transaction();
  const error: unknown = await library.sequelize
    .model('Checkout')
    .create({ userId: 77 }, { transaction })
    .catch((caught: unknown) => caught);
  expect(await explainForeignKeyError(error, library.sequelize)).toMatchObject(TOLD);
  await transaction.rollback();
});

test('two hundred errors at once are told by one connection', async () => {
  const error = await library.failure(INSERT);
  const manager = library.sequelize.connectionManager as unknown as { _connect: Connect };
  const connect = manager._connect.bind(manager);
  let connections = 0;
  manager._connect = (...config) => {
    connections++;
    return connect(...config);
  };
  const told = await Promise.all(
    Array.from({ length: 200 }, () => explainForeignKeyError(error, library.sequelize)),
  );
  expect(told).toHaveLength(200);
  for (const one of told) expect(one).toMatchObject(TOLD);
  expect(connections).toBe(1);
});

type Connect = (...config: readonly unknown[]) => Promise<unknown>;

describe('where the catalog cannot be read', () => {
  const lost = new Sequelize('postgres://nobody:wrong@127.0.0.1:1/none', { logging: false });
  beforeAll(() => {
    for (const name of ['User', 'Checkout']) {
      const { tableName, rawAttributes } = library.sequelize.model(name);
      lost.define(name, { ...rawAttributes }, { tableName, timestamps: false });
    }
    lost.model('Checkout').belongsTo(lost.model('User'), { as: 'borrower', foreignKey: 'userId' });
  });

  test('the error and the models tell it', async () => {
    expect(await explainForeignKeyError(await library.failure(INSERT), lost)).toMatchObject({
      ...TOLD,
      model: 'Checkout',
      parentModel: 'User',
      message:
        'Checkout.userId names a parent that does not exist: there is no User (public.users) with id = 77.',
    });
  });

  test('what only the catalog tells is left out', async () => {
    const error = await library.failure('delete from users where id = 1');
    const told = await explainForeignKeyError(error, lost);
    expect(told).toMatchObject({ problem: 'children-block', relation: 'Checkout.userId' });
    expect(told?.children).toBeUndefined();
  });

  test('an error of a key that no model has names its table', async () => {
    const error = await library.failure('insert into nodes values (3, 9)');
    expect(await explainForeignKeyError(error, lost)).toMatchObject({
      problem: 'violated',
      constraint: 'nodes_parent_id_fkey',
      child: { schema: 'public', table: 'nodes' },
    });
  });
});

test('a role that may not read the tables is told the same, without a count', async () => {
  const role = await library.database.createRole();
  const limited = new Sequelize(role.url, { logging: false });
  const user = limited.define('User', {}, { tableName: 'users', timestamps: false });
  limited
    .define('Checkout', {}, { tableName: 'checkouts', timestamps: false })
    .belongsTo(user, { as: 'borrower', foreignKey: 'userId' });
  const told = await explainForeignKeyError(await library.failure('delete from users where id = 1'), limited);
  await limited.close();
  expect(told).toMatchObject({ problem: 'children-block', relation: 'Checkout.userId', key: { id: '1' } });
  expect(told?.children).toBeUndefined();
});
