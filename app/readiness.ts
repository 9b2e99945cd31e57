import { setTimeout as pause } from 'node:timers/promises';
import { failureOf } from './failure';

/** How far the app has come; `failed` means that only a person can help. */
export interface Readiness {
  readonly state: 'starting' | 'ready' | 'failed' | 'stopping';
  /** What stands in the way, for the log; it may name hosts. */
  readonly reason?: string;
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 15_000;

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
      const { code, reason } = failureOf(error);
      if (!isUnreachable(code)) return report({ state: 'failed', reason });
      report({ state: 'starting', reason });
      await pause(pauseBefore(attempt), undefined, { signal }).catch(() => undefined);
    }
  }
}

/** Doubles from 250 ms to 15 s; half of it is random, so that many processes do not come back together. */
function pauseBefore(attempt: number): number {
  const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt);
  return longest / 2 + (Math.random() * longest) / 2;
}

const NETWORK = [
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
];

/** SQLSTATE class 08, "too many connections" and "shutting down / starting up" (manual, appendix A). */
const NOT_NOW = /^(08...|53300|57P0[1-3])$/;

const isUnreachable = (code: string): boolean => NETWORK.includes(code) || NOT_NOW.test(code);
