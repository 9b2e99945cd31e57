import { setTimeout as sleep } from 'node:timers/promises';
import type { Settings } from '../options';

const TARGET_MS = 50;
/** Nobody knows yet what a row takes: below it a cascade may read a whole table, while writers of the parent wait. */
const FIRST_BATCH = 20;
const LARGEST_BATCH = 10_000;
const MOST_GROWTH = 4;
const PAUSE_MS = 5;

type BatchSize = Pick<Settings, 'batchSize'>;

/** Rows of the next batch, after one of `rows` that took `ms`. */
export type NextBatch = (rows: number, ms: number) => number;

/** Rows of the first batch. */
export const firstBatch = ({ batchSize }: BatchSize): number =>
  batchSize === 'auto' ? FIRST_BATCH : batchSize;

/**
 * As many rows as take 50 ms, at most four times as many as before. What a batch takes however few its rows are does not
 * count, such as the way to a server far off: smaller batches would be no shorter, only more of them.
 */
export function batchSizes({ batchSize }: BatchSize): NextBatch {
  if (batchSize !== 'auto') return () => batchSize;
  const withoutRows = timeWithoutRows();
  return (rows, ms) => {
    const growth = Math.min(MOST_GROWTH, TARGET_MS / Math.max(1, ms - withoutRows(rows, ms)));
    return Math.max(1, Math.min(LARGEST_BATCH, Math.round(rows * growth)));
  };
}

/** How fast batches are forgotten, and how many of the last ones took at least as long as a batch without rows. */
const MEMORY = 0.9;
const WITNESSES = 8;
/** Batches that are all of one size say nothing: the share of the mean that sizes have to differ by. */
const LEAST_SPREAD = 0.1;

/** Estimates what a batch would take without rows, by the line through the batches so far (least squares). */
function timeWithoutRows(): (rows: number, ms: number) => number {
  let sums = { count: 0, rows: 0, ms: 0, rows2: 0, rowsMs: 0 };
  let last: readonly number[] = [];
  let estimate = 0;
  return (rows, ms) => {
    last = [...last.slice(1 - WITNESSES), ms];
    sums = {
      count: sums.count * MEMORY + 1,
      rows: sums.rows * MEMORY + rows,
      ms: sums.ms * MEMORY + ms,
      rows2: sums.rows2 * MEMORY + rows * rows,
      rowsMs: sums.rowsMs * MEMORY + rows * ms,
    };
    const mean = { rows: sums.rows / sums.count, ms: sums.ms / sums.count };
    const spread = sums.rows2 / sums.count - mean.rows ** 2;
    if (spread > (LEAST_SPREAD * mean.rows) ** 2) {
      const perRow = (sums.rowsMs / sums.count - mean.rows * mean.ms) / spread;
      estimate = mean.ms - perRow * mean.rows;
    }
    return Math.min(Math.max(0, estimate), ...last);
  };
}

/** Milliseconds after a batch in which those who have waited for a lock get theirs; none where nobody has waited. */
export const pauseAfter = (awaited: boolean): number => (awaited ? PAUSE_MS : 0);

/** Waits so long; no lock is held. */
export const pauseBetweenBatches = (ms: number): Promise<void> | undefined =>
  ms > 0 ? sleep(ms) : undefined;

/** What a batch did, how long it waited for its locks, all tries together, and how long it took under them. */
export interface Timed<T> {
  readonly done: T;
  readonly waitedMs: number;
  readonly tookMs: number;
}

/** `run` says when it has its locks: what it has waited for before says nothing about the rows. */
export async function timed<T>(run: (locked: () => void) => Promise<T>): Promise<Timed<T>> {
  const started = performance.now();
  let lockedAt = started;
  const done = await run(() => void (lockedAt = performance.now()));
  return { done, waitedMs: lockedAt - started, tookMs: performance.now() - lockedAt };
}
