import type { Index } from '../../../src/catalog/catalog';
import { AUTHOR, BOOK, column, uniqueIndex } from '../catalog';

/** What a composite key adds: a column of the tenant on both sides. */
export const BOTH = { childColumns: ['tenant', 'author'], parentColumns: ['tenant', 'id'] };
export const WRITER = {
  ...AUTHOR,
  columns: [column('tenant', { notNull: true }), column('id', { notNull: true })],
  uniqueIndexes: [uniqueIndex(['tenant', 'id'], { primary: true })],
};
export const VOLUME = {
  ...BOOK,
  columns: [column('id'), column('tenant', { notNull: true }), column('author')],
};
export const index = (columns: readonly string[], more: Partial<Index> = {}): Index => ({
  name: 'left_over',
  columns,
  unique: false,
  valid: true,
  searchable: true,
  needed: false,
  building: false,
  ...more,
});
