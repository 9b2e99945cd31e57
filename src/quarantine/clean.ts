import type { Change } from '../changes/change';
import { FkGuardError } from '../errors';
import { firstBatch, nextBatch, pauseBetweenBatches, timed } from '../execution/batches';
import { stepTransaction } from '../execution/step-transaction';
import { assertTimeLeft } from '../execution/time-left';
import type { Work } from '../execution/work';
import { tableId } from '../names';
import { runBatch, type BatchTask, type Cleaned } from './batch';
import { assertIndexesAgree } from './index-agrees';
import { openBudget } from './limits';
import { dropList, listedRows, listOrphans } from './list';
import { prepareTask, type CleanChange } from './task';

/** Rounds that may find nothing to take: the application has written each listed row anew, or given it a parent. */
const MOST_IDLE_ROUNDS = 5;

/** Rows that are gone for good, counted as batches commit. */
export interface CleanedRows {
  readonly deleted: number;
  readonly nullified: number;
  readonly reparented: number;
  readonly quarantined: number;
}

/** True for the changes that this file carries out. */
export const isCleaning = (change: Change): change is CleanChange => 'orphans' in change;

/**
 * Removes or nullifies the orphans of one relation, batch by batch, each batch a transaction with its own copies.
 * `report` hears the sums after every commit.
 */
export async function cleanOrphans(
  work: Work,
  change: CleanChange,
  report: (rows: CleanedRows) => void,
): Promise<void> {
  const { session, settings, ledger } = work;
  const task = await prepareTask(work, change);
  const { orphans } = task.change;
  const names = task.tables.map(({ name }) => name);
  const budget = await withLocks(work, change, () =>
    openBudget(session, ledger.schema, ledger.runId, names, settings.limits),
  );
  const list = () => withLocks(work, change, () => listOrphans(session, ledger.schema, orphans));
  const batches = numbers();
  let cleaned: Cleaned = { rows: 0, quarantined: 0 };
  let idle = 0;
  // A row that a writer has moved since it was listed is found by the next list.
  for (let listed = await list(); listed > 0; listed = await list()) {
    if (idle > MOST_IDLE_ROUNDS) throw veto(change);
    const before = cleaned.rows;
    cleaned = await cleanListed(work, { ...task, budget }, batches, listed, cleaned, report);
    idle = cleaned.rows === before ? idle + 1 : 0;
  }
  if (cleaned.rows < change.rows) await withLocks(work, change, () => assertIndexesAgree(session, orphans));
  await withLocks(work, change, () => session.query(dropList(ledger.schema)));
}

async function cleanListed(
  work: Work,
  task: BatchTask,
  batches: Numbers,
  listed: number,
  before: Cleaned,
  report: (rows: CleanedRows) => void,
): Promise<Cleaned> {
  const { settings, ledger, events, step } = work;
  let size = firstBatch(settings);
  let cleaned = before;
  for (let from = 1; from <= listed;) {
    work.runner.assertHeld();
    assertTimeLeft(work.deadline, work.step.title);
    const rows = listedRows(ledger.schema, from, from + size - 1);
    const { done, ms } = await withLocks(work, task.change, () =>
      timed(() => runBatch(work, task, batches.next().value, rows)),
    );
    task.budget.spend(done.taken);
    cleaned = { rows: cleaned.rows + done.rows, quarantined: cleaned.quarantined + done.quarantined };
    from += size;
    const { strategy } = task.change;
    report({
      deleted: strategy === 'delete' ? cleaned.rows : 0,
      nullified: strategy === 'nullify' ? cleaned.rows : 0,
      reparented: strategy === 'reparent' ? cleaned.rows : 0,
      quarantined: cleaned.quarantined,
    });
    events.emit('batch', { step: step.id, rowsDone: cleaned.rows, rowsTotal: before.rows + listed });
    size = nextBatch(size, ms, settings);
    await pauseBetweenBatches();
  }
  return cleaned;
}

/** It is short, so that writers of the parent do not wait long. */
const withLocks = <T>(work: Work, { orphans }: CleanChange, run: () => Promise<T>): Promise<T> =>
  stepTransaction(
    work,
    [
      { table: orphans.parent, mode: 'SHARE' },
      { table: orphans.child, mode: 'ROW EXCLUSIVE' },
    ],
    run,
  );

type Numbers = Generator<number, never>;

/** 1, 2, 3 …: every try of a batch has a number of its own. */
function* numbers(): Numbers {
  for (let number = 1; ; number++) yield number;
}

const veto = ({ orphans }: CleanChange): FkGuardError =>
  new FkGuardError(
    'TRIGGER_VETO',
    `The orphans of ${tableId(orphans.child)} are still there after a round of deleting.`,
    'Look for a trigger or rule that keeps the rows.',
  );
