import { DataTypes, Sequelize, type Model } from 'sequelize';
import { installFkGuard } from 'sequelize-fk-guard';
import { naively } from '../false-orphans/naive';
import { createDatabase, type TestDatabase } from '../postgres/database';

/** An application whose users are only marked as deleted, with the guard installed as the README recommends. */
function application(database: TestDatabase) {
  const sequelize = new Sequelize(database.url, { logging: false });
  const guard = installFkGuard(sequelize, {
    scan: 'all',
    orphans: 'delete',
    limits: { rows: 1000, fraction: 1 },
    logger: { debug: nothing, info: nothing, warn: nothing, error: nothing },
  });
  const user = sequelize.define<Model<{ id: number }>>(
    'User',
    { id: { type: DataTypes.INTEGER, primaryKey: true } },
    { paranoid: true },
  );
  const checkout = sequelize.define<Model<{ id: number; userId: number }>>(
    'Checkout',
    { id: { type: DataTypes.INTEGER, primaryKey: true }, userId: DataTypes.INTEGER },
    { paranoid: true },
  );
  user.hasMany(checkout, { foreignKey: 'userId', onDelete: 'CASCADE' });
  checkout.belongsTo(user, { foreignKey: 'userId' });
  return { sequelize, guard, user, checkout };
}

const nothing = (): void => undefined;

test('soft-deleted parents are parents: their children stay through every sync, also while the key is gone', async () => {
  const database = await createDatabase('soft_delete');
  const { sequelize, guard, user, checkout } = application(database);
  try {
    await sequelize.sync();
    await user.bulkCreate([{ id: 1 }, { id: 2 }]);
    await checkout.bulkCreate([
      { id: 1, userId: 1 },
      { id: 2, userId: 2 },
    ]);
    await user.destroy({ where: { id: 1 } });
    await database.query('alter table "Checkouts" drop constraint "Checkouts_userId_fkey"');
    await database.query(`
      insert into "Checkouts" (id, "userId", "createdAt", "updatedAt") values (3, 9, now(), now())`);

    const parents = (await user.findAll()).map(({ dataValues: { id } }) => id);
    expect(parents).toEqual([2]);
    expect(
      await naively(database.url, `delete from "Checkouts" where "userId" not in (${parents.join()})`),
    ).toBe(2);

    await sequelize.sync();
    expect(guard.lastOutcome).toMatchObject({ status: 'repaired', rowsDeleted: 1 });
    expect(await database.query('select id, "userId" from "Checkouts" order by id')).toEqual([
      { id: 1, userId: 1 },
      { id: 2, userId: 2 },
    ]);
    expect(await database.query('select id, "deletedAt" is null as live from "Users" order by id')).toEqual([
      { id: 1, live: false },
      { id: 2, live: true },
    ]);

    await sequelize.sync({ alter: true });
    expect(await checkout.count({ paranoid: false })).toBe(2);
    expect((await guard.check()).summary).toMatchObject({ errors: 0, orphanRows: 0, healthy: 1 });
  } finally {
    await sequelize.close();
    await database.drop({ force: true });
  }
});
