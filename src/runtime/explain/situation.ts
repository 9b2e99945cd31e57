import type { Catalog, ForeignKey, Server, Table } from '../../catalog/catalog';
import type { Expected, Relation } from '../../expected';
import { sameNameSet, sameTable, tableId } from '../../names';
import { resolverOf } from '../../pairing/resolve';
import type { TableName, TableReference } from '../../schema';

/** The models beside the catalog, as far as an explanation asks for them. */
export interface Situation {
  readonly relations: readonly Relation[];
  readonly keys: readonly ForeignKey[];
  resolve(reference: TableReference): TableName;
  table(name: TableName): Table | undefined;
  /** The whole of a partition, at any depth: what a model is stored in. */
  whole(name: TableName): TableName;
  modelOf(name: TableName): string | undefined;
  /** The relation on these columns of a child, if a model has one. */
  relationOn(child: TableName, columns: readonly string[]): Relation | undefined;
}

/** As much of a catalog as could be read. */
type KnownCatalog = Pick<Catalog, 'tables' | 'foreignKeys'> & {
  readonly server: Pick<Server, 'searchPath'>;
};

export function situationOf(expected: Expected, catalog: KnownCatalog): Situation {
  const resolve = resolverOf(catalog);
  const tables = new Map(catalog.tables.map((table) => [tableId(table.name), table]));
  const table = (name: TableName): Table | undefined => tables.get(tableId(name));
  const relations = [...expected.relations, ...(expected.unconstrained ?? [])];
  const whole = (name: TableName): TableName => {
    const above = table(name)?.partitionOf;
    return above ? whole(above) : name;
  };
  return {
    relations,
    keys: catalog.foreignKeys,
    resolve,
    table,
    whole,
    modelOf: (name) => expected.tables.find((model) => sameTable(resolve(model.table), whole(name)))?.model,
    relationOn: (child, columns) =>
      relations.find(
        (relation) =>
          sameTable(resolve(relation.child), whole(child)) && sameNameSet(relation.childColumns, columns),
      ),
  };
}
