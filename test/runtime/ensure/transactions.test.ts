import { Transaction } from 'sequelize';
import { createWithParents, ensureParents, knownParents } from 'sequelize-fk-guard';
import { ENSURE, openShop, type Shop } from './shop';

let shop: Shop;
afterEach(() => shop.close());
const model = (name: string) => shop.sequelize.model(name);
const rows = (table: string) => shop.database.query(`select * from ${table} order by 1`);

describe('in the caller’s transaction', () => {
  beforeEach(async () => void (shop = await openShop()));

  test('everything is gone when it is rolled back, and nothing is remembered', async () => {
    const known = knownParents();
    const transaction = await shop.sequelize.transaction();
    await createWithParents(model('Order'), { customerId: 7 }, { ensure: ENSURE, transaction, known });
    await transaction.rollback();
    expect(await rows('customers')).toEqual([]);
    const { created } = await createWithParents(model('Order'), { customerId: 7 }, { ensure: ENSURE, known });
    expect(created.map((one) => one.model)).toEqual(['Country', 'Customer']);
  });

  test('what was made is known once it is committed', async () => {
    const known = knownParents();
    await shop.sequelize.transaction((transaction) =>
      ensureParents(model('Order'), { customerId: 7 }, { ensure: ENSURE, transaction, known }),
    );
    shop.sent.splice(0);
    await ensureParents(model('Order'), { customerId: 7 }, { ensure: ENSURE, known });
    expect(shop.sent).toEqual([]);
  });

  test('a query of the function’s own may fail and take only itself along', async () => {
    const ensure = {
      ...ENSURE,
      customer: async (id: number, { transaction }: { transaction: object | undefined }) => {
        await shop.sequelize.query('select 1 / 0', { transaction: transaction as never });
        return { email: `${id}@x`, country: 'at' };
      },
    };
    await shop.sequelize.transaction(async (transaction) => {
      await expect(
        createWithParents(model('Order'), { customerId: 7 }, { ensure, transaction }),
      ).rejects.toMatchObject({ parent: { code: '22012' } });
      await model('Country').create({ code: 'de', name: 'Germany' }, { transaction });
    });
    expect(await rows('countries')).toEqual([{ code: 'de', name: 'Germany' }]);
  });

  test('a function that fails by itself takes nothing along, and one whose query failed neither', async () => {
    const ensure = (fail: (transaction: object | undefined) => Promise<unknown>) => ({
      ...ENSURE,
      customer: async (id: number, { transaction }: { transaction: object | undefined }) => {
        if (id === 8) await fail(transaction);
        return { email: `${id}@x`, country: 'at' };
      },
    });
    const failures = [
      () => Promise.reject(new Error('no')),
      (transaction: object | undefined) =>
        shop.sequelize
          .query('select 1 / 0', { transaction: transaction as never })
          .catch(() => Promise.reject(new Error('no'))),
    ];
    await shop.sequelize.transaction(async (transaction) => {
      await createWithParents(model('Order'), { customerId: 7 }, { ensure: ENSURE, transaction });
      for (const failure of failures) {
        const work = createWithParents(
          model('Order'),
          { customerId: 8 },
          { ensure: ensure(failure), transaction },
        );
        await expect(work).rejects.toThrow('no');
      }
      await createWithParents(model('Order'), { customerId: 9 }, { ensure: ENSURE, transaction });
    });
    expect((await rows('customers')).map(({ id }) => id)).toEqual([7, 9]);
    expect(await rows('orders')).toHaveLength(2);
  });

  test('calls side by side in one transaction: one that fails reverts nothing of the others', async () => {
    const ensure = {
      ...ENSURE,
      customer: async (id: number) => {
        await shop.database.query('select pg_sleep(0.01)');
        if (id % 3 === 0) throw new Error(`not ${id}`);
        return { email: `${id}@x`, country: 'at' };
      },
    };
    const done = await shop.sequelize.transaction((transaction) =>
      Promise.allSettled(
        [1, 2, 3, 4, 5, 6].map((customerId) =>
          createWithParents(model('Order'), { customerId }, { ensure, transaction }),
        ),
      ),
    );
    expect(done.map(({ status }) => status === 'fulfilled')).toEqual([true, true, false, true, true, false]);
    expect((await rows('customers')).map(({ id }) => id)).toEqual([1, 2, 4, 5]);
    expect(await rows('orders')).toHaveLength(4);
  });

  test('what was made in a savepoint that is rolled back is not remembered', async () => {
    const known = knownParents();
    await shop.sequelize.transaction(async (transaction) => {
      await shop.sequelize
        .transaction({ transaction }, async (inner) => {
          await ensureParents(
            model('Order'),
            { customerId: 7 },
            { ensure: ENSURE, known, transaction: inner },
          );
          throw new Error('no');
        })
        .catch(() => undefined);
    });
    const { created } = await createWithParents(model('Order'), { customerId: 7 }, { ensure: ENSURE, known });
    expect(created.map((one) => one.model)).toEqual(['Country', 'Customer']);
  });

  test('under repeatable read a parent that came after its snapshot is a failure to serialize, and the next try works', async () => {
    const make = (transaction: Transaction) =>
      createWithParents(model('Order'), { customerId: 7 }, { ensure: ENSURE, transaction });
    const isolationLevel = Transaction.ISOLATION_LEVELS.REPEATABLE_READ;
    const attempt = shop.sequelize.transaction({ isolationLevel }, async (transaction) => {
      await shop.sequelize.query('select from orders', { transaction });
      await ensureParents(model('Order'), { customerId: 7 }, { ensure: ENSURE });
      await make(transaction);
    });
    await expect(attempt).rejects.toMatchObject({ parent: { code: '40001' } });
    const { created } = await shop.sequelize.transaction({ isolationLevel }, make);
    expect(created).toEqual([]);
    expect(await rows('orders')).toHaveLength(1);
  });
});

