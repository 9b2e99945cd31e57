import type { Events } from '../events';

/** What one batch adds to the progress of its step. */
export interface BatchDone {
  /** Rows that the step has removed or changed so far. */
  readonly rowsDone: number;
  readonly rowsTotal: number;
  /** Entries of the step's own list that are done with by this batch, and those that are left. */
  readonly listed: number;
  readonly left: number;
  /** Milliseconds that it waited for its locks, and that it took under them. */
  readonly waitedMs: number;
  readonly tookMs: number;
  /** How long it lets others go first. */
  readonly pauseMs?: number;
}

/**
 * Tells the progress of a step after each batch. The rate is that of its own list, by the time that the rows took: what
 * was waited for, for a lock or for a sentinel, says nothing about those that are left.
 */
export function progressOf(events: Events, step: string): (batch: BatchDone) => void {
  let listed = 0;
  let tookMs = 0;
  return (batch) => {
    listed += batch.listed;
    tookMs += batch.tookMs + (batch.pauseMs ?? 0);
    const perMs = listed / Math.max(1, tookMs);
    events.emit('batch', {
      step,
      rowsDone: batch.rowsDone,
      rowsTotal: batch.rowsTotal,
      rowsLeft: batch.left,
      rowsPerSecond: Math.round(perMs * 1000),
      msLeft: Math.round(batch.left / perMs),
      lockWaitMs: Math.round(batch.waitedMs),
    });
  };
}
