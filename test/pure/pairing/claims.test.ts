import { pair } from '../../../src/pairing/pair';
import type { Declaration } from '../../../src/expected';
import { AUTHOR, catalog, name, paired, uniqueIndex, wanted, BOOK } from '../catalog';

describe('what the places in the models say about the parent', () => {
  const says = (declarations: readonly Declaration[]) => paired(catalog(), { declarations });

  it('is of no interest as long as they agree', () => {
    expect(says([{ text: 'a', parent: name('author') }, { text: 'b' }]).claims).toEqual([]);
    expect(says([{ text: 'a', parent: name('author'), parentColumn: 'id' }]).claims).toEqual([]);
  });

  it('is a contradiction about the table, or about its column', () => {
    const lines = [
      { text: 'a', parent: name('author'), parentColumn: 'number' },
      { text: 'b', parent: name('author') },
    ];
    const { claims, otherParents } = says(lines);
    expect(claims).toStrictEqual([
      { text: 'a', parent: name('author'), column: 'number' },
      { text: 'b', parent: name('author') },
    ]);
    expect(otherParents).toEqual([name('author')]);
  });

  it('names each other parent once', () => {
    const { otherParents } = says(['a', 'b'].map((text) => ({ text, parent: name('person') })));
    expect(otherParents).toEqual([name('person')]);
  });

  const hasMany = { text: 'Author.hasMany(Book)', method: 'hasMany', parent: name('author') } as const;
  const ownId = (declaration: object) =>
    paired(catalog([AUTHOR, { ...BOOK, uniqueIndexes: [uniqueIndex(['id'], { primary: true })] }]), {
      childColumns: ['id'],
      declarations: [{ ...hasMany, ...declaration }],
    }).wrongWay;

  it('is also the wrong way round by the primary key that only the model has', () => {
    const model = { model: 'Book', table: name('book'), columns: [], primaryKey: ['id'], indexes: [] };
    const own = wanted({ childColumns: ['id'], declarations: [hasMany] });
    expect(pair([own], [model], catalog()).relations[0]?.wrongWay).toBe(true);
    expect(pair([own], [{ ...model, model: 'Page' }], catalog()).relations[0]?.wrongWay).toBe(false);
  });

  it('is the wrong way round when a hasMany takes the child’s whole primary key', () => {
    expect(ownId({})).toBe(true);
    expect(ownId({ method: 'hasOne' })).toBe(false);
    expect(ownId({ method: 'belongsTo' })).toBe(false);
    expect(ownId({ parent: undefined })).toBe(false);
    expect(paired(catalog(), { declarations: [hasMany] }).wrongWay).toBe(false);
  });
});
