import { createHash } from 'node:crypto';
import type { Plan, Step } from '../outcome';
import { sealed } from '../reviewed-plan';
import type { SeenTenant } from './look';
import { onePer, onePerId } from './merged-report';

/**
 * One plan of all. Its steps are those of the parts, for whoever reads or counts them; what is carried out are the
 * parts, each of which has a fingerprint and a seal of its own.
 */
export function mergedPlan(shared: Plan, tenants: readonly SeenTenant[]): Plan {
  const parts = tenants.flatMap(({ schema, seen }) => (seen ? [{ schema, plan: seen.plan }] : []));
  const plans = [shared, ...parts.map(({ plan }) => plan)];
  const fingerprints = plans.map(({ fingerprint }) => fingerprint);
  return sealed({
    schemaVersion: 1,
    database: shared.database,
    fingerprint: createHash('sha256').update(fingerprints.join()).digest('hex'),
    steps: [...shared.steps, ...parts.flatMap(({ schema, plan }) => plan.steps.map(numberedFor(schema)))],
    findings: onePerId(plans.flatMap(({ findings }) => findings)),
    refusals: onePer(
      plans.flatMap(({ refusals }) => refusals),
      ({ finding }) => finding,
    ),
    shared,
    tenants: tenants.map(({ schema, seen, error }) => ({
      schema,
      ...(seen && { plan: seen.plan }),
      ...(error && { error }),
    })),
  });
}

/** Every plan begins to number at 1. */
const numberedFor =
  (schema: string) =>
  (step: Step): Step => ({
    ...step,
    id: inTenant(schema, step.id),
    requires: step.requires.map((id) => inTenant(schema, id)),
  });

/** The id of a step among those of all tenants. */
export const inTenant = (schema: string, id: string): string => `${schema}/${id}`;
