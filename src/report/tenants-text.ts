import type { Outcome, Plan, Report } from '../outcome';
import type { TenantError } from '../tenants/results';
import { count, paragraph } from './layout';
import type { Paint } from './paint';

/** Tenants that nothing could be said or done about, each with its reason. */
type Failed = readonly { readonly schema: string; readonly error: TenantError }[];

/** How the tenants are, in one line, and those that nobody has seen. */
export const tenantsSeenText = ({ tenants }: Report, paint: Paint): string =>
  tenants
    ? [
        `${count(tenants.total, 'tenant')}, ${tenants.healthy} of them healthy.`,
        ...failures(tenants.failed, paint),
      ].join('\n')
    : '';

/** The tenants that no plan could be made for. */
export const unplannedText = (plan: Plan, paint: Paint): string =>
  failures(failedIn(plan.tenants), paint).join('\n');

/** What went wrong with a part, and the runs of all parts, each of which comes back by itself. */
export function tenantRunsText({ shared, tenants = [] }: Outcome, paint: Paint): string {
  const parts = [...(shared ? [{ schema: SHARED, ...shared }] : []), ...tenants];
  const runs = parts.flatMap(({ schema, outcome }) =>
    outcome?.runId !== undefined && outcome.rowsQuarantined > 0
      ? [
          `  ${schema}: copies of ${count(outcome.rowsQuarantined, 'row')}, put back by fk-guard restore ${outcome.runId}`,
        ]
      : [],
  );
  return [...failures(failedIn(parts), paint), ...runs].join('\n');
}

/** What stands in a schema's place for the part that all share. */
const SHARED = '(shared)';

/** Those of the parts that have failed. */
export const failedIn = (
  parts: readonly { readonly schema: string; readonly error?: TenantError }[] = [],
): Failed => parts.flatMap(({ schema, error }) => (error ? [{ schema, error }] : []));

const failures = (failed: Failed, paint: Paint): readonly string[] =>
  failed.map(({ schema, error: { code, message, advice } }) =>
    [
      `  ${paint.error(schema)}`,
      paragraph('    ', `${code}: ${message}`, paint),
      paragraph('    ', advice, paint),
    ].join('\n'),
  );
