import type { Lock } from '../changes/statement';
import { describeBlockers } from './blockers';
import { queueGuard } from './queue';
import { retryLocks } from './retry';
import { asOnlyWriter } from './step-lock';
import { exactTextForms, writing } from './session-settings';
import { within } from './time-left';
import type { Work } from './work';

/** One transaction of a step that changes rows, again and again until it has the locks that `run` takes. */
export function stepTransaction<T>(
  { session, settings, events, step, runner, deadline }: Work,
  locks: readonly Lock[],
  run: () => Promise<T>,
): Promise<T> {
  const mayQueue = queueGuard(settings.lockTimeout);
  const guarded = async (): Promise<T> => {
    await mayQueue(session, locks);
    return run();
  };
  const attempt = () =>
    asOnlyWriter(session, runner, [writing(within(settings, deadline)), exactTextForms], guarded);
  return retryLocks(attempt, {
    budget: within(settings, deadline).lockBudget,
    what: step.title,
    events,
    blockers: () => describeBlockers(session, locks),
    runner,
  });
}
