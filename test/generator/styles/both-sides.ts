import { DataTypes } from 'sequelize';
import { forEachAction, type Style } from '../style';

/** One key that both sides declare, in both orders. */
export const bothSides: readonly Style[] = [
  {
    name: 'belongsTo, then hasMany',
    define(chapter) {
      const { Author, Book } = chapter.authorAndBook();
      Book.belongsTo(Author, chapter.by('authorId'));
      Author.hasMany(Book, chapter.by('authorId'));
    },
  },
  {
    name: 'hasMany, then belongsTo',
    define(chapter) {
      const { Author, Book } = chapter.authorAndBook();
      Author.hasMany(Book, chapter.by('authorId'));
      Book.belongsTo(Author, chapter.by('authorId'));
    },
  },
  {
    name: 'belongsTo, then hasOne',
    define(chapter) {
      const { Author, Book } = chapter.authorAndBook();
      Book.belongsTo(Author, chapter.by('authorId'));
      Author.hasOne(Book, chapter.by('authorId'));
    },
  },
  {
    name: 'hasOne, then belongsTo',
    define(chapter) {
      const { Author, Book } = chapter.authorAndBook();
      Author.hasOne(Book, chapter.by('authorId'));
      Book.belongsTo(Author, chapter.by('authorId'));
    },
  },
  {
    name: 'a category with a parent and children',
    define(chapter) {
      const Category = chapter.model('Category');
      Category.belongsTo(Category, chapter.by('parentId', { as: 'parent' }));
      Category.hasMany(Category, chapter.by('parentId', { as: 'children' }));
    },
  },
  {
    name: 'a chain of three',
    define(chapter) {
      const { Author, Book } = chapter.authorAndBook();
      const Page = chapter.model('Page');
      Book.belongsTo(Author, chapter.by('authorId'));
      Author.hasMany(Book, chapter.by('authorId'));
      Book.hasMany(Page, chapter.by('bookId', { onDelete: 'CASCADE' }));
      Page.belongsTo(Book, chapter.by('bookId'));
    },
  },
  {
    name: 'hasMany under two names, one of them scoped',
    define(chapter) {
      const { Author, Book } = chapter.authorAndBook({ genre: DataTypes.STRING(12) });
      Book.belongsTo(Author, chapter.by('authorId'));
      Author.hasMany(Book, chapter.by('authorId', { as: 'books' }));
      Author.hasMany(Book, chapter.by('authorId', { as: 'poems', scope: { genre: 'poem' } }));
    },
  },
  {
    name: 'belongsTo with each ON DELETE, then hasMany',
    define(chapter) {
      const { Author, Book } = chapter.authorAndBook();
      forEachAction(chapter, (onDelete, name, by) => {
        Book.belongsTo(Author, by({ onDelete }));
        Author.hasMany(Book, by({ as: `${name}Books` }));
      });
    },
  },
  {
    name: 'hasMany with each ON DELETE, then belongsTo',
    define(chapter) {
      const { Author, Book } = chapter.authorAndBook();
      forEachAction(chapter, (onDelete, name, by) => {
        Author.hasMany(Book, by({ as: `${name}Books`, onDelete }));
        Book.belongsTo(Author, by());
      });
    },
  },
  {
    name: 'each ON DELETE on both sides',
    define(chapter) {
      const { Author, Book } = chapter.authorAndBook();
      forEachAction(chapter, (onDelete, name, by) => {
        Author.hasMany(Book, by({ as: `${name}Books`, onDelete }));
        Book.belongsTo(Author, by({ onDelete }));
      });
    },
  },
];
