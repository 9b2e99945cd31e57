import { DataTypes, Sequelize } from 'sequelize';
import { createGuard } from 'sequelize-fk-guard';
import { silent } from '../../generator/built';
import { createDatabase, type TestDatabase } from '../../postgres/database';
import { randomFrom, seedFrom } from '../../generator/random';
import { demoLibrary, type DemoLibrary } from './demo-library';
import { heldAgainstReal } from './held-against-real';
import { randomRows } from './random-rows';

const seed = seedFrom('FK_GUARD_IMPACT_SEED', 20260104);

let database: TestDatabase;
let library: DemoLibrary;
beforeAll(async () => {
  database = await createDatabase('impact_demo');
  library = await demoLibrary(database);
});
afterAll(async () => {
  await library.close();
  await database.drop();
});

// A hundred of them, damaged databases and generated ones: test/soak/impact.test.ts.
test(`what is promised for rows of the demo by chance is what the delete does (FK_GUARD_IMPACT_SEED=${seed})`, async () => {
  const rows = await randomRows(database, randomFrom(seed), 20);
  expect(await heldAgainstReal(database.url, library.guard, rows)).toEqual({
    deletes: 20,
    blocked: 0,
    unknown: 0,
    wrong: [],
  });
});

test('it says so in the words of the models', async () => {
  const impact = await library.guard.impact('User', 1);
  expect(impact).toMatchObject({ model: 'User', table: 'public.Users', key: { id: '1' }, found: true });
  expect(
    impact.steps.map(({ level, action, model, relation, rows }) => [level, action, model, relation, rows]),
  ).toEqual([
    [0, 'delete', 'User', undefined, 1],
    [1, 'delete', 'Checkout', 'Checkout.userId', 14],
    [1, 'set null', 'Review', 'Review.userId', 5],
    [2, 'delete', 'Fine', 'Fine.checkoutId', 2],
  ]);
  expect(await library.guard.impact('User', 4711)).toMatchObject({ found: false, steps: [], rowsDeleted: 0 });
});

test('attributes may be called otherwise than columns; destroy() of a paranoid model is no delete', async () => {
  const sequelize = new Sequelize(database.url, { logging: false });
  const id = { type: DataTypes.INTEGER, primaryKey: true, field: 'tag_id' };
  const tag = sequelize.define('Tag', { tagId: id }, { tableName: 'tags', paranoid: true });
  await tag.sync();
  await tag.create({ tagId: 7 });
  const guard = createGuard({ sequelize }, { logger: silent });
  for (const key of [7, 7n, '7', { tagId: 7 }, { tag_id: 7 }])
    expect(await guard.impact('Tag', key)).toMatchObject({
      found: true,
      key: { tag_id: '7' },
      paranoid: true,
    });
  expect(await library.guard.impact('tags', 7)).toMatchObject({ found: true, paranoid: false });
  await expect(guard.impact('Tags', 7)).rejects.toMatchObject({ code: 'NO_SUCH_TABLE' });
  await sequelize.close();
});
