import { DataTypes } from 'sequelize';
import type { Expected, Style } from '../style';

const impossible: readonly Expected[] = [{ kind: 'impossible-set-null', at: 'Book.authorId' }];
/** Sequelize lets the first declaration win; the guard enforces what somebody wrote. */
const ignored: Expected = { kind: 'wrong-on-delete', at: 'Book.authorId', builtBy: 'Sequelize' };
const contradictory = (at: string): readonly Expected[] => [{ kind: 'contradictory-models', at }];

/** What Sequelize builds without a word, and what is wrong with it. */
export const faulty: readonly Style[] = [
  {
    name: 'belongsTo, SET NULL on NOT NULL',
    dress: { required: true },
    findings: impossible,
    define(chapter) {
      const { Author, Book } = chapter.authorAndBook();
      Book.belongsTo(Author, chapter.by('authorId', { onDelete: 'SET NULL' }));
    },
  },
  {
    name: 'hasMany, SET NULL on NOT NULL',
    dress: { required: true },
    findings: impossible,
    define(chapter) {
      const { Author, Book } = chapter.authorAndBook();
      Author.hasMany(Book, chapter.by('authorId', { onDelete: 'SET NULL' }));
    },
  },
  {
    name: 'references, SET NULL on NOT NULL',
    dress: { required: true },
    findings: impossible,
    define(chapter) {
      const references = { model: chapter.model('Author'), key: 'id' };
      chapter.model('Book', chapter.keyAttribute('authorId', { references, onDelete: 'SET NULL' }));
    },
  },
  {
    name: 'belongsToMany, SET NULL on the primary key',
    findings: [
      { kind: 'impossible-set-null', at: 'BookTag.bookId' },
      { kind: 'impossible-set-null', at: 'BookTag.tagId' },
    ],
    define(chapter) {
      const [Book, Tag] = [chapter.model('Book'), chapter.model('Tag')];
      Book.belongsToMany(Tag, {
        through: chapter.named('BookTag'),
        foreignKey: 'bookId',
        otherKey: 'tagId',
        onDelete: 'SET NULL',
      });
    },
  },
  {
    name: 'belongsTo, then hasMany with an action that Sequelize ignores',
    findings: [ignored],
    define(chapter) {
      const { Author, Book } = chapter.authorAndBook();
      Book.belongsTo(Author, chapter.by('authorId'));
      Author.hasMany(Book, chapter.by('authorId', { onDelete: 'CASCADE' }));
    },
  },
  {
    name: 'hasMany, then belongsTo with an action that Sequelize ignores',
    findings: [ignored],
    define(chapter) {
      const { Author, Book } = chapter.authorAndBook();
      Author.hasMany(Book, chapter.by('authorId'));
      Book.belongsTo(Author, chapter.by('authorId', { onDelete: 'RESTRICT' }));
    },
  },
  {
    name: 'foreignKey: { onDelete }, which Sequelize ignores',
    findings: [ignored],
    define(chapter) {
      const { Author, Book } = chapter.authorAndBook();
      // Sequelize's own typings do not have it, and applications written in JavaScript do.
      const foreignKey = { name: 'authorId', onDelete: 'CASCADE' };
      Book.belongsTo(Author, { foreignKey });
    },
  },
  {
    name: 'a hidden SET NULL: belongsTo, then hasOne with an action that looks like a default',
    dress: { required: false },
    findings: [
      { ...ignored, seen: 'early' },
      { kind: 'default-action-differs', at: 'Book.authorId', builtBy: 'the guard', seen: 'late' },
    ],
    define(chapter) {
      const { Author, Book } = chapter.authorAndBook();
      Book.belongsTo(Author, chapter.by('authorId'));
      Author.hasOne(Book, chapter.by('authorId', { onDelete: 'CASCADE' }));
    },
  },
  {
    name: 'two actions for one key',
    findings: contradictory('Book.authorId'),
    define(chapter) {
      const { Author, Book } = chapter.authorAndBook();
      Book.belongsTo(Author, chapter.by('authorId', { onDelete: 'CASCADE' }));
      Author.hasMany(Book, chapter.by('authorId', { onDelete: 'RESTRICT' }));
    },
  },
  {
    name: 'references one parent, belongsTo another one',
    findings: contradictory('Book.authorId'),
    define(chapter) {
      const references = { model: chapter.model('Author'), key: 'id' };
      const Book = chapter.model('Book', chapter.keyAttribute('authorId', { references }));
      Book.belongsTo(chapter.model('Editor'), { foreignKey: 'authorId' });
    },
  },
  {
    name: 'belongsTo two parents by one key',
    findings: contradictory('Book.ownerId'),
    define(chapter) {
      const Book = chapter.model('Book');
      for (const name of ['Author', 'Publisher']) Book.belongsTo(chapter.model(name), chapter.by('ownerId'));
    },
  },
  {
    name: 'a polymorphic comment whose constraints: false was forgotten',
    findings: contradictory('Comment.subjectId'),
    define(chapter) {
      const Comment = chapter.model('Comment', { subjectType: DataTypes.STRING(12) });
      for (const name of ['Book', 'Film'])
        chapter.model(name).hasMany(Comment, { foreignKey: 'subjectId', scope: { subjectType: name } });
    },
  },
  {
    name: "hasMany by the child's own id",
    dress: { ownColumn: false },
    findings: [{ kind: 'foreign-key-on-primary-key', at: 'Book.id' }],
    define(chapter) {
      const { Author, Book } = chapter.authorAndBook();
      Author.hasMany(Book, { foreignKey: 'id' });
    },
  },
];
