import type { Catalog, ForeignKey, Table } from '../catalog/catalog';
import { groupBy } from '../group-by';
import { tableId } from '../names';
import { partitionTree } from '../policy/partition-tree';
import type { TableName, TableReference } from '../schema';
import { resolverOf } from './resolve';

/** What a catalog is asked for again and again, by name. */
export interface CatalogIndex {
  resolve(reference: TableReference): TableName;
  table(name: TableName): Table | undefined;
  keysOf(child: TableName): readonly ForeignKey[];
  partitionsOf(table: TableName): readonly TableName[];
}

// One look pairs several lists of relations with one catalog.
const indexes = new WeakMap<Catalog, CatalogIndex>();

/** The index of a catalog, which is made once. */
export function indexOf(catalog: Catalog): CatalogIndex {
  const index = indexes.get(catalog) ?? indexCatalog(catalog);
  indexes.set(catalog, index);
  return index;
}

function indexCatalog({ server, tables, foreignKeys }: Catalog): CatalogIndex {
  const byName = new Map(tables.map((table) => [tableId(table.name), table]));
  const byChild = groupBy(
    foreignKeys.filter(({ inherited }) => !inherited),
    (key) => tableId(key.child),
  );
  return {
    table: (name) => byName.get(tableId(name)),
    // Keys that belong to a key on a partitioned table cannot be changed alone, so they are nobody's holder or rival.
    keysOf: (child) => byChild.get(tableId(child)) ?? [],
    partitionsOf: partitionTree({ tables }).partitionsOf,
    resolve: resolverOf({ server, tables }),
  };
}
