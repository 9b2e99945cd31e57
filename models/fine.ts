import {
  type CreationOptional,
  DataTypes,
  type ForeignKey,
  type InferAttributes,
  type InferCreationAttributes,
  Model,
  type Sequelize,
} from 'sequelize';
import type { Checkout } from './checkout';

/** What a late checkout costs, in cents; `paidAt` is null while it is owed. */
export class Fine extends Model<InferAttributes<Fine>, InferCreationAttributes<Fine>> {
  declare id: CreationOptional<number>;
  declare checkoutId: ForeignKey<Checkout['id']>;
  declare cents: number;
  declare paidAt: CreationOptional<Date | null>;
  declare createdAt: CreationOptional<Date>;
  declare updatedAt: CreationOptional<Date>;
}

/** The table `Fines`; it goes with its checkout. */
export function initFine(sequelize: Sequelize): typeof Fine {
  return class extends Fine {}.init(
    {
      id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
      checkoutId: { type: DataTypes.INTEGER, allowNull: false },
      cents: { type: DataTypes.INTEGER, allowNull: false, validate: { min: 1 } },
      paidAt: { type: DataTypes.DATE, allowNull: true },
      createdAt: DataTypes.DATE,
      updatedAt: DataTypes.DATE,
    },
    { sequelize, modelName: 'Fine', indexes: [{ fields: ['checkoutId'] }] },
  );
}
