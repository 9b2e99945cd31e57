import { partialKeys } from '../../../src/pairing/half-null';
import { pair } from '../../../src/pairing/pair';
import type { Table } from '../../../src/catalog/catalog';
import { AUTHOR, BOOK, catalog, column, foreignKey, name, wanted } from '../catalog';

describe('keys that may be half null', () => {
  const [tenant, author] = [column('tenant'), column('author')];
  const book = { ...BOOK, columns: [column('id'), tenant, author] };
  const composite = { childColumns: ['tenant', 'author'], parentColumns: ['tenant', 'id'] } as const;
  const found = (child: Table, keys: readonly Parameters<typeof foreignKey>[0][] = [], declared = true) =>
    partialKeys(
      pair(
        declared ? [wanted(composite)] : [],
        [{ model: 'Book', table: name('book'), columns: [], primaryKey: [], indexes: [] }],
        catalog(
          [AUTHOR, child],
          keys.map((key) => foreignKey({ ...composite, ...key })),
        ),
      ),
    ).map(({ columns }) => columns.join());

  it('are composite', () => {
    expect(found(book)).toEqual(['tenant,author']);
    expect(partialKeys(pair([wanted()], [], catalog()))).toEqual([]);
  });

  it.each([
    ['a column is missing', { columns: [column('id'), author] }],
    ['no column may be null', { columns: [tenant, author].map((of) => ({ ...of, notNull: true })) }],
    ['the rows cannot be read', { may: { own: true, select: false, lock: true } }],
    ['row security hides rows', { rowSecurity: true }],
    ['it is a view', { kind: 'view' }],
    ['inheritance adds rows', { inherited: true }],
    ['partitions are elsewhere', { foreignPartitions: true }],
  ] as const)('are not counted where %s', (_, more) => expect(found({ ...book, ...more })).toEqual([]));

  it('are counted in a partitioned table', () => {
    expect(found({ ...book, kind: 'partitioned table' })).toEqual(['tenant,author']);
  });

  it('are counted where only one of the columns may be null', () => {
    expect(found({ ...book, columns: [{ ...tenant, notNull: true }, author] })).toEqual(['tenant,author']);
  });

  it.each([
    ['MATCH FULL', { matchFull: true }, []],
    ['MATCH FULL that is not validated', { matchFull: true, validated: false }, ['tenant,author']],
    ['MATCH FULL that is switched off', { matchFull: true, triggersEnabled: false }, ['tenant,author']],
    ['MATCH SIMPLE', {}, ['tenant,author']],
    ['a PERIOD', { temporal: true }, []],
  ] as const)('under a live key with %s', (_, key, columns) => {
    expect(found(book, [key])).toEqual(columns);
  });

  it('are also those that no model declares, without the strict ones', () => {
    expect(found(book, [{}], false)).toEqual(['tenant,author']);
    expect(found(book, [{ matchFull: true }], false)).toEqual([]);
    expect(found(book, [{ temporal: true }], false)).toEqual([]);
    expect(found(BOOK, [{}], false)).toEqual([]);
  });

  it('are told table by table, also where two tables have the same columns', () => {
    const page = { ...book, oid: 5, name: name('page') };
    const [ofBook, ofPage] = ['book', 'page'].map((child) => ({
      ...wanted(composite),
      id: child,
      child: name(child),
    }));
    if (!ofBook || !ofPage) throw new Error('there are two');
    const whole = catalog([AUTHOR, book, page], [foreignKey({ ...composite })]);
    const tables = (relations: readonly (typeof ofBook)[], models: readonly string[]) =>
      partialKeys(
        pair(
          relations,
          models.map((of) => ({ model: of, table: name(of), columns: [], primaryKey: [], indexes: [] })),
          whole,
        ),
      ).map(({ child }) => child.name.name);
    expect(tables([ofBook, ofPage], [])).toEqual(['book', 'page']);
    expect(tables([], ['book', 'page'])).toEqual(['book']);
  });

  it('are told once, whatever the order of the columns', () => {
    const turned = { childColumns: ['author', 'tenant'], parentColumns: ['id', 'tenant'] };
    expect(found(book, [{}, { ...turned, oid: 11 }], false)).toEqual(['tenant,author']);
  });
});
