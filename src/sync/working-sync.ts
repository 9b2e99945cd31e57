import type { Examination } from '../examine';
import { carryOut, type Task } from '../execution/carry-out';
import type { Runner } from '../execution/runner';
import { pause } from '../execution/time-left';
import { narrateRows } from '../logging/narrate';
import type { Outcome } from '../outcome';
import { finish, runnerFor } from './finish';
import { isNeededBySync } from './health';
import { ownedBy } from './owned';
import type { GuardedSync, SyncScope } from './port';
import { rehearse } from './rehearse';
import { leaveRows, leaveRowsOfNew, REPLACED } from './rows-stay';
import { warningOf, type SyncParts } from './settle';

export { finishLate, runnerFor } from './finish';

/** A sync under the single-runner lock: repairs what it would stumble over first, and everything else after it. */
export async function asRunner(
  parts: SyncParts,
  task: Task,
  scope: SyncScope,
  first: Examination,
): Promise<GuardedSync> {
  const runner = await runnerFor(task);
  try {
    await rehearse(task, first.snapshot.catalog.server.mayCreateSchema);
    const before =
      !scope.force && first.steps.some(isNeededBySync) ? await repairBefore(parts, task, runner) : undefined;
    const resume = pause(task);
    return {
      owned: ownedBy(first),
      finish: (succeeded, rowsStay) => {
        const expected =
          rowsStay || scope.force
            ? leaveRows(task.expected, REPLACED)
            : leaveRowsOfNew(task.expected, first.snapshot);
        return finish(parts, { ...resume(), expected }, runner, succeeded, before);
      },
    };
  } catch (error) {
    await runner.release();
    throw error;
  }
}

/** What the sync would stumble over; a run of its own, whose rows are told of at once. */
async function repairBefore({ logger }: SyncParts, task: Task, runner: Runner): Promise<Outcome | undefined> {
  const outcome = await carryOut(task, runner, undefined, isNeededBySync).catch((error: unknown) =>
    logger.warn(warningOf(error)),
  );
  if (outcome) narrateRows(outcome, logger);
  return outcome ?? undefined;
}
