import type { Catalog } from '../catalog/catalog';
import { hasSchema, type SchemaSize } from '../catalog/census';
import { readSchemas } from '../catalog/read';
import type { Session } from '../db';
import { FkGuardError, wireError } from '../errors';
import { examine, type Examination } from '../examine';
import type { Task } from '../execution/carry-out';
import { failureOf } from '../execution/failure';
import { lookInto, type ReadCatalog } from '../execution/look';
import { shareOut } from '../execution/share-out';
import type { Depth } from '../inspect/measure-relation';
import { blocksOf } from './blocks';
import { reachedFrom, readingTenant, tenantsCatalog } from './catalog-of';
import { tenantsOwn } from './expected-of';
import type { TenantError } from './results';
import type { Scope } from './scope';

/** What a look at one tenant has found, or why there was none. The snapshot is not kept. */
export interface SeenTenant {
  readonly schema: string;
  readonly seen?: Pick<Examination, 'report' | 'plan'>;
  readonly error?: TenantError;
}

/** How deeply, and whether something may have been written already. */
export interface Manner {
  readonly depth: Depth;
  readonly when: 'before' | 'under way';
}

/** The work on one tenant: an ordinary task, with the models moved into its schema. */
export const taskOf = (task: Task, schema: string, scope: Scope): Task => ({
  ...task,
  settings: { ...task.settings, schemas: [] },
  expected: tenantsOwn(task.expected, schema, scope),
  read: readingTenant(schema, scope),
});

/**
 * Looks at every tenant. The catalog is read for a block of them at a time, so that neither the number of questions
 * nor the memory grows with theirs; sessions share the blocks. A tenant that cannot be looked at does not stop the others.
 */
export async function lookAtTenants(
  session: Session,
  task: Task,
  scope: Scope,
  manner: Manner,
): Promise<readonly SeenTenant[]> {
  const most = Math.min(task.settings.concurrency ?? session.atOnce, scope.tenants.length);
  // What may be at work at once is for tenants then, and not for the relations of each.
  const inner = most > 1 ? { ...task, settings: { ...task.settings, concurrency: 1 } } : task;
  const seen = await shareOut(
    session,
    { most, enter: (_own, work) => work() },
    blocksOf(scope.tenants, most).map((block) => (own) => lookAtBlock(own, inner, scope, block, manner)),
  );
  return seen.flat();
}

async function lookAtBlock(
  session: Session,
  task: Task,
  scope: Scope,
  block: readonly SchemaSize[],
  manner: Manner,
): Promise<readonly SeenTenant[]> {
  const reached = new Map(block.map(({ name }) => [name, reachedFrom(name, scope.links)]));
  const schemas = [...new Set([...reached.values()].flatMap((names) => [...names]))];
  // Where that fails, as over a schema that is dropped under way, each tenant is read by itself.
  const catalog = await lookInto(session, task, (server) => readSchemas(session, server, schemas)).catch(
    (error: unknown) => (isLost(session, error) ? Promise.reject(error) : undefined),
  );
  const found: SeenTenant[] = [];
  for (const { name } of block) {
    const own = catalog && tenantsCatalog(name, catalog, reached.get(name) ?? new Set([name]), scope);
    const seen = await lookAtOne(session, taskOf(task, name, scope), name, own, manner);
    if (seen) found.push(seen);
  }
  return found;
}

/** Nothing for a tenant that is gone by now. */
async function lookAtOne(
  session: Session,
  task: Task,
  schema: string,
  catalog: Catalog | undefined,
  manner: Manner,
): Promise<SeenTenant | undefined> {
  const look = async (read: ReadCatalog | undefined): Promise<SeenTenant> => {
    const { report, plan } = await examine(
      session,
      { ...task, ...(read && { read }) },
      manner.depth,
      manner.when,
    );
    return { schema, seen: { report, plan } };
  };
  try {
    return await look(catalog && (() => Promise.resolve(catalog))).catch((error: unknown) =>
      catalog && hasMoved(error) ? look(task.read) : Promise.reject(error),
    );
  } catch (error) {
    if (isLost(session, error)) throw error;
    return (await hasSchema(session, schema)) ? { schema, error: failureOf(error).error } : undefined;
  }
}

/** undefined_table, undefined_column, invalid_schema_name; internal_error: what was dropped is "not found in a cache". */
const hasMoved = (error: unknown): boolean =>
  ['42P01', '42703', '3F000', 'XX000'].includes(wireError(error).code ?? '');

/** Without its session nobody can go on. */
const isLost = (session: Session, error: unknown): boolean =>
  !session.isAlive() || (error instanceof FkGuardError && error.code === 'CONNECTION');
