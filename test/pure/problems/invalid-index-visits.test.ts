import type { Index, Table } from '../../../src/catalog/catalog';
import { invalidIndex } from '../../../src/problems/invalid-index';
import type { Snapshot } from '../../../src/snapshot';

/** How many tables' names are looked at in a database of so many tables, all of which are models', one index invalid. */
function visits(count: number): number {
  let visited = 0;
  const tables = Array.from({ length: count }, (_, i) => {
    const name = { schema: 'public', name: `t${i}` };
    const index = { valid: i > 0, building: false, unique: false, name: `i${i}`, columns: ['a'] };
    return {
      kind: 'table',
      indexes: [index as unknown as Index],
      uniqueIndexes: [],
      get name() {
        visited++;
        return name;
      },
    } as unknown as Table;
  });
  const snapshot = {
    catalog: { tables },
    tables: tables.map((table) => ({
      get name() {
        return table.name;
      },
    })),
    relations: [],
  } as unknown as Snapshot;
  expect(invalidIndex.detect(snapshot)).toHaveLength(1);
  return visited;
}

it('looks at each table a few times, however many there are', () => {
  expect(visits(400)).toBeLessThan(4.5 * visits(100));
});
