import { resolverOf } from '../../../src/pairing/resolve';
import { hearing, withSameColumns } from '../../../src/pairing/same-columns';
import { catalog, name, relation } from '../catalog';

describe('two models of one table', () => {
  const here = relation({ declarations: [{ text: 'first' }, { text: 'both' }] });
  const there = relation({
    id: 'Volume.author',
    child: { name: 'book' },
    scoped: 'kind',
    onDelete: { resolved: 'SET NULL', explicit: ['SET NULL', 'CASCADE'] },
    onUpdate: { resolved: 'RESTRICT', explicit: ['RESTRICT'] },
    declarations: [{ text: 'both' }, { text: 'second' }],
  });

  it('are heard together: each keeps its own resolved action, and knows what the other has written', () => {
    expect(hearing(here, there)).toEqual({
      ...here,
      scoped: 'kind',
      onDelete: { resolved: 'CASCADE', explicit: ['CASCADE', 'SET NULL'] },
      onUpdate: { resolved: 'CASCADE', explicit: ['RESTRICT'] },
      declarations: [{ text: 'first' }, { text: 'both' }, { text: 'second' }],
    });
    expect(hearing(here, here)).toBe(here);
    expect('scoped' in hearing(here, { ...here })).toBe(false);
  });

  const resolve = resolverOf(catalog());
  const explicit = (others: Parameters<typeof withSameColumns>[0]) =>
    withSameColumns(others, resolve).relations.map(({ onDelete }) => onDelete.explicit);

  it('are known by where the table is found, and their columns in any order', () => {
    expect(explicit({ tables: [], relations: [here, there] })).toEqual([
      ['CASCADE', 'SET NULL'],
      ['SET NULL', 'CASCADE'],
    ]);
    const [a, b] = [
      ['x', 'y'],
      ['y', 'x'],
    ].map((childColumns) => ({ childColumns }));
    expect(
      explicit({
        tables: [],
        relations: [
          { ...here, ...a },
          { ...there, ...b },
        ],
      })[0],
    ).toHaveLength(2);
    expect(explicit({ tables: [], relations: [here, { ...there, childColumns: ['editor'] }] })[0]).toEqual([
      'CASCADE',
    ]);
    expect(explicit({ tables: [], relations: [here, { ...there, child: name('volume') }] })[0]).toEqual([
      'CASCADE',
    ]);
  });

  it('are also heard when nobody wants the other one compared now', () => {
    expect(explicit({ tables: [], relations: [here], others: [there] })).toEqual([['CASCADE', 'SET NULL']]);
  });
});
