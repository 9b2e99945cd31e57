import { eachWithLibrary } from './library';
import { connect, define, foreignKeys, recordGuard } from './recorded-guard';

const library = eachWithLibrary('sync_scope');

test('sync() begins before the first table and finishes after the last, with the references back', async () => {
  const tables = async (): Promise<unknown> =>
    library.database.query(`select relname from pg_class where relname in ('Authors', 'Books')`);
  const seen: unknown[] = [];
  const look = async (): Promise<unknown> => seen.push(await tables(), library.references());
  recordGuard(library.sequelize, { onBegin: look, onFinish: look });
  await library.sequelize.sync();
  const key = { model: 'Authors', key: 'id' };
  expect(seen).toEqual([
    [],
    expect.objectContaining(key),
    [{ relname: 'Authors' }, { relname: 'Books' }],
    expect.objectContaining(key),
  ]);
});

test.each([
  [{}, { force: false, alter: false }],
  [{ force: true }, { force: true, alter: false }],
  [{ alter: { drop: false } }, { force: false, alter: true }],
  [{ schema: 'public' }, { force: false, alter: false, schema: 'public' }],
])('sync(%j) has the scope %j', async (options, scope) => {
  const recording = recordGuard(library.sequelize);
  await library.sequelize.sync(options);
  expect(recording.scopes).toEqual([scope]);
});

test('the options of the instance and those that hooks set count too', async () => {
  const other = connect(library.database, { sync: { alter: true } });
  define(other, 'Shelf', {});
  const recording = recordGuard(other);
  other.addHook('beforeBulkSync', (options) => void Object.assign(options, { force: true }));
  await other.sync();
  expect(recording.scopes).toEqual([{ force: true, alter: true }]);
  await other.close();
});

test('a run that a nested sync begins, before the hook of the outer one, has the scope of the outer one', async () => {
  const other = connect(library.database, { sync: { alter: true } });
  const Shelf = define(other, 'Shelf', {});
  const recording = recordGuard(other);
  other.addHook('beforeBulkSync', async () => void (await Shelf.sync()));
  await other.sync();
  expect(recording.scopes).toEqual([{ force: false, alter: true }]);
  await other.close();
});

test('Model.sync() is a run of its own and names the model', async () => {
  const recording = recordGuard(library.sequelize);
  expect(await library.Author.sync({ alter: true })).toBe(library.Author);
  expect(await library.Book.sync()).toBe(library.Book);
  expect(recording.calls).toEqual(['begin Author', 'finish true', 'begin Book', 'finish true']);
  expect(recording.scopes[0]).toEqual({ models: ['Author'], force: false, alter: true });
  expect(await foreignKeys(library.database)).toEqual([]);
  expect(library.references()).toMatchObject({ model: 'Authors' });
});

test('a schema clone is a scope of its own, without keys of Sequelize', async () => {
  const recording = recordGuard(library.sequelize);
  await library.database.query('create schema tenant');
  await library.Author.schema('tenant').sync();
  await library.Book.schema('tenant').sync();
  expect(recording.scopes).toEqual([
    { models: ['Author'], schema: 'tenant', force: false, alter: false },
    { models: ['Book'], schema: 'tenant', force: false, alter: false },
  ]);
  expect(await library.database.query(`select 1 from pg_tables where schemaname = 'tenant'`)).toHaveLength(2);
  expect(await foreignKeys(library.database)).toEqual([]);
});

test('works with a pool of one connection', async () => {
  const narrow = connect(library.database, { pool: { max: 1, acquire: 2_000 } });
  const Shelf = define(narrow, 'Shelf', {});
  Shelf.belongsTo(Shelf, { as: 'above' });
  const recording = recordGuard(narrow, {
    onBegin: () => narrow.query('select 1'),
    onFinish: () => Shelf.count(),
  });
  await narrow.sync();
  expect(recording.calls).toEqual(['begin *', 'finish true']);
  await narrow.close();
});
