import { bulkCreateWithParents, createWithParents, ensureParents, knownParents } from 'sequelize-fk-guard';
import { ENSURE, openShop, type Shop } from './shop';

let shop: Shop;
beforeEach(async () => void (shop = await openShop()));
afterEach(() => shop.close());

const model = (name: string) => shop.sequelize.model(name);
const rows = (table: string) => shop.database.query(`select * from ${table} order by 1`);
/** The kinds of statements that were sent, in order. */
const verbs = () => shop.sent.splice(0).map((text) => text.split(/[\s;]/)[0]);

test('parents are made in the order in which they depend on each other, in one transaction', async () => {
  const { created, instance } = await createWithParents(
    model('Order'),
    { customerId: 7 },
    { ensure: ENSURE },
  );
  expect(instance instanceof model('Order')).toBe(true);
  expect(created.map((one) => one.model)).toEqual(['Country', 'Customer']);
  expect(created[1]?.instance instanceof model('Customer')).toBe(true);
  expect(await rows('countries')).toEqual([{ code: 'at', name: 'AT' }]);
  expect(await rows('customers')).toMatchObject([{ id: 7, email: '7@x', country: 'at' }]);
  expect(await rows('orders')).toMatchObject([{ customerId: 7 }]);
});

test('one query for each missing level beside the inserts themselves', async () => {
  await createWithParents(model('Order'), { customerId: 7 }, { ensure: ENSURE });
  expect(verbs()).toEqual(['select', 'select', 'START', 'SET', 'INSERT', 'INSERT', 'INSERT', 'COMMIT']);
});

test('parents that exist cost one query and no transaction; those that are known cost none', async () => {
  const known = knownParents();
  await createWithParents(model('Order'), { customerId: 7 }, { ensure: ENSURE, known });
  verbs();
  await createWithParents(model('Order'), { customerId: 7 }, { ensure: ENSURE });
  expect(verbs()).toEqual(['select', 'INSERT']);
  await createWithParents(model('Order'), { customerId: 7 }, { ensure: ENSURE, known });
  expect(verbs()).toEqual(['INSERT']);
});

test('a key that is null needs no parent', async () => {
  const { created } = await createWithParents(model('Order'), { customerId: null }, { ensure: ENSURE });
  expect(created).toEqual([]);
  expect(verbs()).toEqual(['INSERT']);
});

test('a parent that was deleted softly is a parent', async () => {
  await createWithParents(model('Order'), { customerId: 7 }, { ensure: ENSURE });
  await model('Customer').destroy({ where: { id: 7 } });
  const { created } = await createWithParents(model('Order'), { customerId: 7 }, { ensure: ENSURE });
  expect(created).toEqual([]);
});

test('many rows at once: each parent is looked up and made once', async () => {
  const { instances, created } = await bulkCreateWithParents(
    model('Order'),
    [{ customerId: 2 }, { customerId: 1 }, { customerId: 2 }, { customerId: null }],
    { ensure: ENSURE },
  );
  expect(instances).toHaveLength(4);
  expect(created.map((one) => one.model)).toEqual(['Country', 'Customer', 'Customer']);
  expect((await rows('customers')).map(({ id }) => id)).toEqual([1, 2]);
  expect(verbs().filter((verb) => verb === 'select')).toHaveLength(2);
});

test('a composite key, which no association can have', async () => {
  const shelf = {
    model: model('Shelf'),
    on: { room: 'room', shelf: 'code' },
    values: ({ room, code }: { room: number; code: string }) => ({ label: `${room}/${code}` }),
  };
  const { created } = await createWithParents(model('Order'), { room: 1, shelf: 'a' }, { ensure: { shelf } });
  expect(created.map((one) => one.model)).toEqual(['Shelf']);
  expect(await rows('shelves')).toEqual([{ room: 1, code: 'a', label: '1/a' }]);
  expect(
    (await createWithParents(model('Order'), { room: 1, shelf: 'a' }, { ensure: { shelf } })).created,
  ).toEqual([]);
});

