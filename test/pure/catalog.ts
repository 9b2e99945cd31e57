import type { Catalog, Column, ForeignKey, Table, UniqueIndex } from '../../src/catalog/catalog';
import type { Relation } from '../../src/expected';
import { parseOptions } from '../../src/parse-options';
import type { FkGuardOptions } from '../../src/options';
import { applyPolicy, type WantedRelation } from '../../src/policy/wanted';
import { pair } from '../../src/pairing/pair';
import type { PairedRelation } from '../../src/snapshot';

/** A database in a few words: what a test does not speak of is as it is in a healthy one. */

export const EQUAL = { schema: 'pg_catalog', name: '=' } as const;

export const name = (table: string) => ({ schema: 'app', name: table });

export const column = (of: string, more: Partial<Column> = {}): Column => ({
  name: of,
  type: 'integer',
  notNull: false,
  generated: 'no',
  identity: 'no',
  equality: EQUAL,
  ...more,
});

export const uniqueIndex = (columns: readonly string[], more: Partial<UniqueIndex> = {}): UniqueIndex => ({
  name: `unique_${columns.join('_')}`,
  columns,
  primary: false,
  valid: true,
  partial: false,
  deferrable: false,
  equality: columns.map(() => EQUAL),
  ...more,
});

export const table = (of: string, columns: readonly Column[], more: Partial<Table> = {}): Table => ({
  oid: 1,
  name: name(of),
  kind: 'table',
  columns,
  uniqueIndexes: [],
  indexes: [],
  inherited: false,
  rowSecurity: false,
  estimatedRows: 1,
  triggers: [],
  rules: [],
  owner: 'owner',
  lacks: [],
  may: { own: true, select: true, lock: true },
  constraints: [],
  ...more,
});

/** `book.author` → `author.id`, unless it says otherwise. */
export const foreignKey = (more: Partial<ForeignKey> = {}): ForeignKey => ({
  oid: 10,
  name: 'book_author_fkey',
  child: name('book'),
  childColumns: ['author'],
  parent: name('author'),
  parentColumns: ['id'],
  onDelete: 'CASCADE',
  onUpdate: 'CASCADE',
  validated: true,
  enforced: true,
  deferrable: false,
  initiallyDeferred: false,
  inherited: false,
  triggersEnabled: true,
  equality: [EQUAL],
  definition: 'FOREIGN KEY (author) REFERENCES author(id)',
  ...more,
});

/** A relation that wants that key. */
export const relation = (more: Partial<Relation> = {}): Relation => ({
  id: 'Book.author',
  model: 'Book',
  attribute: 'author',
  child: name('book'),
  childColumns: ['author'],
  parent: name('author'),
  parentColumns: ['id'],
  onDelete: { resolved: 'CASCADE', explicit: ['CASCADE'] },
  onUpdate: { resolved: 'CASCADE', explicit: [] },
  declarations: [],
  ...more,
});

export const AUTHOR = table('author', [column('id', { notNull: true })], {
  oid: 2,
  uniqueIndexes: [uniqueIndex(['id'], { name: 'author_pkey', primary: true })],
});
export const BOOK = table('book', [column('id', { notNull: true }), column('author')], { oid: 3 });

export const catalog = (
  tables: readonly Table[] = [AUTHOR, BOOK],
  foreignKeys: readonly ForeignKey[] = [],
): Catalog => ({
  server: {
    version: 180_000,
    database: 'library',
    role: 'owner',
    inRecovery: false,
    searchPath: ['app'],
    mayCreateSchema: true,
  },
  tables,
  foreignKeys,
});

/** A relation with the options applied. */
export const wanted = (more: Partial<Relation> = {}, options: FkGuardOptions = {}): WantedRelation => {
  const [applied] = applyPolicy({ tables: [], relations: [relation(more)] }, parseOptions(options, {}));
  if (!applied) throw new Error('there is no relation');
  return applied;
};

/** The relation beside a database. */
export function paired(database: Catalog, more: Partial<Relation> = {}): PairedRelation {
  const [only] = pair([wanted(more)], [], database).relations;
  if (!only) throw new Error('there is no relation');
  return only;
}
