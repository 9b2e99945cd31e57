import { DataTypes, Sequelize } from 'sequelize';
import { eachWithLibrary, throwIt } from './library';
import { define, foreignKeys, recordGuard, sequelizeLike } from './recorded-guard';

const library = eachWithLibrary('nested');

test.each(['beforeBulkSync', 'afterBulkSync'] as const)(
  'a %s hook that syncs a model shares the run',
  async (hook) => {
    library.sequelize.addHook(hook, async () => void (await library.Author.sync()));
    const recording = recordGuard(library.sequelize);
    library.sequelize.addHook(hook, async () => void (await library.Book.sync({ alter: true })));
    await library.sequelize.sync();
    expect(recording.calls).toEqual(['begin *', 'finish true']);
    expect(await foreignKeys(library.database)).toEqual([]);
  },
);

test('a nested sync whose error the hook swallows does not fail the run', async () => {
  library.sequelize.addHook('beforeBulkSync', async () => {
    await expect(library.Book.sync({ logging: () => throwIt(new Error('logging')) })).rejects.toThrow(
      'logging',
    );
  });
  const recording = recordGuard(library.sequelize);
  await library.sequelize.sync();
  expect(recording.calls).toEqual(['begin *', 'finish true']);
});

test('what the run does not cover is looked at after it: neither a deadlock nor a table without its keys', async () => {
  await library.database.query('create schema tenant');
  library.sequelize.addHook(
    'afterBulkSync',
    async () => void (await library.Author.schema('tenant').sync({ force: true })),
  );
  const recording = recordGuard(library.sequelize);
  await library.sequelize.sync();
  expect(recording.calls).toEqual(['begin *', 'finish true', 'begin Author@tenant', 'finish true']);
  expect(recording.scopes[1]).toEqual({ models: ['Author'], schema: 'tenant', force: false, alter: false });
});

test('a model that is defined meanwhile is guarded as well', async () => {
  library.sequelize.addHook('beforeBulkSync', () => {
    define(library.sequelize, 'Note', { bookId: { type: DataTypes.INTEGER } }).belongsTo(library.Book, {
      foreignKey: 'bookId',
    });
  });
  recordGuard(library.sequelize);
  await library.sequelize.sync();
  expect(await library.database.query(`select 1 from pg_class where relname = 'Notes'`)).toHaveLength(1);
  expect(await foreignKeys(library.database)).toEqual([]);
});

test('a model whose hook syncs another one first: one run after the other', async () => {
  library.Book.addHook('beforeSync', async () => void (await library.Author.sync()));
  const recording = recordGuard(library.sequelize);
  await library.Book.sync();
  expect(recording.calls).toEqual(['begin Author', 'finish true', 'begin Book', 'finish true']);
});

test('a clone of the instance that is synced inside does not begin anything', async () => {
  const recording = recordGuard(library.sequelize);
  const clone = new Sequelize(library.database.url, sequelizeLike(library.sequelize).options);
  const seen: unknown[] = [];
  library.sequelize.addHook('beforeBulkSync', async () => {
    await clone.sync();
    seen.push(...recording.calls);
  });
  await library.sequelize.sync();
  expect(seen).toEqual([]);
  expect(recording.calls).toEqual(['begin *', 'finish true']);
  await clone.close();
});
