import type { Session } from './db';
import type { Examination } from './examine';
import { carryOut, carryOutIn, type Task } from './execution/carry-out';
import { becomeRunner } from './execution/runner';
import { within } from './execution/time-left';
import type { Outcome, Plan } from './outcome';

/**
 * Applies under the single-runner lock. Where nobody else had the lock, what the look before it has counted is still good:
 * the catalog is read anew, writers may change rows after the lock as well as before it, and the clean-up judges each row
 * and its limits for itself.
 */
export async function applyAsRunner(
  session: Session,
  task: Task,
  reviewed: Plan | undefined,
  first: Examination | undefined,
): Promise<Outcome> {
  const runner = await becomeRunner(task.writer, within(task.settings, task.deadline), task.events);
  try {
    const counted = runner.hasWaited ? [] : first?.snapshot.relations;
    // It may have waited longer than the server lets a session be idle (`idle_session_timeout`).
    return await (session.isAlive() && task.writer === task.database
      ? carryOutIn(session, task, runner, reviewed, undefined, counted)
      : carryOut(task, runner, reviewed));
  } finally {
    await runner.release();
  }
}
