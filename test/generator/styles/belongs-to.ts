import { DataTypes } from 'sequelize';
import { forEachAction, type Style } from '../style';

/** `Book.belongsTo(Author)` in all its forms. */
export const belongsTo: readonly Style[] = [
  {
    name: 'belongsTo',
    define(chapter) {
      const { Author, Book } = chapter.authorAndBook();
      Book.belongsTo(Author, chapter.by('authorId'));
    },
  },
  {
    name: 'belongsTo without any option',
    define(chapter) {
      const { Author, Book } = chapter.authorAndBook();
      Book.belongsTo(Author);
    },
  },
  {
    name: 'belongsTo over an attribute',
    define(chapter) {
      const { Author, Book } = chapter.authorAndBook(chapter.keyAttribute('authorId'));
      Book.belongsTo(Author, { foreignKey: 'authorId' });
    },
  },
  {
    name: 'belongsTo over an attribute that does not say whether it may be null',
    define(chapter) {
      const attribute = chapter.keyAttribute('authorId', { allowNull: undefined });
      const { Author, Book } = chapter.authorAndBook(attribute);
      Book.belongsTo(Author, { foreignKey: 'authorId' });
    },
  },
  {
    name: 'belongsTo twice, to one parent',
    define(chapter) {
      const { Author, Book } = chapter.authorAndBook();
      Book.belongsTo(Author, chapter.by('writerId', { as: 'writer' }));
      Book.belongsTo(Author, chapter.by('editorId', { as: 'editor', onDelete: 'RESTRICT' }));
    },
  },
  {
    name: 'belongsTo, one options object for two children',
    define(chapter) {
      const { Author, Book } = chapter.authorAndBook();
      const options = { foreignKey: 'authorId' };
      Book.belongsTo(Author, options);
      chapter.model('Poem').belongsTo(Author, options);
    },
  },
  {
    name: 'belongsTo itself',
    define(chapter) {
      const Category = chapter.model('Category');
      Category.belongsTo(Category, chapter.by('parentId', { as: 'parent' }));
    },
  },
  {
    name: 'belongsTo by the primary key',
    dress: { ownColumn: false },
    define(chapter) {
      const { Author, Book } = chapter.authorAndBook();
      Book.belongsTo(Author, { foreignKey: 'id' });
    },
  },
  {
    name: 'belongsTo with a unique targetKey',
    define(chapter) {
      const Author = chapter.model('Author', { code: { type: DataTypes.STRING(12), unique: true } });
      chapter.model('Book').belongsTo(Author, chapter.by('authorCode', { targetKey: 'code' }));
    },
  },
  {
    name: 'belongsTo with a targetKey that a unique index covers',
    define(chapter) {
      const Author = chapter.model(
        'Author',
        { code: DataTypes.STRING(12) },
        { indexes: [{ unique: true, fields: ['code'] }] },
      );
      chapter.model('Book').belongsTo(Author, chapter.by('authorCode', { targetKey: 'code' }));
    },
  },
  {
    name: 'belongsTo a primary key of another name',
    define(chapter) {
      const Country = chapter.model('Country', {
        isoCode: { type: DataTypes.CHAR(2), primaryKey: true, field: 'iso_code' },
      });
      chapter.model('City').belongsTo(Country, chapter.by('countryCode'));
    },
  },
  {
    name: 'belongsTo, ON DELETE from the options of the model, in lower case',
    define(chapter) {
      const Author = chapter.model('Author');
      const Book = chapter.model('Book', {}, { onDelete: 'restrict' });
      Book.belongsTo(Author, chapter.by('authorId'));
    },
  },
  {
    name: 'belongsTo with each ON DELETE',
    define(chapter) {
      const { Author, Book } = chapter.authorAndBook();
      forEachAction(chapter, (onDelete, _, by) => Book.belongsTo(Author, by({ onDelete })));
    },
  },
  {
    name: 'belongsTo with each ON UPDATE',
    define(chapter) {
      const { Author, Book } = chapter.authorAndBook();
      forEachAction(chapter, (onUpdate, _, by) => Book.belongsTo(Author, by({ onUpdate })));
    },
  },
];
