import type { Catalog, Server } from '../catalog/catalog';
import { tableId } from '../names';
import type { TableName, TableReference } from '../schema';

/** Finds the table that a reference means: one without a schema along the search_path, first match wins. */
export function resolverOf({
  server,
  tables,
}: Pick<Catalog, 'tables'> & { readonly server: Pick<Server, 'searchPath'> }): (
  reference: TableReference,
) => TableName {
  const known = new Set(tables.map(({ name }) => tableId(name)));
  return ({ schema, name }) => {
    if (schema !== undefined) return { schema, name };
    const found = server.searchPath.find((candidate) => known.has(tableId({ schema: candidate, name })));
    return { schema: found ?? server.searchPath[0] ?? 'public', name };
  };
}
