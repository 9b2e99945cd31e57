import type { DatabaseInfo, Outcome } from '../../src/outcome';
import type { FkGuard } from '../../src/guard';

/** What the documents show of a database, a run and the time that it took. */
const DATABASE: DatabaseInfo = { host: 'db.internal', name: 'booknexus', serverVersion: '18.1' };
const RUN = '0c9ab1d2-7f3e-4c58-9a61-5d2b8e04f713';
const MILLISECONDS = 40;

/** A real guard whose answers are the same in every run: where they come from, how long they took, the run's id. */
export function steadyGuard(guard: FkGuard): FkGuard {
  let run: string | undefined;
  const placed = <T extends { readonly database: DatabaseInfo }>(value: T): T => ({
    ...value,
    database: DATABASE,
  });
  const timed = (outcome: Outcome): Outcome => {
    run = outcome.runId;
    const steps = outcome.steps.map((step) => ({ ...step, durationMs: MILLISECONDS }));
    return { ...outcome, runId: RUN, steps, durationMs: steps.length * MILLISECONDS };
  };
  return {
    ...guard,
    check: async () => placed(await guard.check()),
    verify: async () => placed(await guard.verify()),
    plan: async () => placed(await guard.plan()),
    impact: async (model, key) => placed(await guard.impact(model, key)),
    apply: async (plan) => {
      if (plan)
        throw new Error('A plan that was made steady is no plan any more: say --yes --accept-data-loss.');
      return timed(await guard.apply());
    },
    restore: async (id, options) => {
      if (id !== RUN || run === undefined) throw new Error(`Only the run ${RUN} can be put back here.`);
      return { ...(await guard.restore(run, options)), runId: RUN };
    },
  };
}
