import { DataTypes, Sequelize } from 'sequelize';

const OWNED = { foreignKey: 'parentId', onDelete: 'CASCADE', onUpdate: 'CASCADE' } as const;

/** So many models, each but the first with a key to an earlier one. */
export function defineMany(sequelize: Sequelize, count: number): void {
  const models = Array.from({ length: count }, (_, i) =>
    sequelize.define(
      `Model${i}`,
      {
        name: { type: DataTypes.STRING, allowNull: false },
        amount: DataTypes.INTEGER,
        parentId: { type: DataTypes.INTEGER, allowNull: true },
      },
      { indexes: [{ fields: ['parentId'] }] },
    ),
  );
  for (const [i, child] of models.entries()) {
    const parent = models[i >> 1];
    if (i === 0 || !parent) continue;
    parent.hasMany(child, { as: `children${i}`, ...OWNED });
    child.belongsTo(parent, { as: 'parent', ...OWNED });
  }
}

/** An instance like an application's, connected once. */
export async function connectQuietly(url: string, max = 5): Promise<Sequelize> {
  const sequelize = new Sequelize(url, { logging: false, pool: { max } });
  await sequelize.authenticate();
  return sequelize;
}
