import { setTimeout as sleep } from 'node:timers/promises';
import { FkGuardError, wireError } from '../errors';
import type { Events } from '../events';

/** lock_not_available, deadlock_detected, serialization_failure: the only errors that another try can mend. */
const RETRYABLE = ['55P03', '40P01', '40001'];

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;

/** How long to go on, and whom to tell. */
export interface RetryOptions {
  /** Milliseconds for all tries and pauses together. */
  readonly budget: number;
  /** What is being tried, for messages. */
  readonly what: string;
  readonly events: Events;
  /** Sessions that hold what we wait for; asked only when giving up. */
  readonly blockers: () => Promise<string>;
  /** Aborts the pauses when the run is lost. */
  readonly signal: AbortSignal;
}

/** Tries again with growing, jittered pauses while locks are taken; throws `LOCK_TIMEOUT` that names who holds them. */
export async function retryLocks<T>(attempt: () => Promise<T>, options: RetryOptions): Promise<T> {
  const started = performance.now();
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      const { code } = wireError(error);
      if (code === undefined || !RETRYABLE.includes(code)) throw error;
      const waitMs = pause(tries);
      if (performance.now() - started + waitMs > options.budget) throw await gaveUp(options, tries, error);
      options.events.emit('retry', { what: options.what, attempt: tries, waitMs, code });
      await sleep(waitMs, undefined, { signal: options.signal });
    }
  }
}

/** Jitter keeps two guards, or a guard and a busy writer, from meeting at the same instant again and again. */
const pause = (tries: number): number =>
  Math.round(Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (tries - 1)) * (0.5 + Math.random()));

async function gaveUp(
  { what, budget, blockers }: RetryOptions,
  tries: number,
  cause: unknown,
): Promise<FkGuardError> {
  const names = await blockers().catch(() => '');
  return new FkGuardError(
    'LOCK_TIMEOUT',
    `${what}: no lock within ${budget} ms and ${tries} tries${names ? `; held by ${names}` : ''}.`,
    'End the transactions that hold the tables, or raise lockBudget, and run again; what is done stays done.',
    cause,
  );
}
