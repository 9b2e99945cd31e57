import type { Index, Table } from '../catalog/catalog';
import { sameTable } from '../names';

/** True when the rows of a key can be found without reading the whole table, in each of its partitions. */
export function isIndexed(table: Table, columns: readonly string[], tables: readonly Table[]): boolean {
  if (table.indexes.some((index) => (index.valid || index.building) && serves(index, columns))) return true;
  if (table.kind !== 'partitioned table') return false;
  const partitions = tables.filter(({ partitionOf }) => partitionOf && sameTable(partitionOf, table.name));
  return partitions.length > 0 && partitions.every((partition) => isIndexed(partition, columns, tables));
}

/** A key compares all of its columns, so their order in the index does not matter; what comes behind them neither. */
function serves({ searchable, columns, unique }: Index, wanted: readonly string[]): boolean {
  if (!searchable) return false;
  const leading = columns.slice(0, wanted.length);
  const first = leading.length === wanted.length && leading.every((column) => wanted.includes(column));
  // At most one row is left to look at.
  return first || (unique && columns.every((column) => wanted.includes(column)));
}

/** True for what a failed `create index concurrently` has left, when nothing rests on it and nobody is building. */
export const isLeftOver = ({ valid, needed, building }: Index): boolean => !valid && !needed && !building;
