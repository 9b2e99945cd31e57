import { DataTypes } from 'sequelize';
import type { Style } from '../style';

/** Associations of which Sequelize makes no key, as the author wants it or silently; and those that get one all the same. */
export const withoutKey: readonly Style[] = [
  {
    name: 'constraints: false on both sides',
    define(chapter) {
      const { Author, Book } = chapter.authorAndBook();
      Book.belongsTo(Author, chapter.by('authorId', { constraints: false }));
      Author.hasMany(Book, chapter.by('authorId', { constraints: false }));
    },
  },
  {
    name: 'constraints: false in the options of both models',
    define(chapter) {
      const Author = chapter.model('Author', {}, { constraints: false });
      const Book = chapter.model('Book', {}, { constraints: false });
      Book.belongsTo(Author, chapter.by('authorId'));
      Author.hasMany(Book, chapter.by('authorId'));
    },
  },
  {
    name: 'constraints: false with an action, which makes a key all the same',
    define(chapter) {
      const { Author, Book } = chapter.authorAndBook();
      Book.belongsTo(Author, chapter.by('authorId', { constraints: false, onDelete: 'CASCADE' }));
    },
  },
  {
    name: 'constraints: false on one side only, which makes a key all the same',
    define(chapter) {
      const { Author, Book } = chapter.authorAndBook();
      Author.hasMany(Book, chapter.by('authorId', { constraints: false }));
      Book.belongsTo(Author, chapter.by('authorId'));
    },
  },
  {
    name: 'belongsToMany with constraints: false',
    define(chapter) {
      const [Book, Tag] = [chapter.model('Book'), chapter.model('Tag')];
      Book.belongsToMany(Tag, { through: chapter.named('BookTag'), constraints: false });
    },
  },
  {
    name: 'a polymorphic comment',
    define(chapter) {
      const Comment = chapter.model('Comment', { subjectType: DataTypes.STRING(12) });
      for (const name of ['Book', 'Film']) {
        const Subject = chapter.model(name);
        const by = { foreignKey: 'subjectId', constraints: false };
        Subject.hasMany(Comment, { ...by, scope: { subjectType: name } });
        Comment.belongsTo(Subject, { ...by, as: name });
      }
    },
  },
  {
    name: 'a polymorphic tag',
    define(chapter) {
      const Tag = chapter.model('Tag');
      const Tagging = chapter.model('Tagging', { subjectType: DataTypes.STRING(12) });
      for (const name of ['Book', 'Film'])
        chapter.model(name).belongsToMany(Tag, {
          through: { model: Tagging, unique: false, scope: { subjectType: name } },
          foreignKey: 'subjectId',
          otherKey: 'tagId',
          constraints: false,
        });
    },
  },
  {
    name: 'belongsTo a composite primary key, which Sequelize cannot reference',
    define(chapter) {
      const part = { type: DataTypes.INTEGER, primaryKey: true };
      const Edition = chapter.model('Edition', { bookId: { ...part }, number: { ...part } });
      chapter.model('Copy').belongsTo(Edition, chapter.by('editionId'));
    },
  },
];
