import type { GuardEvents } from '../events';
import { count, durationLabel } from '../report/layout';

/** `10,000 of 30,000 rows, 1,000 rows/s, about 20.0 s left`, and what it has waited for. */
export function batchText({
  rowsDone,
  rowsTotal,
  rowsPerSecond,
  msLeft,
  lockWaitMs,
}: GuardEvents['batch']): string {
  const left = msLeft > 0 ? `, about ${durationLabel(msLeft)} left` : '';
  const waited = lockWaitMs >= WORTH_TELLING_MS ? `; waited ${durationLabel(lockWaitMs)} for locks` : '';
  return `${rowsDone.toLocaleString('en-US')} of ${count(rowsTotal, 'row')}, ${count(rowsPerSecond, 'row')}/s${left}${waited}`;
}

/** An undisturbed batch waits for its locks no longer than a few round trips take. */
const WORTH_TELLING_MS = 100;

/** What is waited for, and who is in the way. */
export const retryText = ({ what, attempt, waitMs, code, blockers }: GuardEvents['retry']): string =>
  `${what}: no lock yet (${code}${blockers && `, held by ${blockers}`}), try ${attempt + 1} in ${durationLabel(waitMs)}`;

/** Why nothing goes on. */
export const pauseText = ({ why, waitedMs }: GuardEvents['pause']): string =>
  `paused, because ${why}${waitedMs > 0 ? ` (${durationLabel(waitedMs)})` : ''}`;

/** That it does. */
export const resumeText = ({ waitedMs }: GuardEvents['resume']): string =>
  `goes on after a pause of ${durationLabel(waitedMs)}`;
