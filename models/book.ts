import {
  type CreationOptional,
  DataTypes,
  type ForeignKey,
  type InferAttributes,
  type InferCreationAttributes,
  Model,
  type Sequelize,
} from 'sequelize';
import type { Category } from './category';

/** One book on the shelf. */
export class Book extends Model<InferAttributes<Book>, InferCreationAttributes<Book>> {
  declare id: CreationOptional<number>;
  declare title: string;
  declare isbn: string;
  declare categoryId: ForeignKey<Category['id']> | null;
  declare createdAt: CreationOptional<Date>;
  declare updatedAt: CreationOptional<Date>;
}

/** The table `Books`. */
export function initBook(sequelize: Sequelize): typeof Book {
  return class extends Book {}.init(
    {
      id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
      title: { type: DataTypes.STRING, allowNull: false, validate: { notEmpty: true } },
      isbn: { type: DataTypes.STRING, allowNull: false, validate: { notEmpty: true } },
      categoryId: { type: DataTypes.INTEGER, allowNull: true },
      createdAt: DataTypes.DATE,
      updatedAt: DataTypes.DATE,
    },
    {
      sequelize,
      modelName: 'Book',
      indexes: [{ unique: true, fields: ['isbn'] }, { fields: ['categoryId'] }],
    },
  );
}
