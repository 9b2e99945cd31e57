import { bulkCreateWithParents, createWithParents, ensureParents, knownParents } from 'sequelize-fk-guard';
import { openYard, type Yard } from './yard';

let yard: Yard;
beforeEach(async () => void (yard = await openYard()));
afterEach(() => yard.close());

const model = (name: string) => yard.sequelize.model(name);
const rows = (table: string) => yard.database.query(`select * from ${table} order by 1`);
const verbs = () => yard.sent.splice(0).map((text) => text.split(/[\s;]/)[0]);
const ADA = '0a000000-0000-4000-8000-00000000000a';
const BOB = '0b000000-0000-4000-8000-00000000000b';
const made = (created: readonly { readonly model: string }[]) => created.map((one) => one.model);

const ENSURE = {
  by: (id: string) => ({ email: `${id.slice(0, 2)}@x`, countryCode: 'at' }),
  keeper: (email: string) => ({ id: BOB, email, countryCode: 'de' }),
  from: () => ({ countryCode: 'ch' }),
  port: (code: string) => ({ name: code.toUpperCase() }),
  'Owner.country': (code: string) => ({ name: code.toUpperCase() }),
  'Shop.country': (code: string) => ({ name: `land of ${code}` }),
};

test('schemas, column names, a key that is no primary key, and the default of a model', async () => {
  const { created } = await createWithParents(
    model('Boat'),
    { id: 1, owner: ADA, keeperMail: 'bob@x', shop: 3 },
    { ensure: ENSURE },
  );
  expect(made(created)).toEqual(['Country', 'Country', 'Country', 'Owner', 'Owner', 'Shop']);
  expect(await rows('abroad.countries')).toEqual([
    { code_2: 'at', label: 'AT' },
    { code_2: 'ch', label: 'land of ch' },
    { code_2: 'de', label: 'DE' },
  ]);
  expect(await rows('owners')).toMatchObject([
    { id: ADA, mail: '0a@x', country_code: 'at' },
    { id: BOB, mail: 'bob@x', country_code: 'de' },
  ]);
  expect(await rows('boats')).toMatchObject([
    { id: 1, owner: ADA, keeper_mail: 'bob@x', shop: 3, home: 'at', topic: null },
  ]);
});

test('one query for each level and one INSERT for each model, however many parents there are', async () => {
  await bulkCreateWithParents(
    model('Boat'),
    [1, 2, 3].map((id) => ({ id, owner: id === 1 ? ADA : BOB, shop: id })),
    { ensure: ENSURE },
  );
  expect(verbs()).toEqual([
    'select',
    'select',
    'START',
    'SET',
    'INSERT',
    'INSERT',
    'INSERT',
    'INSERT',
    'COMMIT',
  ]);
  expect([await rows('owners'), await rows('shops'), await rows('boats')].map((all) => all.length)).toEqual([
    2, 3, 3,
  ]);
  const known = knownParents();
  const again = { ensure: ENSURE, known };
  await ensureParents(model('Boat'), { id: 4, owner: ADA, shop: 2 }, again);
  expect(verbs()).toEqual(['select']);
  await ensureParents(model('Boat'), { id: 4, owner: ADA, shop: 2 }, again);
  expect(verbs()).toEqual([]);
});

test('a default scope hides no parent', async () => {
  await yard.database.query(`insert into owners values ('${ADA}', 'ada@x', null, false)`);
  const { created } = await ensureParents(model('Boat'), { owner: ADA, home: null }, { ensure: ENSURE });
  expect(made(created)).toEqual([]);
});

test('the server says whether two ways to write a key mean one parent', async () => {
  await yard.database.query(`insert into owners values ('${ADA}')`);
  const asked: string[] = [];
  const by = (id: string) => (asked.push(id), { email: 'new@x' });
  const { created } = await ensureParents(
    model('Boat'),
    [
      { owner: ADA.toUpperCase(), home: null },
      { owner: BOB, home: null },
    ],
    { ensure: { by } },
  );
  expect([made(created), asked]).toEqual([['Owner'], [BOB]]);
  const alone = { owner: ADA.toUpperCase(), home: null };
  expect(made((await ensureParents(model('Boat'), alone, { ensure: { by } })).created)).toEqual([]);
});

test('only what this call has inserted counts as made, in its own words', async () => {
  const first = await yard.sequelize.transaction();
  await ensureParents(
    model('Boat'),
    [
      { shop: 1, home: null },
      { shop: 3, home: null },
    ],
    { ensure: { ...ENSURE, from: () => ({}) }, transaction: first },
  );
  const second = ensureParents(
    model('Boat'),
    [1, 2, 3, 4].map((shop) => ({ shop, home: null })),
    { ensure: { ...ENSURE, from: () => ({}) } },
  );
  await waitsForAnother();
  await first.commit();
  const { created } = await second;
  expect(created.map(({ instance }) => (instance as { toJSON(): unknown }).toJSON())).toEqual([
    { id: 2, countryCode: null },
    { id: 4, countryCode: null },
  ]);
});

