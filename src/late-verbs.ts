import type { Events } from './events';
import type { Task } from './execution/carry-out';
import type { Expected } from './expected';
import type { FkGuard } from './guard';
import type { Logger } from './options';
import type { Outcome } from './outcome';

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

const load = () => import('./verbs');

/**
 * The verbs that ask the database. What they need is most of this package; it is loaded when the first of them is
 * called, so that an application which only installs a guard does not pay for it at its start.
 */
export function lateVerbs({ task, done, expected, ...parts }: VerbParts): LateVerbs {
  const { settings, events, logger } = parts;
  const look = async () => (await load()).lookAt(task());
  const check = async () => (await load()).tell(events, await look()).report;
  return {
    check,
    plan: async () => (await look()).plan,
    apply: async (plan) => done(await (await load()).apply(task(), plan)),
    async run() {
      const { runOnce } = await load();
      return done(await runOnce(task(performance.now() + settings.startupBudget), logger));
    },
    verify: check,
    restore: async (runId, options) => (await load()).restoreRows(parts, runId, options),
    purge: async (options) => (await load()).purgeCopies(parts, logger, options),
    status: async (options) => (await load()).statusOf(parts, expected, options),
    impact: async (model, key) => (await load()).measureImpact(parts, expected(), model, key),
  };
}
