import type { Outcome } from '../outcome';
import { inTenant } from './merged-plan';
import { onePerId } from './merged-report';
import type { PartOutcome, TenantError, TenantOutcome } from './results';

/** From the best to the worst. */
const STATUSES: readonly Outcome['status'][] = ['clean', 'repaired', 'refused', 'partial'];

/** Codes with which a part was declined before anything of it was begun. */
const DECLINED: readonly string[] = ['PLAN_STALE', 'PRIVILEGE', 'LIMIT', 'RUN_ROWS', 'POOLER'];

/** What all runs have done together; its status is that of the worst. */
export function mergedOutcome(
  shared: PartOutcome,
  tenants: readonly TenantOutcome[],
  durationMs: number,
): Outcome {
  const outcomes = [shared, ...tenants].flatMap(({ outcome }) => outcome ?? []);
  const errors = [shared, ...tenants].flatMap(({ error }) => error ?? []);
  const statuses = [...outcomes.map(({ status }) => status), ...errors.map(statusOf)];
  const runs = outcomes.flatMap(({ runId }) => runId ?? []);
  const sum = (of: (outcome: Outcome) => number): number =>
    outcomes.reduce((total, outcome) => total + of(outcome), 0);
  return {
    // Several runs have no id in common; each tenant's outcome has its own.
    runId: runs.length === 1 ? runs[0] : undefined,
    status: STATUSES.findLast((status) => statuses.includes(status)) ?? 'clean',
    steps: [
      ...(shared.outcome?.steps ?? []),
      ...tenants.flatMap(({ schema, outcome }) =>
        (outcome?.steps ?? []).map((step) => ({ ...step, id: inTenant(schema, step.id) })),
      ),
    ],
    rowsDeleted: sum(({ rowsDeleted }) => rowsDeleted),
    rowsNullified: sum(({ rowsNullified }) => rowsNullified),
    rowsReparented: sum(({ rowsReparented }) => rowsReparented),
    parentsCreated: sum(({ parentsCreated }) => parentsCreated),
    rowsQuarantined: sum(({ rowsQuarantined }) => rowsQuarantined),
    remaining: onePerId(outcomes.flatMap(({ remaining }) => remaining)),
    durationMs: Math.round(durationMs),
    shared,
    tenants,
  };
}

const statusOf = ({ code }: TenantError): Outcome['status'] =>
  DECLINED.includes(code) ? 'refused' : 'partial';
