import type { Lock } from '../../changes/statement';
import { describeBlockers } from '../../execution/blockers';
import { retryLocks } from '../../execution/retry';
import { asOnlyWriter } from '../../execution/step-lock';
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
  const attempt = (): Promise<T> =>
    asOnlyWriter(session, runner, [writing(settings), exactTextForms, checkedAtOnce], run);
  return retryLocks(attempt, {
    budget: settings.lockBudget,
    what: `Restore of run ${runId}`,
    events,
    blockers: () => describeBlockers(session, locks),
    runner,
  });
}
