import type { Catalog } from '../catalog/catalog';
import { hasSchema, type SchemaSize } from '../catalog/census';
import { readSchemas } from '../catalog/read';
import type { Session } from '../db';
import { FkGuardError } from '../errors';
import { examine, type Examination, type Subject } from '../examine';
import { failureOf } from '../execution/failure';
import { lookInto } from '../execution/look';
import { shareOut } from '../execution/share-out';
import type { Depth } from '../inspect/measure-relation';
import { blocksOf } from './blocks';
import { reachedFrom, readingTenant, tenantsCatalog } from './catalog-of';
import { tenantsOwn } from './expected-of';
import type { TenantError } from './results';
import type { Scope } from './scope';

type Looked = Pick<Examination, 'report' | 'plan'>;

/** What a look at one tenant has found, or why there was none. The snapshot is not kept. */
export interface SeenTenant {
  readonly schema: string;
  readonly seen?: Looked;
  readonly error?: TenantError;
}

/** How deeply, and whether something may have been written already. */
export interface Manner {
  readonly depth: Depth;
  readonly when: 'before' | 'under way';
}

/** The work on one tenant: an ordinary task, with the models moved into its schema. */
export const taskOf = <T extends Subject>(task: T, schema: string, scope: Scope): T => ({
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
  task: Subject,
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
  task: Subject,
  scope: Scope,
  block: readonly SchemaSize[],
  manner: Manner,
): Promise<readonly SeenTenant[]> {
  const reached = new Map(block.map(({ name }) => [name, reachedFrom(name, scope.links)]));
  const schemas = [...new Set([...reached.values()].flatMap((names) => [...names]))];
  const found: (SeenTenant | undefined)[] = [];
  let catalog: Catalog | undefined;
  const goOn = (): Promise<void> =>
    lookInto(session, task, async (inside) => {
      const whole = (catalog ??= await readSchemas(session, inside, schemas));
      for (const { name } of block.slice(found.length)) {
        const own = tenantsCatalog(name, whole, reached.get(name) ?? new Set([name]), scope);
        const seen = await examined(
          session,
          { ...taskOf(task, name, scope), inside, read: () => Promise.resolve(own) },
          manner,
        );
        found.push({ schema: name, seen });
        // What was counted has left locks behind, which a migration may be waiting for.
        if (!isTrusted(seen)) break;
      }
    });
  while (found.length < block.length)
    await goOn().catch(async (error: unknown) => {
      if (isLost(session, error)) throw error;
      const { name } = block[found.length] ?? { name: '' };
      found.push(await lookAlone(session, taskOf(task, name, scope), name, manner));
    });
  return found.flatMap((seen) => seen ?? []);
}

const examined = async (session: Session, task: Subject, { depth, when }: Manner): Promise<Looked> => {
  const { report, plan } = await examine(session, task, depth, when);
  return { report, plan };
};

/** True when the catalog alone has answered everything. */
const isTrusted = ({ report }: Looked): boolean =>
  report.notMeasured.length === report.relations.length &&
  report.notMeasured.every(({ reason }) => reason === 'trusted');

/** In a transaction of its own and with a catalog that is read anew; nothing for a tenant that is gone by now. */
async function lookAlone(
  session: Session,
  task: Subject,
  schema: string,
  manner: Manner,
): Promise<SeenTenant | undefined> {
  const isThere = (): Promise<boolean> => hasSchema(session, schema);
  if (!(await isThere())) return undefined;
  try {
    return { schema, seen: await examined(session, task, manner) };
  } catch (error) {
    if (isLost(session, error)) throw error;
    return (await isThere()) ? { schema, error: failureOf(error).error } : undefined;
  }
}

/** Without its session nobody can go on. */
const isLost = (session: Session, error: unknown): boolean =>
  !session.isAlive() || (error instanceof FkGuardError && error.code === 'CONNECTION');
