import type { Change } from '../changes/change';
import { findingsError, FkGuardError } from '../errors';
import type { Events } from '../events';
import { examineOnce } from '../examine';
import { carryOut, type Task } from '../execution/carry-out';
import { stopped } from '../execution/outcome-of';
import { failureOf } from '../execution/failure';
import { becomeRunner, type Runner } from '../execution/runner';
import { lastLook, within } from '../execution/time-left';
import type { Expected } from '../expected';
import { narrateOutcome } from '../logging/narrate';
import type { Logger, Settings } from '../options';
import type { Outcome } from '../outcome';
import { bothRuns } from './both-runs';
import { FAILED, leaveRows, REPLACED } from './rows-stay';

/** What a guarded sync is built from. */
export interface SyncParts {
  /** Throws `NO_MODELS`, or `OPTIONS` for a model that means nothing. */
  readonly models: () => Expected;
  /** Throws `OPTIONS` for options that do not fit the models. */
  readonly task: (models: Expected, deadline: number) => Task;
  readonly settings: Settings;
  readonly events: Events;
  readonly logger: Logger;
  readonly remember: (outcome: Outcome) => Outcome;
}

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

/** A lock that could not be had or a missing privilege is said and not thrown: the application starts all the same. */
export async function giveUp(parts: SyncParts, task: Task, error: unknown): Promise<Outcome> {
  parts.logger.warn(warningOf(error));
  return settle(parts, stopped(await examineOnce(lastLook(task), 'rows').catch(() => undefined), 0));
}

/** Keeps and tells an outcome; `before` has been told already. Throws `FINDINGS` where the options ask for it. */
export async function settle(
  { settings, logger, remember }: SyncParts,
  outcome: Outcome,
  before?: Outcome,
): Promise<Outcome> {
  remember(bothRuns(before, outcome));
  narrateOutcome(outcome, logger);
  throwIfAsked(settings, outcome.remaining);
  return Promise.resolve(outcome);
}

/** Throws `FINDINGS` where `onFindings` is `'throw'` and something is broken. */
export function throwIfAsked({ onFindings }: Settings, findings: Outcome['remaining']): void {
  const broken = findings.filter(({ severity }) => severity === 'error');
  if (onFindings === 'throw' && broken.length > 0) throw findingsError(broken);
}

/** An error as the application's log has it. */
export function warningOf(error: unknown): string {
  const { message, advice } = failureOf(error).error;
  return `fk-guard: ${message} ${advice}`;
}
