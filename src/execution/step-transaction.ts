import type { Lock } from '../changes/statement';
import { transaction } from '../db';
import { describeBlockers } from './blockers';
import { retryLocks } from './retry';
import { assertStepLock } from './runner';
import { exactTextForms, writing } from './session-settings';
import type { Work } from './work';

/** One transaction of a step that changes rows, again and again until it has its locks; `locks` are only for its message. */
export function stepTransaction<T>(
  { session, settings, events, step, runner }: Work,
  locks: readonly Lock[],
  run: () => Promise<T>,
): Promise<T> {
  const guarded = async (): Promise<T> => {
    await assertStepLock(session);
    return run();
  };
  const attempt = () => transaction(session, 'read write', [writing(settings), exactTextForms], guarded);
  return retryLocks(attempt, {
    budget: settings.lockBudget,
    what: step.title,
    events,
    blockers: () => describeBlockers(session, locks),
    signal: runner.signal,
  });
}
