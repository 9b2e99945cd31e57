import type { Style } from '../style';

/**
 * Models that point at each other in a circle. Sequelize then makes all tables first and alters every one of them
 * afterwards, which leaves a foreign key that is part of a primary key without its constraint.
 */
export const cyclic: readonly Style[] = [
  {
    name: 'two models that belong to each other',
    define(chapter) {
      const { Author, Book } = chapter.authorAndBook();
      Book.belongsTo(Author, chapter.by('authorId'));
      Author.belongsTo(Book, { foreignKey: 'bestBookId', as: 'bestBook' });
    },
  },
  {
    name: 'a circle of three',
    define(chapter) {
      const { Author, Book } = chapter.authorAndBook();
      const Page = chapter.model('Page');
      Author.hasMany(Book, chapter.by('authorId', { onDelete: 'CASCADE' }));
      Book.hasMany(Page, chapter.by('bookId'));
      Page.hasOne(Author, chapter.by('favouritePageId'));
    },
  },
  {
    name: 'a join table beside a circle',
    findings: [
      { kind: 'missing-foreign-key', at: 'BookTag.bookId', builtBy: 'Sequelize' },
      { kind: 'missing-foreign-key', at: 'BookTag.tagId', builtBy: 'Sequelize' },
    ],
    define(chapter) {
      const [Book, Tag] = [chapter.model('Book'), chapter.model('Tag')];
      Book.belongsTo(Tag, { foreignKey: 'mainTagId', as: 'mainTag' });
      Tag.belongsTo(Book, { foreignKey: 'firstBookId', as: 'firstBook' });
      Book.belongsToMany(Tag, { through: chapter.named('BookTag'), foreignKey: 'bookId', otherKey: 'tagId' });
    },
  },
  {
    name: 'a join table with an id of its own beside a circle',
    define(chapter) {
      const [Book, Tag] = [chapter.model('Book'), chapter.model('Tag')];
      Book.belongsTo(Tag, { foreignKey: 'mainTagId', as: 'mainTag' });
      Tag.belongsTo(Book, { foreignKey: 'firstBookId', as: 'firstBook' });
      const BookTag = chapter.model('BookTag');
      BookTag.belongsTo(Book, { foreignKey: 'bookId' });
      BookTag.belongsTo(Tag, { foreignKey: 'tagId' });
    },
  },
];
