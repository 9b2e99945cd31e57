import { carryOut, nothingDone, stopped, type Task } from '../execution/carry-out';
import { withSession } from '../db';
import { findingsError, FkGuardError } from '../errors';
import type { Events } from '../events';
import { examine, type Examination } from '../examine';
import { failureOf } from '../execution/failure';
import { becomeRunner, type Runner } from '../execution/runner';
import { narrateFindings, narrateOutcome } from '../logging/narrate';
import type { Logger, Settings } from '../options';
import type { Outcome } from '../outcome';
import { within } from './extent';
import { isHealthy, isNeededBySync } from './health';
import { leaveRows, leaveRowsOfNew, REPLACED } from './rows-stay';
import type { BeginSync, GuardedSync, SyncScope } from './port';

/** What a guarded sync is built from. */
export interface SyncParts {
  readonly task: (deadline: number) => Task;
  readonly settings: Settings;
  readonly events: Events;
  readonly logger: Logger;
  readonly remember: (outcome: Outcome) => Outcome;
}

/** The gate around `sync()`: it may repair and it may warn, but it must not keep an application from starting. */
export function createBeginSync(parts: SyncParts): BeginSync {
  return async (scope) => {
    const whole = parts.task(performance.now() + parts.settings.startupBudget);
    // Read before anything is stripped, and used until the end: during the sync the models say less.
    const task: Task = { ...whole, expected: within(whole.expected, scope) };
    return parts.settings.mode === 'check' ? onlyLook(parts, task) : guard(parts, task, scope);
  };
}

/** Check mode writes nothing and strips nothing: it says what it sees, and Sequelize does what it always does. */
async function onlyLook({ settings, logger }: SyncParts, task: Task): Promise<GuardedSync> {
  const examination = await look(task, 'rows').catch((error: unknown) => void logger.warn(warningOf(error)));
  const findings = examination?.report.findings ?? [];
  narrateFindings(findings, logger);
  throwIfAsked(settings, findings);
  return { owned: [], finish: () => Promise.resolve(undefined) };
}

async function guard(parts: SyncParts, task: Task, scope: SyncScope): Promise<GuardedSync> {
  let owned: GuardedSync['owned'] = [];
  try {
    const first = await look(task, 'catalog');
    // Where the models name different parents the guard creates no key, so Sequelize keeps that relation.
    owned = first.snapshot.relations.flatMap(({ relation, otherParents }) =>
      otherParents.length === 0 ? [relation] : [],
    );
    if (!scope.force && !scope.alter && isHealthy(first))
      return {
        owned,
        finish: (succeeded, rowsStay) =>
          rowsStay ? finishLate(parts, task, succeeded) : settle(parts, nothingDone(first, 0)),
      };
    const runner = await runnerFor(task);
    if (!scope.force && first.steps.some(isNeededBySync))
      await carryOut(task, runner, undefined, isNeededBySync).catch((error: unknown) =>
        parts.logger.warn(warningOf(error)),
      );
    // The budget is for the guard's own time, so the time that Sequelize takes in between is given back.
    const left = task.deadline - performance.now();
    return {
      owned,
      finish: (succeeded, rowsStay) => {
        const expected =
          rowsStay || scope.force
            ? leaveRows(task.expected, REPLACED)
            : leaveRowsOfNew(task.expected, first.snapshot);
        return finish(parts, { ...task, expected, deadline: performance.now() + left }, runner, succeeded);
      },
    };
  } catch (error) {
    if (error instanceof FkGuardError && error.code === 'OPTIONS') throw error;
    return { owned, finish: () => giveUp(parts, task, error) };
  }
}

/** A sync that found nothing to do has no runner; a sync inside of it may have made work all the same. */
async function finishLate(parts: SyncParts, task: Task, succeeded: boolean): Promise<Outcome | undefined> {
  const runner = await runnerFor(task).catch((error: unknown) => giveUp(parts, task, error));
  if (!('release' in runner)) return runner;
  return finish(parts, { ...task, expected: leaveRows(task.expected, REPLACED) }, runner, succeeded);
}

const runnerFor = ({ database, settings, events }: Task): Promise<Runner> =>
  becomeRunner(
    database,
    { ...settings, waitTimeout: Math.min(settings.waitTimeout, settings.startupBudget) },
    events,
  );

async function finish(
  parts: SyncParts,
  task: Task,
  runner: Runner,
  succeeded: boolean,
): Promise<Outcome | undefined> {
  try {
    // A sync that failed leaves a half-made schema: what is missing then is not the guard's to judge.
    return succeeded ? await settle(parts, await carryOut(task, runner)) : undefined;
  } catch (error) {
    if (error instanceof FkGuardError && error.code === 'FINDINGS') throw error;
    return await giveUp(parts, task, error);
  } finally {
    await runner.release();
  }
}

/** A lock that could not be had or a missing privilege is said and not thrown: the application starts all the same. */
async function giveUp(parts: SyncParts, task: Task, error: unknown): Promise<Outcome> {
  parts.logger.warn(warningOf(error));
  return settle(parts, stopped(await look(task, 'rows').catch(() => undefined), 0));
}

async function settle({ settings, logger, remember }: SyncParts, outcome: Outcome): Promise<Outcome> {
  remember(outcome);
  narrateOutcome(outcome, logger);
  throwIfAsked(settings, outcome.remaining);
  return Promise.resolve(outcome);
}

function throwIfAsked({ onFindings }: Settings, findings: Outcome['remaining']): void {
  const broken = findings.filter(({ severity }) => severity === 'error');
  if (onFindings === 'throw' && broken.length > 0) throw findingsError(broken.map(({ message }) => message));
}

const look = (task: Task, depth: 'catalog' | 'rows'): Promise<Examination> =>
  withSession(task.database, (session) =>
    examine(session, task.database, task.expected, task.settings, depth),
  );

function warningOf(error: unknown): string {
  const { message, advice } = failureOf(error).error;
  return `fk-guard: ${message} ${advice}`;
}
