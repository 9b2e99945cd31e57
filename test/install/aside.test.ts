import { AsyncLocalStorage } from 'node:async_hooks';
import { Sequelize } from 'sequelize';
import { eachWithLibrary, SEQUELIZE_KEY, signal } from './library';
import { connect, define, foreignKeys, recordGuard } from './recorded-guard';

const library = eachWithLibrary('aside');

describe('modes', () => {
  test('off: plain Sequelize, and nothing is said', async () => {
    const recording = recordGuard(library.sequelize, { mode: () => 'off' });
    await library.sequelize.sync();
    expect(await foreignKeys(library.database)).toEqual([SEQUELIZE_KEY]);
    expect(recording).toMatchObject({ calls: [], warnings: [] });
  });

  test('check: the guard is asked and owns nothing, Sequelize makes the keys', async () => {
    const { changeColumn } = library.sequelize.getQueryInterface();
    const seen: unknown[] = [];
    const recording = recordGuard(library.sequelize, { mode: () => 'check', owned: [] });
    library.sequelize.addHook(
      'afterSync',
      () => void seen.push(library.sequelize.getQueryInterface().changeColumn === changeColumn),
    );
    await library.sequelize.sync();
    expect(await foreignKeys(library.database)).toEqual([SEQUELIZE_KEY]);
    expect(recording).toMatchObject({ calls: ['begin *', 'finish true'], warnings: [] });
    expect(seen).toEqual([true, true]);
  });
});

describe('where the guard steps aside, it says so once and Sequelize does the work', () => {
  test('hooks: false', async () => {
    const recording = recordGuard(library.sequelize);
    await library.sequelize.sync({ hooks: false });
    expect(await foreignKeys(library.database)).toEqual([SEQUELIZE_KEY]);
    expect(recording.calls).toEqual([]);
    expect(recording.warnings).toEqual([
      expect.stringContaining('sync({ hooks: false }) runs without the guard'),
    ]);
  });

  test.each([false, null])('a model with hooks: %p', async (hooks) => {
    const recording = recordGuard(library.sequelize);
    await library.Author.sync({ hooks } as object);
    expect(recording).toMatchObject({ calls: [], warnings: [expect.stringContaining('hooks: false')] });
  });

  test.each(['of the call', 'of a hook'])('a transaction %s', async (where) => {
    const recording = recordGuard(library.sequelize);
    await library.sequelize.transaction(async (transaction) => {
      if (where === 'of a hook')
        library.sequelize.addHook(
          'beforeBulkSync',
          (options) => void Object.assign(options, { transaction }),
        );
      await library.sequelize.sync({ ...(where === 'of the call' && { transaction }) } as object);
    });
    expect(await foreignKeys(library.database)).toEqual([SEQUELIZE_KEY]);
    expect(recording.calls).toEqual([]);
    expect(recording.warnings).toEqual([expect.stringContaining('inside a transaction')]);
  });

  test('no models', async () => {
    const empty = connect(library.database);
    const recording = recordGuard(empty);
    expect(await empty.sync()).toBe(empty);
    expect(recording.calls).toEqual([]);
    expect(recording.warnings).toEqual([expect.stringContaining('found no models')]);
    await empty.close();
  });

  test('a transaction of CLS, but not when the call says null', async () => {
    const storage = new AsyncLocalStorage<Map<string, unknown>>();
    class WithContext extends Sequelize {
      static _cls = { get: (key: string) => storage.getStore()?.get(key) };
    }
    const instance = new WithContext(library.database.url, { logging: false });
    define(instance, 'Author', {});
    const recording = recordGuard(instance);
    await storage.run(new Map([['transaction', {}]]), async () => {
      await instance.sync();
      expect(recording.calls).toEqual([]);
      expect(recording.warnings).toEqual([expect.stringContaining('inside a transaction')]);
      await instance.sync({ transaction: null } as object);
    });
    await instance.sync();
    expect(recording.calls).toEqual(['begin *', 'finish true', 'begin *', 'finish true']);
    await instance.close();
  });

  test('what such a sync leaves behind is guarded again', async () => {
    const later = signal();
    let left: Promise<unknown> | undefined;
    library.Book.addHook('afterSync', () => void (left = later.given.then(() => library.Author.sync())));
    const recording = recordGuard(library.sequelize);
    await library.sequelize.transaction((transaction) => library.sequelize.sync({ transaction } as object));
    later.give();
    await left;
    expect(recording.calls).toEqual(['begin Author', 'finish true']);
    expect(recording.warnings).toHaveLength(1);
  });
});
