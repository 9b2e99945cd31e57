import type { Index } from '../../../src/catalog/catalog';
import { AUTHOR, BOOK, catalog, column, name } from '../catalog';
import { diagnosed } from '../diagnosed';
import { index } from './tenants';

describe('a key without an index', () => {
  const told = (book: Partial<typeof BOOK>, more = {}, indexes?: 'create') =>
    diagnosed('unindexed-foreign-key', {
      database: catalog([AUTHOR, { ...BOOK, ...book }]),
      relations: [more],
      options: indexes ? { indexes } : {},
    })[0];

  it('is told with the statement that builds it', () => {
    expect(told({})?.help).toBe(
      `create index concurrently "book_author_idx" on "app"."book" ("author"); builds it without blocking writers; with indexes: 'create' the guard does.`,
    );
  });

  it('is told in other words for a partitioned table, which cannot have one built beside writers', () => {
    expect(told({ kind: 'partitioned table' })?.help).toBe(
      'Build an index on each partition, concurrently, and then one on app.book, which adopts them.',
    );
  });

  it.each([
    ['of a view', { kind: 'view' }, {}],
    ['without its column', { columns: [column('id')] }, {}],
    ['without one of its columns', {}, { childColumns: ['author', 'gone'], parentColumns: ['id', 'x'] }],
    ['with an index', { indexes: [index(['author'])] }, {}],
    ['of which the models name two parents', {}, { declarations: [{ text: 'a', parent: name('person') }] }],
  ] as const)('is not told %s', (_, book, more) => expect(told(book, more)).toBeUndefined());

  it('takes the name of what a failed build has left, after that is gone', () => {
    const left = index(['author'], { name: 'book_author_idx', valid: false });
    const ops = (of: Index) =>
      told({ indexes: [of] }, {}, 'create')?.changes.map((change) => [
        change.op,
        'index' in change && change.index,
      ]);
    expect(ops(left)).toEqual([
      ['drop-index', 'book_author_idx'],
      ['create-index', 'book_author_idx'],
    ]);
    expect(ops({ ...left, needed: true })).toEqual([['create-index', 'book_author_idx1']]);
    expect(ops({ ...left, name: 'other' })).toEqual([['create-index', 'book_author_idx']]);
    expect(told({ indexes: [left] })?.help).toMatch(/^create index concurrently "book_author_idx"/);
  });
});
