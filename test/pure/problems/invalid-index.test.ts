import type { Index } from '../../../src/catalog/catalog';
import { AUTHOR, BOOK, catalog, name, uniqueIndex } from '../catalog';
import { diagnosed, model } from '../diagnosed';
import { index } from './tenants';

describe('an invalid index', () => {
  const found = (
    left: Partial<Index>,
    more: Partial<typeof AUTHOR> = {},
    models = [model('Author', 'author', ['id'])],
    relations: readonly object[] = [],
  ) =>
    diagnosed('invalid-index', {
      database: catalog([{ ...AUTHOR, indexes: [index(['id'], { valid: false, ...left })], ...more }, BOOK]),
      models,
      relations,
    }).map(({ constraint }) => constraint);

  it('is told when it is a table’s of the models, and nobody is building it', () => {
    expect(found({})).toEqual(['left_over']);
    expect(found({ building: true })).toEqual([]);
    expect(found({ valid: true })).toEqual([]);
    expect(found({}, {}, [model('Book', 'book')])).toEqual([]);
  });

  it('is told of a unique one, unless the primary key that is missing was to rest on it', () => {
    expect(found({ unique: true })).toEqual(['left_over']);
    const without = { uniqueIndexes: [uniqueIndex(['number'])] };
    expect(found({ unique: true }, without)).toEqual([]);
    expect(found({ unique: true, columns: ['number'] }, without)).toEqual(['left_over']);
    const two = [model('Book', 'book', ['id']), model('Author', 'author', ['id'])];
    expect(found({ unique: true }, without, two)).toEqual([]);
    expect(
      found({ unique: true }, without, [model('Author', 'author'), model('Book', 'book', ['id'])]),
    ).toEqual(['left_over']);
    expect(found({}, without)).toEqual(['left_over']);
    const both = { uniqueIndexes: [uniqueIndex(['number']), uniqueIndex(['id'], { primary: true })] };
    expect(found({ unique: true }, both)).toEqual(['left_over']);
  });

  it('is told of a unique one, unless a key that cannot point at the parent was to rest on it', () => {
    const without = { uniqueIndexes: [] };
    const models = [model('Author', 'author')];
    expect(found({ unique: true }, without, models, [{}])).toEqual([]);
    expect(found({ unique: true }, without, models, [{ parent: name('book') }, {}])).toEqual([]);
    expect(found({ unique: true }, without, models, [{ parent: name('book') }])).toEqual(['left_over']);
    expect(found({ unique: true, columns: ['number'] }, without, models, [{}])).toEqual(['left_over']);
  });
});
