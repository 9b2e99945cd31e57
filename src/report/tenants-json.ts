import type { Outcome, Plan } from '../outcome';
import { failedIn } from './tenants-text';

/** The field `tenants` of a document; nothing where there are none. */
export const plannedTenants = ({ tenants }: Plan): object =>
  tenants ? { tenants: { total: tenants.length, failed: failedIn(tenants) } } : {};

/** The same of a run: each part that had something to do has a run of its own, `shared` among them. */
export function carriedOutTenants({ shared, tenants }: Outcome): object {
  if (!tenants) return {};
  const parts = [{ schema: null, ...shared }, ...tenants];
  return {
    tenants: {
      total: tenants.length,
      failed: [...(shared?.error ? [{ schema: null, error: shared.error }] : []), ...failedIn(tenants)],
      runs: parts.flatMap(({ schema, outcome }) =>
        outcome?.runId === undefined
          ? []
          : [
              {
                schema,
                runId: outcome.runId,
                status: outcome.status,
                rowsDeleted: outcome.rowsDeleted,
                rowsNullified: outcome.rowsNullified,
                rowsReparented: outcome.rowsReparented,
                parentsCreated: outcome.parentsCreated,
                rowsQuarantined: outcome.rowsQuarantined,
              },
            ],
      ),
    },
  };
}
