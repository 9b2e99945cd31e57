import { DataTypes } from 'sequelize';
import type { Style } from '../style';

/** Names and tables that are not the usual ones. */
export const tables: readonly Style[] = [
  {
    name: 'names that need quotes',
    define(chapter) {
      const Author = chapter.model('Author', {}, { tableName: `Ärzte & "Söhne" ${chapter.named('')}` });
      const Book = chapter.model('Book', {}, { tableName: `the.book $${chapter.named('')}` });
      Book.belongsTo(Author, { foreignKey: { name: 'authorId', field: 'select' } });
    },
  },
  {
    name: 'a name of 63 bytes',
    define(chapter) {
      const long = chapter.named('b').padEnd(63, 'o');
      const Author = chapter.model('Author');
      chapter.model('Book', {}, { tableName: long }).belongsTo(Author, chapter.by('authorId'));
    },
  },
  {
    name: 'a parent in the schema public, by name',
    dress: { inSchema: true },
    define(chapter) {
      const Author = chapter.model('Author', {}, { schema: 'public' });
      chapter.model('Book').belongsTo(Author, chapter.by('authorId'));
    },
  },
  {
    name: 'tables of one name in two schemas',
    dress: { inSchema: true },
    define(chapter) {
      const tableName = chapter.named('Author');
      const Author = chapter.model('Author', {}, { tableName });
      const Other = chapter.model('OtherAuthor', {}, { tableName, schema: 'public' });
      const Book = chapter.model('Book');
      Book.belongsTo(Author, chapter.by('authorId'));
      Book.belongsTo(Other, chapter.by('otherId', { as: 'other' }));
    },
  },
  {
    name: 'a child without a primary key',
    define(chapter) {
      const { Author, Book } = chapter.authorAndBook();
      Book.belongsTo(Author, chapter.by('authorId'));
      Book.removeAttribute('id');
    },
  },
  {
    name: 'two models of one table',
    dress: { key: 'integer', childFirst: false },
    define(chapter) {
      const Author = chapter.model('Author');
      for (const name of ['Book', 'Volume'])
        chapter
          .model(name, {}, { tableName: chapter.named('Book') })
          .belongsTo(Author, chapter.by('authorId', { onDelete: 'CASCADE' }));
    },
  },
  {
    name: 'columns that are no attributes of the database',
    define(chapter) {
      const { Author, Book } = chapter.authorAndBook({
        summary: DataTypes.VIRTUAL,
        title: { type: DataTypes.STRING(40), allowNull: false, defaultValue: 'untitled' },
      });
      Book.belongsTo(Author, chapter.by('authorId'));
    },
  },
];
