import type { Change } from '../changes/change';
import { FkGuardError } from '../errors';
import { carryOut, type Task } from '../execution/carry-out';
import { becomeRunner, type Runner } from '../execution/runner';
import { within } from '../execution/time-left';
import type { Outcome } from '../outcome';
import { bothRuns } from './both-runs';
import { FAILED, leaveRows, REPLACED } from './rows-stay';
import { giveUp, settle, type SyncParts } from './settle';

/** A sync that found nothing to do has no runner; a sync inside of it may have made work all the same. */
export async function finishLate(
  parts: SyncParts,
  task: Task,
  succeeded: boolean,
): Promise<Outcome | undefined> {
  const runner = await runnerFor(task).catch((error: unknown) => giveUp(parts, task, error));
  if (!('release' in runner)) return runner;
  return finish(parts, { ...task, expected: leaveRows(task.expected, REPLACED) }, runner, succeeded);
}

/** The single-runner lock, waited for no longer than a start may take. */
export const runnerFor = ({ writer, settings, events, deadline }: Task): Promise<Runner> =>
  becomeRunner(writer, within(settings, deadline), events);

/** Repairs what is left under the lock, and releases it. */
export async function finish(
  parts: SyncParts,
  task: Task,
  runner: Runner,
  succeeded: boolean,
  before?: Outcome,
): Promise<Outcome | undefined> {
  try {
    return succeeded
      ? await settle(parts, await carryOut(task, runner), before)
      : parts.remember(bothRuns(before, await keysOnly(task, runner)));
  } catch (error) {
    if (error instanceof FkGuardError && (error.code === 'FINDINGS' || error.code === 'OPTIONS')) throw error;
    return await giveUp(parts, task, error);
  } finally {
    await runner.release();
  }
}

/**
 * A sync that failed leaves a half-made schema, of which nothing is cleaned, changed or told: its own error is what
 * matters. But the tables that it has made were to have keys, and if it fails each time, no other sync would make them.
 */
const keysOnly = (task: Task, runner: Runner): Promise<Outcome> =>
  carryOut({ ...task, expected: leaveRows(task.expected, FAILED) }, runner, undefined, ({ change }) =>
    ADDING.includes(change.op),
  );

const ADDING: readonly Change['op'][] = ['add-foreign-key', 'validate-foreign-key'];
