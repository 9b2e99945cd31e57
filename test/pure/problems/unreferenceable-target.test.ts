import { AUTHOR, BOOK, catalog, column, name, uniqueIndex } from '../catalog';
import { diagnosed } from '../diagnosed';

describe('a parent that cannot be pointed at', () => {
  const bare = { ...AUTHOR, uniqueIndexes: [] };
  const told = (more: Partial<typeof AUTHOR>, counted = {}, relations: readonly object[] = [{}]) =>
    diagnosed('unreferenceable-target', {
      database: catalog([{ ...bare, ...more }, BOOK, { ...bare, oid: 9, name: name('person') }]),
      relations,
      counted,
    });
  const GOOD = { targetQuality: { nullRows: 0, duplicateKeys: 0, samples: [] } };

  it('gets no index where its rows could not be looked at', () => {
    expect(told({})[0]?.refusal).toEqual({
      code: 'UNREADABLE',
      option: '',
      message: 'the rows of the parent could not be looked at',
    });
  });

  it('gets none while values occur twice', () => {
    const twice = (duplicateKeys: number, samples: string[]) =>
      told({}, { targetQuality: { nullRows: 0, duplicateKeys, samples } })[0]?.refusal?.message;
    expect(twice(1, ['7'])).toBe('1 value occurs more than once: 7');
    expect(twice(2, ['7', '8'])).toBe('2 values occur more than once: 7, 8');
  });

  it('gets one, under the name of what a failed build has left', () => {
    const ops = (more: Partial<typeof AUTHOR>) =>
      told(more, GOOD)[0]?.changes.map((change) => [change.op, 'index' in change && change.index]);
    expect(ops({})).toEqual([['create-unique-index', 'author_id_key']]);
    const left = uniqueIndex(['id'], { valid: false });
    expect(ops({ uniqueIndexes: [left] })).toEqual([
      ['drop-index', 'unique_id'],
      ['create-unique-index', 'unique_id'],
    ]);
    expect(ops({ uniqueIndexes: [{ ...left, constraint: 'other' }] })).toEqual([
      ['create-unique-index', 'author_id_key'],
    ]);
    expect(ops({ constraints: ['author_id_key'] })).toEqual([['create-unique-index', 'author_id_key1']]);
  });

  it('is told once for each of its columns, in the order of the relations', () => {
    const relations = [
      { id: 'a' },
      { id: 'b', childColumns: ['id'] },
      { id: 'c', parent: name('person') },
      { id: 'd', childColumns: ['author'], parentColumns: ['number'] },
    ];
    const columns = ['id', 'number'].map((of) => column(of, { notNull: true }));
    expect(told({ columns }, GOOD, relations).map((finding) => finding.relation)).toEqual(['a', 'c', 'd']);
  });
});