test('with a hook of its own each parent is inserted by itself, and one that somebody made meanwhile is no error', async () => {
  const seen: unknown[] = [];
  model('Shop').addHook('beforeCreate', (shop) => void seen.push(shop.get('id')));
  const from = async (id: number) => {
    if (id === 2) await yard.database.query('insert into shops values (2)');
    return {};
  };
  const { created } = await ensureParents(
    model('Boat'),
    [1, 2, 3].map((shop) => ({ shop, home: null })),
    { ensure: { from } },
  );
  expect(seen).toEqual([1, 2, 3]);
  expect(created.map(({ instance }) => Reflect.get(instance, 'id') as unknown)).toEqual([1, 3]);
});

test('an error of a hook after the insert is heard', async () => {
  const { Part } = yard.sequelize.models;
  model('Shop').addHook('afterCreate', async (_shop, { transaction }) => {
    await Part?.findOne({ rejectOnEmpty: true, transaction: transaction ?? null });
  });
  const work = ensureParents(model('Boat'), { shop: 1, home: null }, { ensure: { from: () => ({}) } });
  await expect(work).rejects.toMatchObject({ name: 'SequelizeEmptyResultError' });
  expect(await rows('shops')).toEqual([]);
});

test('rows may refer to each other and to themselves', async () => {
  const { created } = await bulkCreateWithParents(
    model('Part'),
    [
      { id: 1, partOf: 1 },
      { id: 3, partOf: 2 },
      { id: 2, partOf: 1 },
    ],
    { ensure: { whole: () => ({}) } },
  );
  expect(created).toEqual([]);
  expect(await rows('parts')).toEqual([
    { id: 1, part_of: 1 },
    { id: 2, part_of: 1 },
    { id: 3, part_of: 2 },
  ]);
});

test('parents of parents in one table come first, whatever their keys', async () => {
  const whole = (id: number) => ({ partOf: id < 5 ? id + 1 : null });
  model('Part').addHook('beforeCreate', () => undefined);
  const { created } = await createWithParents(model('Part'), { id: 1, partOf: 2 }, { ensure: { whole } });
  expect(created.map(({ instance }) => (instance as { toJSON(): unknown }).toJSON())).toEqual([
    { id: 5, partOf: null },
    { id: 4, partOf: 5 },
    { id: 3, partOf: 4 },
    { id: 2, partOf: 3 },
  ]);
});

test('a parent that no key asks for is made by its name only', async () => {
  const boat = { id: 1, topic: 9, home: null };
  expect(made((await createWithParents(model('Boat'), boat, { ensure: {} })).created)).toEqual([]);
  const ensure = { topical: () => ({}) };
  expect(made((await createWithParents(model('Boat'), { ...boat, id: 2 }, { ensure })).created)).toEqual([
    'Part',
  ]);
});

test('a key that only the database could tell is refused where its parent would have to be made', async () => {
  const row = { id: 1, shop: yard.sequelize.literal('1 + 1'), home: null };
  await yard.database.query('insert into shops values (2)');
  await expect(createWithParents(model('Boat'), row, { ensure: ENSURE })).rejects.toMatchObject({
    code: 'OPTIONS',
    message: expect.stringContaining('"ensure.from" needs a key that is a plain value') as string,
  });
  await createWithParents(model('Boat'), row, { ensure: {} });
  expect(await rows('boats')).toMatchObject([{ id: 1, shop: 2 }]);
});

test('many at once over crosswise parents: no deadlock', async () => {
  const countries = ['at', 'ch', 'de', 'fr', 'it'];
  const id = (n: number) => `0c000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
  const work = Array.from({ length: 40 }, (_, n) => {
    const pick = (i: number): string => countries[i % countries.length] ?? '';
    return ensureParents(
      model('Boat'),
      [0, 1, 2].map((i) => ({
        owner: id(3 * n + (n % 2 ? i : 2 - i)),
        shop: 3 * n + i,
        home: pick(n + 2 * i),
      })),
      {
        ensure: {
          by: () => ({ countryCode: pick(n) }),
          from: () => ({ countryCode: pick(n + 3) }),
          port: () => ({ name: 'x' }),
          country: () => ({ name: 'x' }),
        },
      },
    );
  });
  const done = await Promise.allSettled(work);
  expect(done.filter(({ status }) => status === 'rejected')).toEqual([]);
  const counts = [await rows('abroad.countries'), await rows('owners'), await rows('shops')];
  expect(counts.map((all) => all.length)).toEqual([5, 120, 120]);
});

async function waitsForAnother(): Promise<void> {
  const waiting = () =>
    yard.database.query(
      `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
  while ((await waiting()).length === 0);
}
