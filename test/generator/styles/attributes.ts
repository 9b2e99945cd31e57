import { DataTypes, Deferrable } from 'sequelize';
import { SCHEMA } from '../chapter';
import { forEachAction, nullableFor, type Style } from '../style';

/** `references` in the attribute itself, alone and together with associations. */
export const attributes: readonly Style[] = [
  {
    name: 'references a model',
    define(chapter) {
      const Author = chapter.model('Author');
      chapter.model('Book', chapter.keyAttribute('authorId', { references: { model: Author, key: 'id' } }));
    },
  },
  {
    name: 'references a table by its name, which lies in the schema of the child',
    define(chapter) {
      const model = chapter.named('Author');
      chapter.model('Author', {}, { tableName: model });
      chapter.model('Book', chapter.keyAttribute('authorId', { references: { model, key: 'id' } }));
    },
  },
  {
    name: 'references a table by its name and schema',
    dress: { inSchema: true },
    define(chapter) {
      const tableName = chapter.named('Author');
      chapter.model('Author', {}, { tableName });
      const references = { model: { tableName, schema: SCHEMA }, key: 'id' };
      chapter.model('Book', chapter.keyAttribute('authorId', { references }));
    },
  },
  {
    name: 'references without a key',
    define(chapter) {
      const Author = chapter.model('Author');
      chapter.model('Book', chapter.keyAttribute('authorId', { references: { model: Author } }));
    },
  },
  {
    name: 'references a unique column',
    define(chapter) {
      const Author = chapter.model('Author', { code: { type: DataTypes.STRING(12), unique: true } });
      const references = { model: Author, key: 'code' };
      chapter.model('Book', { authorCode: { type: DataTypes.STRING(12), references } });
    },
  },
  {
    name: 'references its own table',
    define(chapter) {
      const model = chapter.named('Category');
      const references = { model, key: 'id' };
      chapter.model('Category', chapter.keyAttribute('parentId', { references }), { tableName: model });
    },
  },
  {
    name: 'references, then belongsTo and hasMany',
    define(chapter) {
      const Author = chapter.model('Author');
      const references = { model: Author, key: 'id' };
      const Book = chapter.model('Book', chapter.keyAttribute('authorId', { references }));
      Book.belongsTo(Author, { foreignKey: 'authorId' });
      Author.hasMany(Book, { foreignKey: 'authorId' });
    },
  },
  {
    name: 'references, checked at the end of the transaction',
    define(chapter) {
      const Author = chapter.model('Author');
      const references = { model: Author, key: 'id', deferrable: Deferrable.INITIALLY_DEFERRED };
      chapter.model('Book', chapter.keyAttribute('authorId', { references }));
    },
  },
  {
    name: 'belongsTo with an attribute that says only when it is checked',
    define(chapter) {
      const Author = chapter.model('Author');
      const references = { deferrable: Deferrable.INITIALLY_IMMEDIATE };
      const Book = chapter.model('Book', chapter.keyAttribute('authorId', { references }));
      Book.belongsTo(Author, { foreignKey: 'authorId' });
    },
  },
  {
    name: 'references of another whole-number type',
    dress: { key: 'integer' },
    define(chapter) {
      const Author = chapter.model('Author');
      const references = { model: Author, key: 'id' };
      chapter.model('Book', chapter.keyAttribute('authorId', { type: DataTypes.BIGINT, references }));
    },
  },
  {
    name: 'two references that are the primary key together',
    dress: { ownColumn: false },
    define(chapter) {
      const part = (name: string) => ({
        primaryKey: true,
        references: { model: chapter.named(name), key: 'id' },
      });
      for (const name of ['Author', 'Book']) chapter.model(name, {}, { tableName: chapter.named(name) });
      chapter.model('Royalty', {
        ...chapter.keyAttribute('authorId', { ...part('Author'), allowNull: false }),
        ...chapter.keyAttribute('bookId', { ...part('Book'), allowNull: false }),
      });
    },
  },
  {
    name: 'references with each ON DELETE',
    define(chapter) {
      const references = { model: chapter.model('Author'), key: 'id' };
      const attributes = {};
      forEachAction(chapter, (onDelete, name) =>
        Object.assign(
          attributes,
          chapter.keyAttribute(
            `${name}Id`,
            { references, onDelete, onUpdate: 'CASCADE' },
            nullableFor(onDelete),
          ),
        ),
      );
      chapter.model('Book', attributes);
    },
  },
  {
    name: 'references with each ON DELETE, then hasMany',
    define(chapter) {
      const Author = chapter.model('Author');
      const references = { model: Author, key: 'id' };
      const attributes = {};
      forEachAction(chapter, (onDelete, name) =>
        Object.assign(
          attributes,
          chapter.keyAttribute(`${name}Id`, { references, onDelete }, nullableFor(onDelete)),
        ),
      );
      const Book = chapter.model('Book', attributes);
      forEachAction(chapter, (_, name) => Author.hasMany(Book, { as: name, foreignKey: `${name}Id` }));
    },
  },
];
