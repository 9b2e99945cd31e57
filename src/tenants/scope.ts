import type { Server, Table } from '../catalog/catalog';
import {
  readSchemaLinks,
  readSchemaSizes,
  readTableNames,
  type SchemaLinks,
  type SchemaSize,
} from '../catalog/census';
import { readSchemas } from '../catalog/read';
import type { Session } from '../db';
import { lookInto } from '../execution/look';
import type { Subject } from '../examine';
import type { Expected } from '../expected';
import { matchesGlob } from '../glob';
import { nearest, tableId } from '../names';
import { invalid } from '../parse-options';
import type { TableReference } from '../schema';

/** Which schemas are tenants', and what stands beside each of them. */
export interface Scope {
  readonly server: Server;
  /** In order of their names. */
  readonly tenants: readonly SchemaSize[];
  /** The application's own search_path without the tenants. */
  readonly path: readonly string[];
  /** Schemas that are read beside each tenant: those of no tenant, and those that a model names. */
  readonly shared: readonly string[];
  readonly sharedTables: readonly Table[];
  readonly links: SchemaLinks;
  /** True for a table that each tenant has of its own. */
  readonly isTenants: (table: TableReference) => boolean;
}

/** Finds the tenants, with a fixed number of questions. Throws `OPTIONS` where a pattern matches none. */
export const readScope = (session: Session, task: Subject): Promise<Scope> =>
  lookInto(session, task, async (server) => {
    const sizes = await readSchemaSizes(session);
    const tenants = tenantsAmong(sizes, task);
    const ours = new Set(tenants.map(({ name }) => name));
    const named = schemasNamedBy(task.expected);
    const shared = sizes.map(({ name }) => name).filter((name) => !ours.has(name) || named.has(name));
    const path = server.searchPath.filter((name) => !ours.has(name));
    const { tables: sharedTables } = await readSchemas(session, server, shared);
    const isTenants = tenantsTables(await readTableNames(session, [...ours]), path, sharedTables);
    const scope = { server, tenants, path, shared, sharedTables, isTenants };
    assertHasTables(scope, task.expected);
    return { ...scope, links: await readSchemaLinks(session) };
  });

function tenantsAmong(sizes: readonly SchemaSize[], { settings }: Subject): readonly SchemaSize[] {
  const candidates = sizes.filter(({ name }) => name !== settings.quarantine.schema);
  const names = candidates.map(({ name }) => name);
  const wrong = settings.schemas.flatMap((pattern) => {
    if (names.some((name) => matchesGlob(name, pattern))) return [];
    const suggestion = nearest(pattern, names);
    return `"schemas" has the pattern "${pattern}", and no schema matches it${suggestion ? `; did you mean "${suggestion}"?` : ''}`;
  });
  if (wrong.length > 0) throw invalid(wrong);
  return candidates.filter(({ name }) => settings.schemas.some((pattern) => matchesGlob(name, pattern)));
}

/** Schemas that a model or a key names itself: the same ones whichever tenant is meant. */
const schemasNamedBy = ({
  tables,
  relations,
  others = [],
  unconstrained = [],
}: Expected): ReadonlySet<string> =>
  new Set(
    [
      ...tables.map(({ table }) => table),
      ...[...relations, ...others, ...unconstrained].flatMap(({ child, parent }) => [child, parent]),
    ].flatMap(({ schema }) => schema ?? []),
  );

/**
 * A table that any tenant has is each tenant's: one that lacks it must not be judged by a table of the same name beside
 * the tenants, such as a template. One that nobody has is each tenant's too.
 */
function tenantsTables(
  known: ReadonlySet<string>,
  path: readonly string[],
  sharedTables: readonly Table[],
): Scope['isTenants'] {
  const beside = new Set(sharedTables.map(({ name }) => tableId(name)));
  return ({ schema, name }) =>
    schema === undefined &&
    (known.has(name) || !path.some((candidate) => beside.has(tableId({ schema: candidate, name }))));
}

/** A look that would look at nothing of any tenant must not call them healthy. */
function assertHasTables(
  { tenants, isTenants }: Pick<Scope, 'tenants' | 'isTenants'>,
  expected: Expected,
): void {
  const own = [...expected.tables.map(({ table }) => table), ...expected.relations.map(({ child }) => child)];
  if (!own.some(isTenants))
    throw invalid([
      `"schemas" matches ${tenants.length === 1 ? `"${tenants[0]?.name}"` : `${tenants.length} schemas`}, and no model has its table there: each names its schema, or has its table along the search_path`,
    ]);
}
