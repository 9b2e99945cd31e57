import { comparableRows, measurable, orphanCondition, proof } from '../../../src/pairing/measurable';

import type { Table } from '../../../src/catalog/catalog';
import type { PairedRelation } from '../../../src/snapshot';
import { AUTHOR, BOOK, catalog, column, foreignKey, name, paired, uniqueIndex } from '../catalog';

describe('whether the rows of a relation are looked at', () => {
  const answer = (
    book: Partial<Table>,
    author: Partial<Table> = {},
    keys = [] as Parameters<typeof foreignKey>[0][],
  ) =>
    measurable(
      paired(
        catalog(
          [
            { ...AUTHOR, ...author },
            { ...BOOK, ...book },
          ],
          keys.map(foreignKey),
        ),
      ),
      'needed',
    );

  it('yes, by the columns, the tables and an operator that no search_path can replace', () => {
    expect(answer({})).toEqual({
      child: name('book'),
      childColumns: ['author'],
      parent: name('author'),
      parentColumns: ['id'],
      equality: [{ schema: 'pg_catalog', name: '=' }],
    });
  });

  const notReadable = { may: { own: false, select: false, lock: true } };
  it.each([
    ['a child that may not be read', notReadable, {}, 'unreadable'],
    ['a parent that may not be read', {}, notReadable, 'unreadable'],
    ['a foreign partition of the child', { foreignPartitions: true }, {}, 'unreadable'],
    ['a foreign partition of the parent', {}, { foreignPartitions: true }, 'unreadable'],
    ['row security of the child, which hides rows', { rowSecurity: true }, {}, 'row-security'],
    ['row security of the parent, which hides parents', {}, { rowSecurity: true }, 'row-security'],
    ['a child that is a view', { kind: 'view' }, {}, 'not-a-table'],
    ['a parent that is a view', {}, { kind: 'view' }, 'not-a-table'],
    ['a parent that is a foreign table', {}, { kind: 'foreign table' }, 'not-a-table'],
    ['inheritance below the child', { inherited: true }, {}, 'inheritance'],
    ['inheritance below the parent', {}, { inherited: true }, 'inheritance'],
    ['a child without the column', { columns: [column('id')] }, {}, 'missing-column'],
    ['a parent without the column', {}, { columns: [column('number')] }, 'missing-column'],
    ['a child of another type', { columns: [column('author', { type: 'uuid' })] }, {}, 'type-mismatch'],
  ] as const)('no, where it meets %s', (_, book, author, reason) =>
    expect(answer(book, author)).toBe(reason),
  );

  it.each(['table', 'partitioned table'] as const)('yes, for a %s', (kind) => {
    expect(typeof answer({ kind }, { kind })).toBe('object');
  });

  it('no, without a table', () => {
    expect(measurable(paired(catalog([AUTHOR])), 'all')).toBe('missing-table');
    expect(measurable(paired(catalog([BOOK])), 'all')).toBe('missing-table');
    for (const there of [AUTHOR, BOOK])
      expect(comparableRows(paired(catalog([there])), 'all')).toBe('missing-table');
    const other = { text: 'Book.belongsTo(Person)', parent: name('person') };
    for (const there of [AUTHOR, BOOK])
      expect(measurable(paired(catalog([there]), { declarations: [other] }), 'all')).toBe('missing-table');
  });

  it('text against `character` only as a live key compares it', () => {
    const author = { columns: [column('id', { type: 'character(3)' })] };
    const book = { columns: [column('author', { type: 'text' })] };
    expect(answer(book, author)).toBe('type-mismatch');
    expect(typeof answer(book, author, [{ validated: false }])).toBe('object');
  });

  it('not where a key proves that there are no orphans, unless all is to be counted', () => {
    const proved = paired(catalog(undefined, [foreignKey()]));
    expect(measurable(proved, 'needed')).toBe('trusted');
    expect(typeof measurable(proved, 'all')).toBe('object');
  });

  it('not where a key with a PERIOD covers the rows, which equality cannot tell', () => {
    expect(answer({}, {}, [{ temporal: true, validated: false }])).toBe('temporal');
  });

  it('not while the models name two parents, or take the child’s own id for the key', () => {
    const other = { text: 'Book.belongsTo(Person)', parent: name('person') };
    expect(measurable(paired(catalog(), { declarations: [other] }), 'all')).toBe('contradictory-models');
    const wrongWay = { ...paired(catalog()), wrongWay: true };
    expect(measurable(wrongWay, 'all')).toBe('foreign-key-on-primary-key');
  });

  it.each([
    ['not validated', { validated: false }],
    ['not enforced', { enforced: false }],
    ['switched off', { triggersEnabled: false }],
  ])('a key that is %s proves nothing', (_, more) => {
    expect(proof(paired(catalog(undefined, [foreignKey(more)])))).toBeUndefined();
  });

  it('a key with another action proves as much, and one to another parent nothing', () => {
    const rival = foreignKey({ onDelete: 'RESTRICT' });
    expect(proof(paired(catalog(undefined, [rival])))).toBe(rival);
    expect(proof(paired(catalog(undefined, [foreignKey({ parent: name('person') })])))).toBeUndefined();
  });
});

describe('the equality by which orphans are found', () => {
  const [ofKey, ofIndex] = ['of_key', 'of_index'].map((schema) => ({ schema, name: '=' }));
  const indexed = {
    ...AUTHOR,
    uniqueIndexes: [uniqueIndex(['id'], { equality: ofIndex ? [ofIndex] : [] })],
  };
  const operators = (pair: PairedRelation) => orphanCondition(pair).equality;

  it('is that of the live key, which PostgreSQL itself compares by', () => {
    const key = foreignKey({ validated: false, equality: ofKey ? [ofKey] : [] });
    expect(operators(paired(catalog([indexed, BOOK], [key])))).toEqual([ofKey]);
    expect(operators(paired(catalog([indexed, BOOK], [{ ...key, onDelete: 'RESTRICT' }])))).toEqual([ofKey]);
  });

  it('is not that of a key to another parent', () => {
    const key = foreignKey({ parent: name('person'), equality: ofKey ? [ofKey] : [] });
    expect(operators(paired(catalog([indexed, BOOK], [key])))).toEqual([ofIndex]);
  });

  it('is that of the index that a key would rest on, else that of the type', () => {
    expect(operators(paired(catalog([indexed, BOOK])))).toEqual([ofIndex]);
    const bare = { ...AUTHOR, uniqueIndexes: [] };
    expect(operators(paired(catalog([bare, BOOK])))).toEqual([{ schema: 'pg_catalog', name: '=' }]);
  });

  it('is never guessed', () => {
    expect(() => operators(paired(catalog([BOOK])))).toThrow('no equality operator for id');
  });
});
