import { groupBy } from '../group-by';
import { sameTable, tableId } from '../names';
import type { Catalog } from '../catalog/catalog';
import type { TableName } from '../schema';

/** Which tables are parts of which partitioned tables, at any depth. */
export interface PartitionTree {
  /** The partitions one level below. */
  partitionsOf(table: TableName): readonly TableName[];
  /** The partitioned tables above, nearest first. */
  wholesOf(table: TableName): readonly TableName[];
  /** True when every row of `table` is a row of `whole`: the same table, or one of its partitions. */
  isPartOf(table: TableName, whole: TableName): boolean;
}

/** Indexes the catalog once, so that each question is cheap. */
export function partitionTree({ tables }: Pick<Catalog, 'tables'>): PartitionTree {
  const partitions = tables.filter(({ partitionOf }) => partitionOf !== undefined);
  const wholes = new Map(partitions.map(({ name, partitionOf }) => [tableId(name), partitionOf]));
  const parts = groupBy(partitions, ({ partitionOf }) => partitionOf && tableId(partitionOf));
  const wholesOf = (table: TableName): readonly TableName[] => {
    const whole = wholes.get(tableId(table));
    return whole ? [whole, ...wholesOf(whole)] : [];
  };
  return {
    partitionsOf: (table) => (parts.get(tableId(table)) ?? []).map(({ name }) => name),
    wholesOf,
    isPartOf: (table, whole) =>
      sameTable(table, whole) || wholesOf(table).some((name) => sameTable(name, whole)),
  };
}
