import { DataTypes } from 'sequelize';
import type { Expected, UnbuildableStyle } from '../style';

/** Sequelize stops at the child's table and leaves the parent's behind. */
const without = (child: string): Expected => ({ kind: 'missing-table', at: child, builtBy: 'Sequelize' });

/** What Sequelize sends to the server and the server refuses, so that the child's table is never made. */
export const unbuildable: readonly UnbuildableStyle[] = [
  {
    name: 'belongsTo with a targetKey that is not unique',
    sqlState: '42830',
    findings: [
      without('Book'),
      { kind: 'unreferenceable-target', at: 'Book.authorCode', builtBy: 'Sequelize' },
    ],
    define(chapter) {
      const Author = chapter.model('Author', { code: DataTypes.STRING(12) });
      chapter.model('Book').belongsTo(Author, chapter.by('authorCode', { targetKey: 'code' }));
    },
  },
  {
    name: 'belongsTo with a targetKey that is unique only for some rows',
    sqlState: '42830',
    findings: [
      without('Book'),
      { kind: 'unreferenceable-target', at: 'Book.authorCode', builtBy: 'Sequelize' },
    ],
    define(chapter) {
      const code = { code: DataTypes.STRING(12) };
      const indexes = [{ unique: true, fields: ['code'], where: { code: 'x' } }];
      const Author = chapter.model('Author', code, { indexes });
      chapter.model('Book').belongsTo(Author, chapter.by('authorCode', { targetKey: 'code' }));
    },
  },
  {
    name: 'references half of a composite primary key',
    sqlState: '42830',
    // `key` names a column, not an attribute.
    dress: { underscored: false },
    findings: [without('Copy'), { kind: 'unreferenceable-target', at: 'Copy.bookId', builtBy: 'Sequelize' }],
    define(chapter) {
      const part = { type: DataTypes.INTEGER, primaryKey: true };
      const Edition = chapter.model('Edition', { bookId: { ...part }, number: { ...part } });
      const references = { model: Edition, key: 'bookId' };
      chapter.model('Copy', { bookId: { type: DataTypes.INTEGER, references } });
    },
  },
  {
    name: 'references a model by its name where the table has another one',
    sqlState: '42P01',
    findings: [without('Book'), { kind: 'missing-table', at: 'Book.authorId' }],
    define(chapter) {
      chapter.model('Author', {}, { tableName: chapter.named('writers') });
      const references = { model: chapter.named('Author'), key: 'id' };
      chapter.model('Book', chapter.keyAttribute('authorId', { references }));
    },
  },
  {
    name: 'a child in a schema, its parent in none',
    sqlState: '42P01',
    dress: { inSchema: true },
    findings: [without('Book'), { kind: 'missing-table', at: 'Book.authorId' }],
    define(chapter) {
      const Author = chapter.model('Author', {}, { schema: '' });
      chapter.model('Book').belongsTo(Author, chapter.by('authorId'));
    },
  },
  {
    name: 'references a column that is not there',
    sqlState: '42703',
    findings: [without('Book'), { kind: 'missing-column', at: 'Book.authorId' }],
    define(chapter) {
      const references = { model: chapter.model('Author'), key: 'no_such_column' };
      chapter.model('Book', chapter.keyAttribute('authorId', { references }));
    },
  },
  {
    name: 'references of a type that does not fit',
    sqlState: '42804',
    dress: { key: 'uuid' },
    findings: [
      without('Book'),
      { kind: 'type-mismatch', at: 'Book.authorId', builtBy: 'the guard' },
      { kind: 'missing-foreign-key', at: 'Book.authorId', builtBy: 'the guard' },
    ],
    define(chapter) {
      const references = { model: chapter.model('Author'), key: 'id' };
      chapter.model('Book', { authorId: { type: DataTypes.INTEGER, references } });
    },
  },
];
