import { DataTypes, Op, Sequelize, type Model } from 'sequelize';
import { createGuard } from 'sequelize-fk-guard';
import type { Client } from 'pg';
import { silent } from '../quarantine/setup';
import { naively } from './naive';
import { children, ownDatabase, upTo } from './setting';

// Soft-deleted parents: test/install/soft-delete.test.ts.
let sequelize: Sequelize;
// Before the database goes.
afterEach(() => sequelize.close());
const own = ownDatabase('models');
beforeEach(() => {
  sequelize = new Sequelize(own.database.url, { logging: false });
});

function models(options: object = {}) {
  const attributes = { id: { type: DataTypes.INTEGER, primaryKey: true } };
  const parent = sequelize.define<Model<{ id: number }>>('Parent', attributes, {
    tableName: 'parent',
    timestamps: false,
    ...options,
  });
  const child = sequelize.define('Child', attributes, { tableName: 'child', timestamps: false });
  parent.hasMany(child, { foreignKey: 'parent_id', onDelete: 'CASCADE' });
  return parent;
}

/** Fetches the parents and sends their keys, as scripts on models do. */
async function byModel(parent: ReturnType<typeof models>): Promise<number> {
  const ids = (await parent.findAll()).map(({ dataValues: { id } }) => id);
  return naively(own.database.url, `delete from child where parent_id not in (${ids.join()})`);
}

test.each([
  ['that a default scope leaves out', { defaultScope: { where: { id: { [Op.lte]: 60 } } } }],
  [
    'that a hook of the model leaves out',
    { hooks: { beforeFind: (find: { limit?: number }) => void (find.limit = 60) } },
  ],
])('parents %s are parents', async (_title, options) => {
  const parent = models(options);
  expect(await byModel(parent)).toBe(48);
  const outcome = await createGuard({ sequelize }, { logger: silent }).apply();
  expect(outcome).toMatchObject({ status: 'repaired', rowsDeleted: 8 });
  expect(await children(own.database)).toBe(upTo(100));
});

test("a temporary table of the parent's name, which every connection of the application makes, is not the parent", async () => {
  models();
  sequelize.addHook('afterConnect', (connection) =>
    (connection as Client)
      .query('create temp table parent as select i as id from generate_series(1, 60) i')
      .then(() => undefined),
  );
  const [, naive] = await sequelize.transaction(async (transaction) => {
    const done = await sequelize.query('delete from child where parent_id not in (select id from parent)', {
      transaction,
    });
    await sequelize.query('rollback; begin', { transaction });
    return done;
  });
  expect((naive as { rowCount: number }).rowCount).toBe(48);
  const outcome = await createGuard({ sequelize }, { logger: silent }).apply();
  expect(outcome).toMatchObject({ status: 'repaired', rowsDeleted: 8 });
  expect(await children(own.database)).toBe(upTo(100));
});
