import { FkGuardError, wireError } from '../errors';
import type { Settings } from '../options';

/** The settings that say how long something may take, in milliseconds; 0 is no limit for a statement. */
type Durations = Pick<Settings, 'statementTimeout' | 'lockBudget' | 'waitTimeout'>;

/**
 * The same settings for what has a deadline (`performance.now()`; Infinity outside of a start-up): nothing runs or waits
 * for longer than is left.
 */
export function within<T extends Durations>(settings: T, deadline: number): T {
  const left = millisecondsLeft(deadline);
  if (left === undefined) return settings;
  const { statementTimeout, lockBudget, waitTimeout } = settings;
  return {
    ...settings,
    statementTimeout: statementTimeout === 0 ? left : Math.min(statementTimeout, left),
    lockBudget: Math.min(lockBudget, left),
    waitTimeout: Math.min(waitTimeout, left),
  };
}

/** What a start-up may take beyond its time to see how things are in the end. */
const LAST_LOOK_MS = 1_000;

/** The same work with a moment for its last look. */
export const lastLook = <T extends { readonly deadline: number }>(work: T): T => ({
  ...work,
  deadline: Math.max(work.deadline, performance.now() + LAST_LOOK_MS),
});

/** Stops the clock, as while Sequelize syncs; the result starts it again. */
export function pause<T extends { readonly deadline: number }>(work: T): () => T {
  const left = work.deadline - performance.now();
  return () => ({ ...work, deadline: performance.now() + left });
}

/** At least one, because 0 would mean no limit; `undefined` where there is no deadline. */
const millisecondsLeft = (deadline: number): number | undefined =>
  Number.isFinite(deadline) ? Math.max(1, Math.ceil(deadline - performance.now())) : undefined;

/** Throws when the start-up's time is over; what is left goes on with the next run. */
export function assertTimeLeft(deadline: number, what: string): void {
  if (performance.now() > deadline) throw over(what);
}

/** What to say of an error: the server cancels a statement (57014) when the time that was left for it is over. */
export const inTimeOr = (error: unknown, deadline: number, what: string): unknown =>
  wireError(error).code === '57014' && performance.now() >= deadline ? over(what, error) : error;

const over = (what: string, cause?: unknown): FkGuardError =>
  new FkGuardError(
    'BUDGET',
    `${what}: the time for the start-up is over.`,
    'Run `fk-guard apply`, or raise startupBudget; what is done stays done.',
    cause,
  );
