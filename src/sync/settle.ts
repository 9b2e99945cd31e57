import { findingsError } from '../errors';
import type { Events } from '../events';
import { examineOnce } from '../examine';
import type { Task } from '../execution/carry-out';
import { failureOf } from '../execution/failure';
import { stopped } from '../execution/outcome-of';
import { lastLook } from '../execution/time-left';
import type { Expected } from '../expected';
import { narrateOutcome } from '../logging/narrate';
import type { Logger, Settings } from '../options';
import type { Outcome } from '../outcome';
import { bothRuns } from './both-runs';

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
