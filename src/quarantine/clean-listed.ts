import type { Lock } from '../changes/statement';
import {
  batchSizes,
  firstBatch,
  pauseAfter,
  pauseBetweenBatches,
  timed,
  type Timed,
} from '../execution/batches';
import type { progressOf } from '../execution/progress';
import { stepTransaction } from '../execution/step-transaction';
import type { Work } from '../execution/work';
import { runBatch, type BatchTask, type Cleaned, type CleanedBatch } from './batch';
import { BatchTooLarge } from './batch-stops';
import { NotCounted, rowsIn } from './limits';
import { listedRows } from './list';
import type { CleanChange, Task } from './task';

/** Rows that are gone for good, counted as batches commit. */
export interface CleanedRows {
  readonly deleted: number;
  readonly nullified: number;
  readonly reparented: number;
  readonly quarantined: number;
}

/** What the batches of one clean-up share. */
export interface Cleaner {
  readonly work: Work;
  readonly task: BatchTask;
  readonly numbers: Numbers;
  readonly progress: ReturnType<typeof progressOf>;
  readonly report: (rows: CleanedRows) => void;
}

/** Takes the listed rows, batch by batch; `before` is what earlier lists of the same clean-up have led to. */
export async function cleanListed(cleaner: Cleaner, listed: number, before: Cleaned): Promise<Cleaned> {
  const { work, task, progress, report } = cleaner;
  const nextBatch = batchSizes(work.settings);
  let size = firstBatch(work.settings);
  let cleaned = before;
  for (let from = 1; from <= listed;) {
    await work.pace.next(work.step.title);
    const { done, rows, waitedMs, tookMs } = await oneBatch(
      cleaner,
      from,
      Math.min(size, work.pace.rowsLeft, listed - from + 1),
    );
    task.budget.spend(done.taken);
    work.pace.spend(rowsIn(done.taken));
    cleaned = { rows: cleaned.rows + done.rows, quarantined: cleaned.quarantined + done.quarantined };
    from += rows;
    const pauseMs = pauseAfter(done.awaited);
    report(inWords(task.change, cleaned));
    progress({
      rowsDone: cleaned.rows,
      rowsTotal: before.rows + listed,
      listed: rows,
      left: listed - from + 1,
      waitedMs,
      tookMs,
      pauseMs,
    });
    size = nextBatch(rows, tookMs);
    await pauseBetweenBatches(pauseMs);
  }
  return cleaned;
}

/** Room for so many times the rows that a cascade has taken is counted at once: a batch waits for that only now and then. */
const AHEAD = 10;

/**
 * Nobody knows before how far a cascade goes: smaller and smaller until what goes with the rows has room in the run, and
 * once more when its tables are counted far enough.
 */
async function oneBatch(
  cleaner: Cleaner,
  from: number,
  rows: number,
): Promise<Timed<CleanedBatch> & { readonly rows: number }> {
  const { work, task, numbers } = cleaner;
  const listed = listedRows(work.ledger.schema, from, from + rows - 1);
  const most = work.pace.rowsLeft;
  try {
    const batch = await timed((locked) =>
      stepTransaction(work, locksOf(task), () =>
        runBatch(work, task, { number: numbers.next().value, listed, most, locked }),
      ),
    );
    return { ...batch, rows };
  } catch (error) {
    if (error instanceof NotCounted) {
      await task.budget.measure(error.batch, AHEAD);
      return oneBatch(cleaner, from, rows);
    }
    if (!(error instanceof BatchTooLarge)) throw error;
    if (rows === 1) work.pace.assertFits(error.rows, work.step.title);
    return oneBatch(cleaner, from, Math.max(1, Math.floor(rows / 2)));
  }
}

const inWords = ({ strategy }: CleanChange, { rows, quarantined }: Cleaned): CleanedRows => ({
  deleted: strategy === 'delete' ? rows : 0,
  nullified: strategy === 'nullify' ? rows : 0,
  reparented: strategy === 'reparent' ? rows : 0,
  quarantined,
});

/** It is short, so that writers of the parent do not wait long. */
const locksOf = ({ change, tables }: Task): readonly Lock[] => [
  { table: change.orphans.parent, mode: 'SHARE' },
  ...tables.map(({ name }) => ({ table: name, mode: 'ROW EXCLUSIVE' }) as const),
];

type Numbers = Generator<number, never>;

/** 1, 2, 3 …: every try of a batch has a number of its own. */
export function* batchNumbers(): Numbers {
  for (let number = 1; ; number++) yield number;
}
