import { AUTHOR, catalog, column, uniqueIndex } from '../catalog';
import { diagnosed, model } from '../diagnosed';

describe('a primary key on other columns', () => {
  const told = (
    columns: readonly string[],
    of: readonly string[],
    more: Partial<typeof AUTHOR> = {},
    key = {},
  ) =>
    diagnosed('wrong-primary-key', {
      database: catalog([
        {
          ...AUTHOR,
          columns: ['a', 'b', 'c', 'd'].map((name) => column(name, { notNull: true })),
          uniqueIndexes: [uniqueIndex(columns, { name: 'index', primary: true, constraint: 'key', ...key })],
          ...more,
        },
      ]),
      relations: [],
      models: [model('Author', 'author', of)],
    })[0];

  it('is told under the name of its constraint', () => {
    expect(told(['a', 'b'], ['c', 'd'])).toMatchObject({
      constraint: 'key',
      message: 'The primary key "key" of app.author is on a, b; the model Author says c, d.',
      help: 'If the table is right, write primaryKey: true at a, b of Author. If the model is right, change the key in a migration: the keys that refer to it have to go first and come back after it.',
    });
    expect(told(['a', 'b'], ['a', 'c'])?.help).toMatch(/^If the table is right/);
    expect(told(['a'], ['x', 'y'])?.message).toMatch(/says x, y, and there is no column x, y\.$/);
  });

  it('that is wider than the model’s is the model’s to widen', () => {
    expect(told(['a', 'b', 'c'], ['a'])?.help).toBe(
      'Write primaryKey: true at b, c of Author as well, if a row is only known by all of them.',
    );
    expect(told(['a', 'b'], ['a'], { kind: 'partitioned table' })?.help).toBe(
      'Write primaryKey: true at b of Author as well: a primary key of a partitioned table has to hold the columns that it is partitioned by.',
    );
  });

  it('is none where the model’s is unique and never null all the same, unless the live one forbids more', () => {
    const unique = (live: readonly string[], of: readonly string[]) =>
      told(live, of, {
        uniqueIndexes: [uniqueIndex(live, { primary: true }), uniqueIndex(of)],
      });
    expect(unique(['a'], ['b', 'c'])).toBeUndefined();
    expect(unique(['a', 'b'], ['b', 'c'])).toBeUndefined();
    expect(unique(['b'], ['b', 'c'])).toBeDefined();
  });
});
