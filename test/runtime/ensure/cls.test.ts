import { AsyncLocalStorage } from 'node:async_hooks';
import { Sequelize } from 'sequelize';
import { createWithParents } from 'sequelize-fk-guard';
import { ENSURE, openShop, type Shop } from './shop';

/** A namespace as cls-hooked gives one, on Node's own storage. */
function namespace() {
  const storage = new AsyncLocalStorage<Map<string, unknown>>();
  return {
    get: (name: string) => storage.getStore()?.get(name),
    set: (name: string, value: unknown) => storage.getStore()?.set(name, value),
    run: (work: (context: unknown) => void) => storage.run(new Map(storage.getStore()), () => work({})),
    bind: (work: (...values: never[]) => unknown) => AsyncLocalStorage.bind(work),
  };
}

// For all instances of this file: `sequelize.transaction()` asks Sequelize's own class, whatever the instance is of.
beforeAll(() => Sequelize.useCLS(namespace()));
afterAll(() => void Reflect.deleteProperty(Sequelize, '_cls'));

let shop: Shop;
beforeEach(async () => void (shop = await openShop()));
afterEach(() => shop.close());
const model = (name: string) => shop.sequelize.model(name);
const rows = (table: string) => shop.database.query(`select * from ${table} order by 1`);

test('the transaction that CLS carries is used', async () => {
  const failure = new Error('no');
  const work = shop.sequelize.transaction(async () => {
    await createWithParents(model('Order'), { customerId: 7 }, { ensure: ENSURE });
    throw failure;
  });
  await expect(work).rejects.toBe(failure);
  expect(await rows('countries')).toEqual([]);
});

test('`transaction: null` steps out of it, as it does for Sequelize', async () => {
  await shop.sequelize
    .transaction(async () => {
      await createWithParents(model('Order'), { customerId: 7 }, { ensure: ENSURE, transaction: null });
      throw new Error('no');
    })
    .catch(() => undefined);
  expect(await rows('orders')).toHaveLength(1);
});
