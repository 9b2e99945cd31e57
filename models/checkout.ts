import {
  type CreationOptional,
  DataTypes,
  type ForeignKey,
  type InferAttributes,
  type InferCreationAttributes,
  Model,
  type Sequelize,
} from 'sequelize';
import type { Book } from './book';
import type { User } from './user';

/** A book in somebody's hands; `returnedAt` is null until it comes back. */
export class Checkout extends Model<InferAttributes<Checkout>, InferCreationAttributes<Checkout>> {
  declare id: CreationOptional<number>;
  declare userId: ForeignKey<User['id']>;
  declare bookId: ForeignKey<Book['id']>;
  declare dueAt: Date;
  declare returnedAt: CreationOptional<Date | null>;
  declare createdAt: CreationOptional<Date>;
  declare updatedAt: CreationOptional<Date>;
}

/** The table `Checkouts`; it goes with its user and with its book. */
export function initCheckout(sequelize: Sequelize): typeof Checkout {
  return class extends Checkout {}.init(
    {
      id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
      userId: {
        type: DataTypes.INTEGER,
        allowNull: false,
        references: { model: 'Users', key: 'id' },
        onDelete: 'CASCADE',
        onUpdate: 'CASCADE',
      },
      bookId: {
        type: DataTypes.INTEGER,
        allowNull: false,
        references: { model: 'Books', key: 'id' },
        onDelete: 'CASCADE',
        onUpdate: 'CASCADE',
      },
      dueAt: { type: DataTypes.DATE, allowNull: false },
      returnedAt: { type: DataTypes.DATE, allowNull: true },
      createdAt: DataTypes.DATE,
      updatedAt: DataTypes.DATE,
    },
    { sequelize, modelName: 'Checkout', indexes: [{ fields: ['userId'] }, { fields: ['bookId'] }] },
  );
}
