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
