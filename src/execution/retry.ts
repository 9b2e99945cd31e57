import { setTimeout as sleep } from 'node:timers/promises';
import { FkGuardError, wireError } from '../errors';
import type { Events } from '../events';
import { TableOccupied } from './queue';
import type { Runner } from './runner';

/** lock_not_available, deadlock_detected, serialization_failure: the only errors that another try can mend. */
const RETRYABLE = ['55P03', '40P01', '40001'];

const FIRST_PAUSE_MS = 50;
/** To try makes others wait for the length of a try; to look makes nobody wait. */
const LONGEST_PAUSE_MS = { tried: 2_000, looked: 250 } as const;

/** How long to go on, and whom to tell. */
export interface RetryOptions {
  /** Milliseconds for all tries and pauses together. */
  readonly budget: number;
  /** What is being tried, for messages. */
  readonly what: string;
  readonly events: Events;
  /** Sessions that hold what we wait for. */
  readonly blockers: () => Promise<string>;
  /** Nothing is tried any more, nor waited for, when its lock is lost. */
  readonly runner: Pick<Runner, 'assertHeld' | 'signal'>;
}

/** Tries again with growing, jittered pauses while locks are taken; throws `LOCK_TIMEOUT` that names who holds them, and `RUNNER_LOST`. */
export async function retryLocks<T>(attempt: () => Promise<T>, options: RetryOptions): Promise<T> {
  const started = performance.now();
  for (let tries = 1; ; tries++) {
    options.runner.assertHeld();
    try {
      return await attempt();
    } catch (error) {
      const { code } = wireError(error);
      if (code === undefined || !RETRYABLE.includes(code)) throw error;
      const looked = error instanceof TableOccupied;
      const waitMs = pause(tries, LONGEST_PAUSE_MS[looked ? 'looked' : 'tried']);
      const blockers = looked ? error.blockers : await options.blockers().catch(() => '');
      const waitedMs = Math.round(performance.now() - started);
      if (waitedMs + waitMs > options.budget) throw gaveUp(options, blockers, tries, error);
      options.events.emit('retry', { what: options.what, attempt: tries, waitMs, code, waitedMs, blockers });
      // The wait ends early only when the lock is lost or all is cancelled, which is told next.
      await sleep(waitMs, undefined, { signal: options.runner.signal }).catch(() => undefined);
    }
  }
}

/** Jitter keeps two guards, or a guard and a busy writer, from meeting at the same instant again and again. */
const pause = (tries: number, longest: number): number =>
  Math.round(Math.min(longest, FIRST_PAUSE_MS * 2 ** (tries - 1)) * (0.5 + Math.random()));

const gaveUp = (
  { what, budget }: RetryOptions,
  blockers: string,
  tries: number,
  cause: unknown,
): FkGuardError =>
  new FkGuardError(
    'LOCK_TIMEOUT',
    `${what}: no lock within ${budget} ms and ${tries} tries${blockers ? `; held by ${blockers}` : ''}.`,
    'End the transactions that hold the tables, or raise lockBudget, and run again; what is done stays done.',
    cause,
  );
