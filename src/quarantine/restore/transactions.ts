import type { Lock } from '../../changes/statement';
import { transaction } from '../../db';
import { describeBlockers } from '../../execution/blockers';
import { retryLocks } from '../../execution/retry';
import { assertStepLock } from '../../execution/step-lock';
import { exactTextForms, writing } from '../../execution/session-settings';
import { sql } from '../../sql';
import type { RestoreTask } from './task';

/** A key that is checked at the end of the transaction would take all of it back for one row. */
const checkedAtOnce = sql`set constraints all immediate`;

/** One transaction of a restore, again and again until it has its locks; `locks` are only for its message. */
export function restoring<T>(
  { session, settings, events, runner, runId }: RestoreTask,
  locks: readonly Lock[],
  run: () => Promise<T>,
): Promise<T> {
  runner.assertHeld();
  const attempt = (): Promise<T> =>
    transaction(session, 'read write', [writing(settings), exactTextForms, checkedAtOnce], async () => {
      await assertStepLock(session);
      return run();
    });
  return retryLocks(attempt, {
    budget: settings.lockBudget,
    what: `Restore of run ${runId}`,
    events,
    blockers: () => describeBlockers(session, locks),
    signal: runner.signal,
  });
}
