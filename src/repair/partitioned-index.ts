import type { Change } from '../changes/change';
import { constraintName, namesInSchema, sameNames, sameTable, tableId } from '../names';
import { partitionTree } from '../policy/partition-tree';
import type { Catalog, Table, UniqueIndex } from '../catalog/catalog';
import type { TableName } from '../schema';

/** Why a partitioned table cannot have a unique index on these columns; `undefined` when it can. */
export function whyNoPartitionedIndex(
  table: Table,
  columns: readonly string[],
  catalog: Catalog,
): string | undefined {
  if (table.foreignPartitions) return `a partition of ${tableId(table.name)} is a foreign table`;
  const { isPartOf } = partitionTree(catalog);
  const split = catalog.tables.find(
    ({ name, partitionKey }) =>
      isPartOf(name, table.name) && partitionKey?.some((column) => !columns.includes(column)),
  );
  // 0A000: no index spans partitions, so two of them could hold the same key.
  return split
    ? `${tableId(split.name)} is partitioned by ${split.partitionKey?.map((column) => column || 'an expression').join(', ')}, which a unique index of it must hold`
    : undefined;
}

/** The steps to it: an index of the whole that is not valid yet, one of each partition built beside its writers, and their joining. */
export const indexByPartition = (
  whole: Table,
  columns: readonly string[],
  catalog: Catalog,
): readonly Change[] => stepsFor(whole, { whole, columns, catalog, chosen: [] });

interface Building {
  readonly whole: Table;
  readonly columns: readonly string[];
  readonly catalog: Catalog;
  /** Names that earlier steps will have taken. */
  readonly chosen: string[];
}

/** The steps for a table and everything below it; `above` is the index that the table's own one becomes a part of. */
function stepsFor(table: Table, building: Building, above?: TableName): readonly Change[] {
  const { whole, columns, catalog } = building;
  const ready = readyIndex(table, columns, above?.name);
  const broken = ready || table.kind !== 'table' ? undefined : brokenIndex(table, columns);
  const index = ready?.name ?? broken?.name ?? freeName(table, building);
  const place = { table: table.name, index, ...(table !== whole && { partitionOf: whole.name }) };
  const op = table.kind === 'table' ? 'create-unique-index' : 'create-partitioned-index';
  const parts = partitionTree(catalog)
    .partitionsOf(table.name)
    .flatMap((part) => catalog.tables.find(({ name }) => sameTable(name, part)) ?? []);
  return [
    ...(broken ? [{ op: 'drop-index', ...place } as const] : []),
    ...(ready ? [] : [{ op, columns, ...place } as const]),
    ...(above && ready?.partOf === undefined
      ? [{ op: 'attach-index', ...place, to: above, partitionOf: whole.name } as const]
      : []),
    ...parts.flatMap((part) => stepsFor(part, building, { ...table.name, name: index })),
  ];
}

function freeName({ name, constraints }: Table, { catalog, columns, chosen }: Building): string {
  const taken = [...constraints, ...namesInSchema(catalog, name.schema), ...chosen];
  const free = constraintName(name.name, columns, 'key', taken);
  chosen.push(free);
  return free;
}

/** An index that can be attached, or is so already; of a partitioned table also one that waits for its parts. */
const readyIndex = (table: Table, columns: readonly string[], above?: string): UniqueIndex | undefined =>
  table.uniqueIndexes.find(
    (index) =>
      fits(index, columns) &&
      (index.valid || table.kind === 'partitioned table') &&
      (index.partOf === undefined || index.partOf === above),
  );

/** What a build that failed has left behind. */
const brokenIndex = (table: Table, columns: readonly string[]): UniqueIndex | undefined =>
  table.uniqueIndexes.find((index) => fits(index, columns) && !index.valid && index.partOf === undefined);

const fits = (index: UniqueIndex, columns: readonly string[]): boolean =>
  !index.partial && !index.deferrable && index.constraint === undefined && sameNames(index.columns, columns);
