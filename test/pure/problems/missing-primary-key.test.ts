import { AUTHOR, BOOK, catalog, column, uniqueIndex } from '../catalog';
import { diagnosed, model } from '../diagnosed';
import { index } from './tenants';

describe('a primary key that is missing', () => {
  const bare = {
    ...AUTHOR,
    columns: [column('id', { notNull: true }), column('tenant', { notNull: true })],
    uniqueIndexes: [],
  };
  const told = (
    more: Partial<typeof AUTHOR>,
    keyQuality?: { nullRows: number; duplicateKeys: number; samples: string[] },
    columns = ['id'],
  ) =>
    diagnosed('missing-primary-key', {
      database: catalog([{ ...bare, ...more }, BOOK]),
      models: [model('Author', 'author', columns)],
      relations: [],
      ...(keyQuality && { tables: { keyQuality } }),
    })[0];
  const GOOD = { nullRows: 0, duplicateKeys: 0, samples: [] };
  const ops = (more: Partial<typeof AUTHOR>) =>
    told(more, GOOD)?.changes.map((change) => [change.op, 'index' in change ? change.index : '']);

  it('is not made where the rows could not be looked at', () => {
    expect(told({})?.refusal).toEqual({
      code: 'UNREADABLE',
      option: '',
      message: 'its rows could not be looked at',
    });
  });

  it.each([
    [{ ...GOOD, duplicateKeys: 1, samples: ['7'] }, '1 value occurs more than once: 7'],
    [{ ...GOOD, duplicateKeys: 2, samples: ['7', '8'] }, '2 values occur more than once: 7, 8'],
    [{ ...GOOD, nullRows: 1 }, '1 row has no value'],
    [{ ...GOOD, nullRows: 2 }, '2 rows have no value'],
  ])('is not made of %o', (quality, message) => expect(told({}, quality)?.refusal?.message).toBe(message));

  it('is only told where all of its columns are there', () => {
    expect(told({}, GOOD, ['id', 'gone'])).toBeUndefined();
    expect(told({}, GOOD, ['tenant', 'id'])?.message).toBe(
      'app.author has no primary key; the model Author says tenant, id.',
    );
  });

  it('rests on a unique index that is ready for it', () => {
    expect(ops({ uniqueIndexes: [uniqueIndex(['id'])] })).toEqual([['add-primary-key', 'unique_id']]);
  });

  it.each([
    ['the index of another constraint', { constraint: 'author_id_key' }],
    ['a partial one', { partial: true }],
    ['a deferrable one', { deferrable: true }],
    ['one on other columns', { columns: ['tenant'] }],
  ])('does not rest on %s', (_, more) => {
    expect(ops({ uniqueIndexes: [{ ...uniqueIndex(['id']), ...more }] })).toEqual([
      ['create-unique-index', 'author_id_idx'],
      ['add-primary-key', 'author_id_idx'],
    ]);
  });

  it('takes the name of a left-over of its own, and of no other', () => {
    const left = uniqueIndex(['id'], { valid: false });
    expect(ops({ uniqueIndexes: [left] })).toEqual([
      ['drop-index', 'unique_id'],
      ['create-unique-index', 'unique_id'],
      ['add-primary-key', 'unique_id'],
    ]);
    for (const more of [{ constraint: 'other' }, { columns: ['tenant'] }])
      expect(ops({ uniqueIndexes: [{ ...left, ...more }] })?.map(([op]) => op)).toEqual([
        'create-unique-index',
        'add-primary-key',
      ]);
  });

  it('may have the name of the index that becomes it', () => {
    const named = uniqueIndex(['id'], { name: 'author_pkey' });
    const [change] =
      told({ uniqueIndexes: [named], indexes: [index(['id'], { name: 'author_pkey' })] }, GOOD)?.changes ??
      [];
    expect(change).toMatchObject({ op: 'add-primary-key', index: 'author_pkey', name: 'author_pkey' });
    const [, other] = told({ indexes: [index(['tenant'], { name: 'author_pkey' })] }, GOOD)?.changes ?? [];
    expect(other).toMatchObject({ op: 'add-primary-key', name: 'author_pkey1' });
  });
});
