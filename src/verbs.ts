import { withSession } from './db';
import { findingsError, FkGuardError, type ErrorCode } from './errors';
import type { Events } from './events';
import { examine, examineOnce, type Examination } from './examine';
import { carryOut, carryOutIn, type Task } from './execution/carry-out';
import { nothingDone, stopped } from './execution/outcome-of';
import { failureOf } from './execution/failure';
import { becomeRunner } from './execution/runner';
import { lastLook, within } from './execution/time-left';
import { narrateOutcome, narratePurge } from './logging/narrate';
import type { Expected } from './expected';
import type { Logger, Settings } from './options';
import type { Outcome, Plan } from './outcome';
import type { PurgeOutcome, RestoreOutcome } from './quarantine-outcome';
import { invalid } from './parse-options';
import { purge, type PurgeTask } from './quarantine/purge';
import { parsePurgeOptions } from './quarantine/purge-options';
export { measureImpact } from './runtime/impact/measure';
import { parseRestoreOptions } from './quarantine/restore/options';
import { restore } from './quarantine/restore/restore';
import { parsePlan } from './reviewed-plan';
import { readStatus } from './status/read';
import type { Status } from './status/status';

/** One look, in a session of its own. */
export const lookAt = (task: Task): Promise<Examination> => examineOnce(task, 'rows');

/** What a guard does, on one database or on each of its tenants. */
export interface Verbs<Seen extends Looked = Looked> {
  look(task: Task): Promise<Seen>;
  apply(task: Task, plan?: Plan): Promise<Outcome>;
  /** The outcome where a look is all that was wanted. */
  nothingDone(seen: Seen): Outcome;
}

/** What every look has to tell. */
export type Looked = Pick<Examination, 'report' | 'plan'>;

/** The verbs for one database. */
export const plainVerbs: Verbs = {
  look: (task) => lookAt(task),
  apply: (task, plan) => apply(task, plan),
  nothingDone: (seen) => nothingDone(seen, 0),
};

/** Tells the listeners what a look has found. */
export function tell<Seen extends Pick<Looked, 'report'>>(events: Events, examination: Seen): Seen {
  events.emit('inspect', { report: examination.report });
  for (const finding of examination.report.findings) events.emit('finding', { finding });
  return examination;
}

/** Throws `OPTIONS` in check mode. */
export function assertMayWrite({ mode }: Settings): void {
  if (mode === 'check')
    throw new FkGuardError(
      'OPTIONS',
      'The mode is "check", which never writes.',
      "Set mode: 'repair', or unset FK_GUARD_MODE.",
    );
}

/**
 * Looks first without any lock: where there is nothing to do, starters do not wait for each other. A reviewed plan is
 * only ever held against what is there under the lock.
 *
 * Where nobody else had the lock, what that look has counted is still good: the catalog is read anew, writers may
 * change rows after the lock as well as before it, and the clean-up judges each row and its limits for itself.
 */
export async function apply(task: Task, plan?: Plan): Promise<Outcome> {
  assertMayWrite(task.settings);
  const reviewed = plan === undefined ? undefined : parsePlan(plan);
  const started = performance.now();
  return withSession(task.database, async (session) => {
    const first = reviewed ? undefined : await examine(session, task);
    if (first?.steps.length === 0) return nothingDone(first, performance.now() - started);
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
  });
}

/** Errors that a start cannot go on with; every other one is logged, and the outcome is `partial`. */
const FATAL: readonly ErrorCode[] = ['OPTIONS', 'NO_MODELS', 'CONNECTION'];

/** What the start-up hook does, without a sync. */
export async function runOnce<Seen extends Looked>(
  task: Task,
  logger: Logger,
  verbs: Verbs<Seen>,
): Promise<Outcome> {
  const applied =
    task.settings.mode === 'check'
      ? verbs.look(task).then((seen) => verbs.nothingDone(seen))
      : verbs.apply(task);
  const outcome = await applied.catch(async (error: unknown) => {
    if (error instanceof FkGuardError && FATAL.includes(error.code)) throw error;
    const { message, advice } = failureOf(error).error;
    logger.warn(`fk-guard: ${message} ${advice}`);
    return stopped(await verbs.look(lastLook(task)).catch(() => undefined), 0);
  });
  narrateOutcome(outcome, logger);
  const broken = outcome.remaining.filter(({ severity }) => severity === 'error');
  if (task.settings.onFindings === 'throw' && broken.length > 0) throw findingsError(broken);
  return outcome;
}

/** Takes old copies out of the quarantine, or says which would go. */
export async function purgeCopies(task: PurgeTask, logger: Logger, options: unknown): Promise<PurgeOutcome> {
  const request = parsePurgeOptions(options);
  if (!request.dryRun) assertMayWrite(task.settings);
  const outcome = await purge(task, request);
  if (!request.dryRun) narratePurge(outcome, logger);
  return outcome;
}

/** Puts the rows of a run back, or says which would come back. */
export async function restoreRows(task: PurgeTask, runId: string, options: unknown): Promise<RestoreOutcome> {
  const request = parseRestoreOptions(options);
  if (!request.dryRun) assertMayWrite(task.settings);
  return restore(task, runId, request);
}

/** Runs that a status lists when nobody says how many. */
const LATEST = 10;

/** What stands in the ledger and what is still to be proved. */
export async function statusOf(
  { database, settings }: Pick<Task, 'database' | 'settings'>,
  expected: () => Expected,
  { runs = LATEST }: { readonly runs?: number } = {},
): Promise<Status> {
  if (!Number.isSafeInteger(runs) || runs < 0) throw invalid(['"runs" must be a whole number from 0']);
  return readStatus(database, expected(), settings, runs);
}
