import { nothingDone } from '../execution/outcome-of';
import type { Outcome } from '../outcome';
import type { Task } from '../execution/carry-out';
import type { Verbs } from '../verbs';
import { applyTenants } from './apply';
import { lookAtAll, type TenantsExamination } from './examine';
import { mergedOutcome } from './merged-outcome';

/** The verbs for a database of tenants. */
export const tenantVerbs: Verbs<TenantsExamination> = {
  look: (task: Task) => lookAtAll(task),
  apply: applyTenants,
  nothingDone: ({ shared, tenants }): Outcome =>
    mergedOutcome(
      { outcome: nothingDone(shared, 0) },
      tenants.map(({ schema, seen, error }) => ({
        schema,
        ...(seen && { outcome: nothingDone(seen, 0) }),
        ...(error && { error }),
      })),
      0,
    ),
};
