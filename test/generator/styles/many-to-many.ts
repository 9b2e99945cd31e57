import { DataTypes } from 'sequelize';
import type { Chapter } from '../chapter';
import type { Style } from '../style';

/** `Book.belongsToMany(Tag)` with all kinds of join tables. */
export const manyToMany: readonly Style[] = [
  {
    name: 'belongsToMany through a name',
    define(chapter) {
      const { Book, Tag } = booksAndTags(chapter);
      Book.belongsToMany(Tag, { through: chapter.named('BookTag') });
    },
  },
  {
    name: 'belongsToMany from both sides',
    define(chapter) {
      const { Book, Tag } = booksAndTags(chapter);
      Book.belongsToMany(Tag, { through: chapter.named('BookTag') });
      Tag.belongsToMany(Book, { through: chapter.named('BookTag') });
    },
  },
  {
    name: 'belongsToMany through a model',
    define(chapter) {
      const { Book, Tag } = booksAndTags(chapter);
      const BookTag = chapter.joinTable('BookTag', { weight: DataTypes.INTEGER });
      Book.belongsToMany(Tag, { through: BookTag, foreignKey: 'bookId', otherKey: 'tagId' });
    },
  },
  {
    name: 'belongsToMany through a model with an id of its own',
    define(chapter) {
      const { Book, Tag } = booksAndTags(chapter);
      const BookTag = chapter.model('BookTag', OWN_KEY);
      Book.belongsToMany(Tag, { through: BookTag, foreignKey: 'bookId', otherKey: 'tagId' });
      Tag.belongsToMany(Book, { through: BookTag, foreignKey: 'tagId', otherKey: 'bookId' });
    },
  },
  {
    name: 'belongsToMany without a unique pair',
    define(chapter) {
      const { Book, Tag } = booksAndTags(chapter);
      const through = { model: chapter.model('BookTag', OWN_KEY), unique: false };
      Book.belongsToMany(Tag, { through, foreignKey: 'bookId', otherKey: 'tagId' });
    },
  },
  {
    name: 'belongsToMany with columns of its own names',
    define(chapter) {
      const { Book, Tag } = booksAndTags(chapter);
      Book.belongsToMany(Tag, {
        through: chapter.named('BookTag'),
        foreignKey: { name: 'bookId', field: 'the_book' },
        otherKey: { name: 'tagId', field: 'the_tag' },
        uniqueKey: chapter.named('book_tag_once'),
      });
    },
  },
  {
    name: 'belongsToMany itself',
    define(chapter) {
      const Book = chapter.model('Book');
      Book.belongsToMany(Book, {
        as: 'sequels',
        through: chapter.named('Sequel'),
        foreignKey: 'bookId',
        otherKey: 'sequelId',
      });
    },
  },
  {
    name: 'belongsToMany by unique keys',
    define(chapter) {
      const code = { code: { type: DataTypes.STRING(12), unique: true } };
      chapter.model('Book', code).belongsToMany(chapter.model('Tag', { ...code }), {
        through: chapter.named('BookTag'),
        sourceKey: 'code',
        targetKey: 'code',
      });
    },
  },
  {
    name: 'belongsToMany beside hasMany and belongsTo',
    define(chapter) {
      const { Book, Tag } = booksAndTags(chapter);
      const BookTag = chapter.model('BookTag', OWN_KEY);
      const [bookId, tagId] = [{ foreignKey: 'bookId' }, { foreignKey: 'tagId' }];
      Book.belongsToMany(Tag, { through: BookTag, ...bookId, otherKey: 'tagId' });
      Tag.belongsToMany(Book, { through: BookTag, ...tagId, otherKey: 'bookId' });
      BookTag.belongsTo(Book, { ...bookId });
      BookTag.belongsTo(Tag, { ...tagId });
      Book.hasMany(BookTag, { ...bookId });
      Tag.hasMany(BookTag, { ...tagId });
    },
  },
  {
    name: 'belongsToMany with a scope',
    define(chapter) {
      const { Book, Tag } = booksAndTags(chapter);
      Book.belongsToMany(Tag, {
        as: 'genres',
        through: { model: chapter.named('BookTag'), scope: { sort: 'genre' } },
        scope: { sort: 'genre' },
      });
    },
  },
  {
    name: 'belongsToMany with each ON DELETE that a primary key can have',
    define(chapter) {
      const { Book, Tag } = booksAndTags(chapter);
      for (const onDelete of ['CASCADE', 'RESTRICT', 'NO ACTION']) {
        const as = onDelete.toLowerCase().replace(' ', '');
        Book.belongsToMany(Tag, { as, through: chapter.named(`BookTag_${as}_`), onDelete });
      }
    },
  },
];

/** A primary key beside the two foreign keys. */
const OWN_KEY = { serial: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true } };

const booksAndTags = (chapter: Chapter) => ({
  Book: chapter.model('Book'),
  Tag: chapter.model('Tag', { sort: DataTypes.STRING(12) }),
});
