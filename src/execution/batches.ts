import { setTimeout as sleep } from 'node:timers/promises';
import type { Settings } from '../options';

const TARGET_MS = 50;
/** Nobody knows yet what a row takes: below it a cascade may read a whole table, while writers of the parent wait. */
const FIRST_BATCH = 20;
const LARGEST_BATCH = 10_000;
const PAUSE_MS = 5;

type BatchSize = Pick<Settings, 'batchSize'>;

/** Rows of the first batch. */
export const firstBatch = ({ batchSize }: BatchSize): number =>
  batchSize === 'auto' ? FIRST_BATCH : batchSize;

/** Rows of the batch after one that took `ms` for `rows`: as many as take 50 ms, at most twice as many. */
export const nextBatch = (rows: number, ms: number, { batchSize }: BatchSize): number =>
  batchSize === 'auto'
    ? Math.max(1, Math.min(LARGEST_BATCH, Math.round(rows * Math.min(2, TARGET_MS / Math.max(1, ms)))))
    : batchSize;

/** Between two batches those who have waited for a lock get theirs. */
export const pauseBetweenBatches = (): Promise<void> => sleep(PAUSE_MS);

/** To be called inside of a transaction: what it has waited for before says nothing about the rows. */
export async function timed<T>(run: () => Promise<T>): Promise<{ readonly done: T; readonly ms: number }> {
  const started = performance.now();
  const done = await run();
  return { done, ms: performance.now() - started };
}