test('a table that refers to itself: up to a root, and round in a circle', async () => {
  const up = { ensure: { parent: (id: number) => ({ parentId: id > 1 ? id - 1 : null }) } };
  const { created } = await createWithParents(model('Node'), { id: 4, parentId: 3 }, up);
  expect(created.map(({ instance }) => Reflect.get(instance, 'id') as unknown)).toEqual([1, 2, 3]);
  const circle = { ensure: { parent: (id: number) => ({ parentId: id === 11 ? 12 : 11 }) } };
  await createWithParents(model('Node'), { id: 10, parentId: 11 }, circle);
  expect(await shop.database.query('select * from nodes where id > 9 order by id')).toEqual([
    { id: 10, parentId: 11 },
    { id: 11, parentId: 12 },
    { id: 12, parentId: 11 },
  ]);
});

test('hooks and validations of the parents’ models apply, and a refusal leaves nothing behind', async () => {
  const seen: string[] = [];
  model('Country').addHook('beforeCreate', (country) => {
    seen.push(String(country.get('code')));
    country.set('name', 'Austria');
  });
  await createWithParents(model('Order'), { customerId: 7 }, { ensure: ENSURE });
  expect(seen).toEqual(['at']);
  expect(await rows('countries')).toEqual([{ code: 'at', name: 'Austria' }]);
  const short = { customer: () => ({ country: 'de' }), home: () => ({ name: 'x' }) };
  await expect(createWithParents(model('Order'), { customerId: 8 }, { ensure: short })).rejects.toMatchObject(
    {
      name: 'SequelizeValidationError',
    },
  );
  expect((await rows('customers')).map(({ id }) => id)).toEqual([7]);
  expect(await rows('orders')).toHaveLength(1);
});

test('nothing is made up: a parent that nobody says how to make is named before anything is written', async () => {
  const ensure = { customer: ENSURE.customer };
  await expect(createWithParents(model('Order'), { customerId: 7 }, { ensure })).rejects.toMatchObject({
    code: 'NO_SUCH_PARENT',
    message:
      'Customer refers to Country with code at: not there, and `ensure` does not say how to make it. Nothing was written.',
    advice: 'Add `home: (key) => ({ … })` to `ensure`, or make the Country first.',
  });
  expect(verbs()).toEqual(['select', 'select']);
});

test('another row has a value that must be unique: named, and nothing is written', async () => {
  await ensureParents(model('Order'), { customerId: 7 }, { ensure: ENSURE });
  const ensure = { ...ENSURE, customer: () => ({ email: '7@x', country: 'at' }) };
  await expect(createWithParents(model('Order'), { customerId: 8 }, { ensure })).rejects.toMatchObject({
    code: 'PARENT_CONFLICT',
    message: 'Customer with id 8 was not made: another one already has a value that must be unique.',
  });
  expect(await rows('orders')).toEqual([]);
});

test('a known parent that is gone is forgotten, so the next try makes it again', async () => {
  const known = knownParents();
  await ensureParents(model('Order'), { customerId: 7 }, { ensure: ENSURE, known });
  await shop.database.query('delete from customers');
  const again = () => createWithParents(model('Order'), { customerId: 7 }, { ensure: ENSURE, known });
  await expect(again()).rejects.toMatchObject({ parent: { code: '23503' } });
  expect((await again()).created.map((one) => one.model)).toEqual(['Customer']);
});

test('a memory holds as many parents as it was made for', () => {
  const known = knownParents(2);
  for (const parent of ['a', 'b']) known.add(parent);
  expect(known.has('a')).toBe(true);
  known.add('c');
  expect([known.has('a'), known.has('b'), known.has('c')]).toEqual([true, false, true]);
});

test.each([
  [
    'costumer',
    '"ensure.costumer" is no belongsTo association of Order or of a parent that is ensured; did you mean "customer"?',
  ],
  ['home', '"ensure.home" is no belongsTo association of Order or of a parent that is ensured'],
])('a name that nobody has: %s', async (name, message) => {
  const ensure = { [name]: () => ({}) };
  await expect(createWithParents(model('Order'), {}, { ensure })).rejects.toMatchObject({
    code: 'OPTIONS',
    message: expect.stringContaining(message) as string,
  });
  expect(shop.sent).toEqual([]);
});

test('no model', async () => {
  const nothing = class Nothing {} as never;
  await expect(ensureParents(nothing, {}, { ensure: {} })).rejects.toMatchObject({ code: 'OPTIONS' });
});
