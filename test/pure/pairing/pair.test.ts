import { pair } from '../../../src/pairing/pair';
import { AUTHOR, BOOK, catalog, foreignKey, name, paired, wanted } from '../catalog';

describe('the models beside the catalog', () => {
  const model = { model: 'Book', table: { name: 'book' }, columns: [], primaryKey: [], indexes: [] } as const;
  const unclaimed = (keys: readonly Parameters<typeof foreignKey>[0][], more = {}) =>
    pair([wanted(more)], [model], catalog(undefined, keys.map(foreignKey))).unclaimed.map(({ oid }) => oid);

  it('a key is unclaimed when no relation is on its columns', () => {
    expect(unclaimed([{ oid: 1 }, { oid: 2, childColumns: ['editor'] }])).toEqual([2]);
  });

  it('a key of a table that no model is stored in is nobody’s business', () => {
    expect(unclaimed([{ oid: 2, child: name('other') }])).toEqual([]);
  });

  it('a key that belongs to a partitioned table’s is neither claimed nor unclaimed, and nobody’s holder', () => {
    expect(unclaimed([{ oid: 2, childColumns: ['editor'], inherited: true }])).toEqual([]);
    const { holder, rivals } = paired(catalog(undefined, [foreignKey({ inherited: true })]));
    expect([holder, rivals]).toEqual([undefined, []]);
  });

  it('a rival is claimed; a second meaning is not, unless the models name its parent too', () => {
    expect(unclaimed([{ oid: 1 }, { oid: 2, onDelete: 'RESTRICT' }])).toEqual([]);
    expect(unclaimed([{ oid: 1 }, { oid: 2, parent: name('person') }])).toEqual([2]);
    const declarations = [{ text: 'Book.belongsTo(Person)', parent: name('person') }];
    expect(unclaimed([{ oid: 1 }, { oid: 2, parent: name('person') }], { declarations })).toEqual([]);
  });

  it('rivals are in the order of their age', () => {
    const { rivals } = paired(
      catalog(
        undefined,
        [3, 1, 2].map((oid) => foreignKey({ oid, onDelete: 'RESTRICT' })),
      ),
    );
    expect(rivals.map(({ oid }) => oid)).toEqual([1, 2, 3]);
  });

  it('a key to another parent is a rival only where none points at the right one', () => {
    const elsewhere = foreignKey({ oid: 2, parent: name('person') });
    const alone = paired(catalog(undefined, [elsewhere]));
    expect([alone.rivals, alone.elsewhere]).toEqual([[elsewhere], []]);
    const right = foreignKey({ onDelete: 'RESTRICT' });
    const beside = paired(catalog(undefined, [right, elsewhere]));
    expect([beside.rivals, beside.elsewhere]).toEqual([[right], [elsewhere]]);
  });

  it('names the place of a key that stands on a partition only', () => {
    const whole = { ...BOOK, kind: 'partitioned table' } as const;
    const part = { ...BOOK, oid: 4, name: name('book_1'), partitionOf: name('book') };
    const own = foreignKey({ child: name('book_1') });
    expect(paired(catalog([AUTHOR, whole, part], [own])).partitions).toEqual([
      { table: part, keys: [own], parts: [] },
    ]);
    expect(paired(catalog([AUTHOR, BOOK])).partitions).toBeUndefined();
  });
});
