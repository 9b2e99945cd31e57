import { setTimeout as sleep } from 'node:timers/promises';
import type { Settings } from '../options';

const TARGET_MS = 50;
/** Nobody knows yet what a row takes: below it a cascade may read a whole table, while writers of the parent wait. */
const FIRST_BATCH = 20;
const LARGEST_BATCH = 10_000;
export const PAUSE_MS = 5;

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
