import { readCatalog, readSchemas } from '../catalog/read';
import { withSession, type Session } from '../db';
import { examine, type Examination, type Subject } from '../examine';
import type { ReadCatalog } from '../execution/look';
import type { Plan, Report } from '../outcome';
import { sharedByAll, sharedUnderTenants } from './expected-of';
import { lookAtTenants, type Manner, type SeenTenant } from './look';
import { mergedPlan } from './merged-plan';
import { mergedReport } from './merged-report';
import { readScope, type Scope } from './scope';

/** One look at a database of tenants: a report and a plan of all, and the parts that they are made of. */
export interface TenantsExamination {
  readonly report: Report;
  readonly plan: Plan;
  readonly scope: Scope;
  readonly shared: Pick<Examination, 'report' | 'plan'>;
  readonly tenants: readonly SeenTenant[];
}

/** The work on what all tenants share, with the whole catalog: what is done there may reach into every tenant. */
export const sharedTask = <T extends Subject>(task: T, scope: Scope): T => ({
  ...task,
  settings: { ...task.settings, schemas: [] },
  expected: sharedUnderTenants(task.expected, scope),
  read: async (session, server) =>
    readCatalog(session, {
      ...server,
      searchPath: server.searchPath.filter((name) => scope.path.includes(name)),
    }),
});

/**
 * Looks at what all tenants share, once, and at each tenant. Throws `OPTIONS` where a pattern matches no schema, and
 * what keeps it from looking at the shared part.
 */
export async function examineTenants(
  session: Session,
  task: Subject,
  depth: Manner['depth'] = 'rows',
  when: Manner['when'] = 'before',
): Promise<TenantsExamination> {
  const scope = await readScope(session, task);
  const shared = await lookAtShared(session, task, scope, { depth, when });
  const tenants = await lookAtTenants(session, task, scope, { depth, when });
  return {
    report: mergedReport(shared.report, tenants),
    plan: mergedPlan(shared.plan, tenants),
    scope,
    shared,
    tenants,
  };
}

/** The same in a session of its own. */
export const lookAtAll = (task: Subject): Promise<TenantsExamination> =>
  withSession(task.database, (session) => examineTenants(session, task));

/** Where its part of the catalog shows nothing wrong, nothing is to be done, and nobody need know whom it would reach. */
async function lookAtShared(
  session: Session,
  task: Subject,
  scope: Scope,
  { depth, when }: Manner,
): Promise<Pick<Examination, 'report' | 'plan'>> {
  const whole = sharedTask(task, scope);
  const read: ReadCatalog = async (own, server) => ({
    ...(await readSchemas(own, server, scope.shared)),
    server: { ...server, searchPath: scope.path },
  });
  const alone = { ...whole, read, expected: sharedByAll(task.expected, scope) };
  const { report, plan } = await examine(session, alone, depth, 'under way');
  if (report.findings.length === 0) return { report, plan };
  return examine(session, whole, depth, when);
}