test('its own transaction is read committed, whatever the instance is set to', async () => {
  shop = await openShop({ isolationLevel: Transaction.ISOLATION_LEVELS.SERIALIZABLE });
  const done = await Promise.allSettled(
    Array.from({ length: 20 }, () =>
      createWithParents(model('Order'), { customerId: 7 }, { ensure: ENSURE }),
    ),
  );
  expect(done.filter(({ status }) => status === 'rejected')).toEqual([]);
  expect(await rows('orders')).toHaveLength(20);
});

describe('beside others', () => {
  beforeEach(async () => void (shop = await openShop()));

  test('who comes second waits for the first, and makes the parent when the first gives up', async () => {
    const first = await shop.sequelize.transaction();
    await ensureParents(model('Order'), { customerId: 7 }, { ensure: ENSURE, transaction: first });
    const second = createWithParents(model('Order'), { customerId: 7 }, { ensure: ENSURE });
    await waitsForAnother();
    await first.rollback();
    expect((await second).created.map((one) => one.model)).toEqual(['Country', 'Customer']);
  });

  test('who comes second finds the parent made when the first commits', async () => {
    const first = await shop.sequelize.transaction();
    await ensureParents(model('Order'), { customerId: 7 }, { ensure: ENSURE, transaction: first });
    const second = createWithParents(model('Order'), { customerId: 7 }, { ensure: ENSURE });
    await waitsForAnother();
    await first.commit();
    expect((await second).created).toEqual([]);
    expect(await rows('orders')).toHaveLength(1);
  });

  test('the same parents in another order: nobody meets crosswise', async () => {
    const orders = [
      [1, 2, 3, 4],
      [4, 3, 2, 1],
      [2, 4, 1, 3],
      [3, 1, 4, 2],
    ];
    const ensure = { ...ENSURE, customer: (id: number) => ({ email: `${id}@x`, country: `c${id}` }) };
    await Promise.all(
      orders.map((ids) =>
        ensureParents(
          model('Order'),
          ids.map((customerId) => ({ customerId })),
          { ensure },
        ),
      ),
    );
    expect((await rows('customers')).map(({ id }) => id)).toEqual([1, 2, 3, 4]);
  });

  async function waitsForAnother(): Promise<void> {
    const waiting = () =>
      shop.database.query(
        `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
    while ((await waiting()).length === 0);
  }
});
