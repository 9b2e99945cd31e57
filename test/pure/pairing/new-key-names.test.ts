import { pair } from '../../../src/pairing/pair';
import { AUTHOR, catalog, column, foreignKey, name, table, wanted } from '../catalog';

/** Names of keys of this table are cut to 63 bytes (manual, 4.1.1), the longer part first (`makeObjectName`). */
const LONG = 'l'.repeat(63);
const ONE = `${'c'.repeat(40)}_one`;
const TWO = `${'c'.repeat(40)}_two`;
const CUT = `${'l'.repeat(29)}_${'c'.repeat(28)}_fkey`;
const CUT_1 = `${'l'.repeat(28)}_${'c'.repeat(28)}_fkey1`;
const CUT_2 = CUT_1.replace(/1$/, '2');

const PAGE = table(LONG, [column('id'), column(ONE), column(TWO)]);
const relationOn = (...childColumns: readonly string[]) =>
  wanted({ child: name(LONG), childColumns, parentColumns: childColumns.map(() => 'id') });

const newNames = (
  relations: readonly ReturnType<typeof wanted>[],
  page = PAGE,
  keys: readonly ReturnType<typeof foreignKey>[] = [],
): readonly string[] =>
  pair(relations, [], catalog([page, AUTHOR], keys)).relations.map(({ newKeyName }) => newKeyName);

describe('the name of a key that may have to be made', () => {
  it('is PostgreSQL’s own, and another one for the second of a table that comes to the same', () => {
    expect(newNames([relationOn(ONE)])).toEqual([CUT]);
    expect(newNames([relationOn(ONE), relationOn(TWO)])).toEqual([CUT, CUT_1]);
  });

  it('is one for relations on the same columns, in whatever order', () => {
    expect(newNames([relationOn(ONE), relationOn(ONE)])).toEqual([CUT, CUT]);
    expect(newNames([relationOn(ONE, TWO), relationOn(TWO, ONE), relationOn(TWO)])).toEqual([
      CUT,
      CUT,
      CUT_1,
    ]);
  });

  it('is none that the table has for something else', () => {
    const taken = { ...PAGE, constraints: [CUT] };
    expect(newNames([relationOn(ONE), relationOn(TWO)], taken)).toEqual([CUT_1, CUT_2]);
  });

  it('is kept for nobody where a key is there already, whether it is the wanted one or not', () => {
    const live = (onDelete: 'CASCADE' | 'RESTRICT') =>
      foreignKey({ name: 'live', child: name(LONG), childColumns: [ONE], onDelete });
    for (const key of [live('CASCADE'), live('RESTRICT')])
      expect(newNames([relationOn(ONE), relationOn(TWO)], PAGE, [key])).toEqual([CUT, CUT]);
  });
});
