import type { Catalog, Table } from '../catalog/catalog';
import { readSchemaLinks, type SchemaLinks } from '../catalog/census';
import { readSchemas } from '../catalog/read';
import type { ReadCatalog } from '../execution/look';
import type { Scope } from './scope';

/** A schema with all whose rows may go or change when rows of its tables do. */
export function reachedFrom(schema: string, links: SchemaLinks): ReadonlySet<string> {
  const reached = new Set([schema]);
  // A set that grows is gone through to its end.
  for (const above of reached) for (const below of links.get(above) ?? []) reached.add(below);
  return reached;
}

/** What a look at one tenant has to know, out of what was read for several. */
export function tenantsCatalog(
  schema: string,
  { server, tables, foreignKeys }: Catalog,
  reached: ReadonlySet<string>,
  { path, sharedTables }: Pick<Scope, 'path' | 'sharedTables'>,
): Catalog {
  const isReached = (table: Table): boolean => reached.has(table.name.schema);
  return {
    server: { ...server, searchPath: [schema, ...path] },
    tables: [...sharedTables.filter((table) => !isReached(table)), ...tables.filter(isReached)],
    foreignKeys: foreignKeys.filter(({ child }) => reached.has(child.schema)),
  };
}

/** Reads the same for one tenant alone, all of it anew. */
export const readingTenant =
  (schema: string, { path, shared }: Scope): ReadCatalog =>
  async (session, server) => {
    const reached = reachedFrom(schema, await readSchemaLinks(session));
    const catalog = await readSchemas(session, server, [...new Set([...reached, ...shared])]);
    const beside = new Set(shared);
    const sharedTables = catalog.tables.filter(({ name }) => beside.has(name.schema));
    return tenantsCatalog(schema, catalog, reached, { path, sharedTables });
  };
