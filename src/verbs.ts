import { withSession } from './db';
import { findingsError, FkGuardError, type ErrorCode } from './errors';
import type { Events } from './events';
import { examine, examineOnce, type Examination } from './examine';
import type { Task } from './execution/carry-out';
import { nothingDone, stopped } from './execution/outcome-of';
import { failureOf } from './execution/failure';
import { lastLook } from './execution/time-left';
import { narrateOutcome } from './logging/narrate';
import type { Logger, Settings } from './options';
import type { Outcome, Plan } from './outcome';
import { parsePlan } from './reviewed-plan';

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
 */
export async function apply(task: Task, plan?: Plan): Promise<Outcome> {
  assertMayWrite(task.settings);
  const reviewed = plan === undefined ? undefined : parsePlan(plan);
  const started = performance.now();
  return withSession(task.database, async (session) => {
    const first = reviewed ? undefined : await examine(session, task);
    if (first?.steps.length === 0) return nothingDone(first, performance.now() - started);
    // Where everything is in order it is not loaded: it is most of the code, and many processes may start at once.
    const { applyAsRunner } = await import('./apply-as-runner');
    return applyAsRunner(session, task, reviewed, first);
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
