import type { Catalog } from '../catalog/catalog';
import type { TableName } from '../schema';
import { partitionTree } from './partition-tree';

/** Columns of a table that a clean-up, or a key behind it, sets to null or to something else. */
export interface Changed {
  readonly table: TableName;
  readonly columns: readonly string[];
}

/**
 * True when the change can move rows to another partition. PostgreSQL then deletes the row here and inserts it there,
 * and everything that hangs on a delete happens: DELETE triggers, and the ON DELETE of a key that points at the partition.
 */
export function movesRows({ table, columns }: Changed, catalog: Catalog): boolean {
  const { isPartOf } = partitionTree(catalog);
  return catalog.tables.some(
    ({ name, partitionKey }) =>
      // An expression, which stands as an empty string, may depend on any column.
      partitionKey?.some((column) => column === '' || columns.includes(column)) && isPartOf(name, table),
  );
}
