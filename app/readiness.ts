import { setTimeout as pause } from 'node:timers/promises';
import { failureOf } from './failure';
import { isUnreachable } from './unreachable';

/** How far the app has come; `failed` means that only a person can help. */
export interface Readiness {
  readonly state: 'starting' | 'ready' | 'failed';
  /** It was told to end: what comes in is still answered, but nothing new should be sent here. */
  readonly stopping?: boolean;
  /** What stands in the way, for the log; it may name hosts. */
  readonly reason?: string;
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Does `work` until it succeeds, with growing pauses, as long as the database cannot be reached.
 *
 * Every other error ends it as `failed`. Never throws: an app without a database still answers health checks.
 */
export async function becomeReady(
  work: () => Promise<unknown>,
  report: (readiness: Readiness) => void,
  signal: AbortSignal,
): Promise<void> {
  for (let attempt = 0; !signal.aborted; attempt++) {
    try {
      await work();
      return report({ state: 'ready' });
    } catch (error) {
      const { reason } = failureOf(error);
      if (!isUnreachable(error)) return report({ state: 'failed', reason });
      report({ state: 'starting', reason });
      await pause(pauseBefore(attempt), undefined, { signal }).catch(() => undefined);
    }
  }
}

/** Doubles from 250 ms to 5 s; half of it is random, so that many processes do not come back together. */
function pauseBefore(attempt: number): number {
  const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt);
  return longest / 2 + (Math.random() * longest) / 2;
}
