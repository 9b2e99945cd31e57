import {
  DataTypes,
  type ForeignKey,
  type InferAttributes,
  type InferCreationAttributes,
  Model,
  type Sequelize,
} from 'sequelize';
import type { Author } from './author';
import type { Book } from './book';

/** Who wrote what. */
export class BookAuthor extends Model<InferAttributes<BookAuthor>, InferCreationAttributes<BookAuthor>> {
  declare bookId: ForeignKey<Book['id']>;
  declare authorId: ForeignKey<Author['id']>;
}

/** The table `BookAuthors`, between books and authors. */
export function initBookAuthor(sequelize: Sequelize): typeof BookAuthor {
  return class extends BookAuthor {}.init(
    {
      bookId: { type: DataTypes.INTEGER, primaryKey: true },
      authorId: { type: DataTypes.INTEGER, primaryKey: true },
    },
    // Books are found by the primary key.
    { sequelize, modelName: 'BookAuthor', timestamps: false, indexes: [{ fields: ['authorId'] }] },
  );
}
