import type { Events } from './events';
import type { Task } from './execution/carry-out';
import type { Expected } from './expected';
import type { FkGuard } from './guard';
import type { Logger } from './options';
import type { Outcome } from './outcome';
import type { Verbs } from './verbs';

/** What the verbs work with. */
export interface VerbParts extends Pick<Task, 'database' | 'writer' | 'settings'> {
  readonly events: Events;
  readonly logger: Logger;
  readonly expected: () => Expected;
  task(deadline?: number): Task;
  /** Told of every outcome; gives it back. */
  done(outcome: Outcome): Outcome;
}

type LateVerbs = Pick<
  FkGuard,
  'check' | 'plan' | 'apply' | 'run' | 'verify' | 'restore' | 'purge' | 'status' | 'impact'
>;

/** The verbs that ask the database. */
export interface Late {
  readonly verbs: LateVerbs;
  /** What the start-up hook does, without a sync, until then (`performance.now()`). */
  runUntil(deadline: number): Promise<Outcome>;
}

const load = () => import('./verbs');

/** What is asked of runs that have been. */
const afterwards = () => import('./afterwards');

/**
 * What the verbs need is most of this package; it is loaded when the first of them is called, so that an application
 * which only installs a guard does not pay for it at its start.
 */
export function createLate({ task, done, expected, ...parts }: VerbParts): Late {
  const { settings, events, logger } = parts;
  const verbs = async (): Promise<Verbs> =>
    settings.schemas.length > 0 ? (await import('./tenants/verbs')).tenantVerbs : (await load()).plainVerbs;
  const look = async () => (await verbs()).look(task());
  const check = async () => (await load()).tell(events, await look()).report;
  const runUntil = async (deadline: number): Promise<Outcome> =>
    (await load()).runOnce(task(deadline), logger, await verbs());
  return {
    runUntil,
    verbs: {
      check,
      plan: async () => (await look()).plan,
      apply: async (plan) => done(await (await verbs()).apply(task(), plan)),
      async run() {
        // Before the clock starts.
        await load();
        return done(await runUntil(performance.now() + settings.startupBudget));
      },
      verify: check,
      restore: async (runId, options) => (await afterwards()).restoreRows(parts, runId, options),
      purge: async (options) => (await afterwards()).purgeCopies(parts, logger, options),
      status: async (options) => (await afterwards()).statusOf(parts, expected, options),
      impact: async (model, key) =>
        (await import('./runtime/impact/measure')).measureImpact(parts, expected(), model, key),
    },
  };
}
