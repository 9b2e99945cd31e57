import { escapeIdentifier } from 'pg';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { cascade, containing, copies, guardAt, rowsOf } from './setup';

let database: TestDatabase;

/** Orders 8 and 9 have no customer. What is below them has no key. */
beforeEach(async () => {
  database = await createDatabase('unclear_below');
  await database.query(`
    create table customers (id integer primary key);
    create table orders (id integer primary key, customer_id integer);
    create collation nondeterministic (provider = icu, locale = 'und', deterministic = false);
    insert into customers values (1);
    insert into orders select i, case when i < 8 then 1 else 2 end from generate_series(1, 9) i`);
});
afterEach(() => database.drop());

const ORDERS = cascade('public.orders(customer_id)', 'public.customers(id)');
const LINES = cascade('public.lines(order_id)', 'public.orders(id)');

async function applied(url = database.url) {
  const { steps } = await guardAt(url, [ORDERS, LINES]).apply();
  return steps.find(({ title }) => title.startsWith('Quarantine and delete: orphans of public.orders'));
}

test.each([
  ['numeric', '9', '8.00'],
  ['text', "'007'", "'008'"],
  ['text', "'1'", "' 9'"],
  ['bigint[]', "'{1}'", "'{9}'"],
  ['text collate nondeterministic', "'1'", "'9'"],
])(
  'rows of type %s that look like children of orphans keep them where they are: %s, %s',
  async (type, one, other) => {
    await database.query(
      `create table lines (order_id ${type}); insert into lines values (${one}), (${other})`,
    );
    const before = await rowsOf(database, 'orders');
    const step = await applied();
    expect(step).toMatchObject({
      status: 'refused',
      rows: 0,
      error: {
        code: 'CASCADE_BLOCKED',
        message: containing('orphans of public.orders through public.lines(order_id)'),
      },
    });
    expect(await rowsOf(database, 'orders')).toEqual(before);
    expect(await copies(database)).toEqual([]);
  },
);

test.each([
  ['uuid', "'00000000-0000-4000-8000-000000000000'"],
  ['text', "'7'"],
  ['text', "'none'"],
])('rows of type %s that cannot be their children are in nobody’s way: %s', async (type, value) => {
  await database.query(`create table lines (order_id ${type}); insert into lines values (${value}), (null)`);
  expect(await applied()).toMatchObject({ status: 'done', rows: 2 });
  expect(await rowsOf(database, 'lines')).toHaveLength(2);
});

test('rows that may not be looked at may be children of orphans', async () => {
  const role = await database.createRole();
  const name = escapeIdentifier(role.name);
  await database.query(`
    create table lines (order_id integer); insert into lines values (9);
    grant create on database ${escapeIdentifier(database.name)} to ${name};
    grant create on schema public to ${name};
    alter table customers owner to ${name}; alter table orders owner to ${name}`);
  expect(await applied(role.url)).toMatchObject({
    status: 'refused',
    rows: 0,
    error: { code: 'CASCADE_BLOCKED', message: containing('they cannot all be looked at') },
  });
  expect(await rowsOf(database, 'orders')).toHaveLength(9);
});
