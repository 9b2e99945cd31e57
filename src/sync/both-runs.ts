import type { Outcome } from '../outcome';

/** The repairs before and after a sync as one outcome, under the run of the later one, if it had anything to do. */
export function bothRuns(before: Outcome | undefined, after: Outcome): Outcome {
  if (!before) return after;
  const repaired = after.status === 'clean' && before.steps.some(({ status }) => status === 'done');
  return {
    ...after,
    runId: after.runId ?? before.runId,
    status: repaired ? 'repaired' : after.status,
    steps: [...before.steps, ...after.steps],
    rowsDeleted: before.rowsDeleted + after.rowsDeleted,
    rowsNullified: before.rowsNullified + after.rowsNullified,
    rowsReparented: before.rowsReparented + after.rowsReparented,
    parentsCreated: before.parentsCreated + after.parentsCreated,
    rowsQuarantined: before.rowsQuarantined + after.rowsQuarantined,
    durationMs: before.durationMs + after.durationMs,
  };
}
