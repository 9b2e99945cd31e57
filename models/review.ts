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

/** What somebody thought of a book; `userId` is null when the author has left. */
export class Review extends Model<InferAttributes<Review>, InferCreationAttributes<Review>> {
  declare id: CreationOptional<number>;
  declare bookId: ForeignKey<Book['id']>;
  declare userId: ForeignKey<User['id']> | null;
  declare stars: number;
  declare text: string;
  declare createdAt: CreationOptional<Date>;
  declare updatedAt: CreationOptional<Date>;
}

/** The table `Reviews`; it goes with its book and outlives its author. */
export function initReview(sequelize: Sequelize): typeof Review {
  return class extends Review {}.init(
    {
      id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
      bookId: { type: DataTypes.INTEGER, allowNull: false },
      userId: { type: DataTypes.INTEGER, allowNull: true },
      stars: { type: DataTypes.INTEGER, allowNull: false, validate: { min: 1, max: 5 } },
      text: { type: DataTypes.TEXT, allowNull: false },
      createdAt: DataTypes.DATE,
      updatedAt: DataTypes.DATE,
    },
    { sequelize, modelName: 'Review', indexes: [{ fields: ['bookId'] }, { fields: ['userId'] }] },
  );
}
