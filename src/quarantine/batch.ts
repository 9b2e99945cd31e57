import type { Work } from '../execution/work';
import { sql, type Sql } from '../sql';
import { assertUnmoved, lockForBatch } from './batch-locks';
import { BatchTooLarge } from './batch-stops';
import { recordTaken, rowsIn, type RowBudget, type TakenRows } from './limits';
import { isAlone, takeAlone } from './take-alone';
import { takeWithBelow } from './take-with-below';
import { ofBatch, type Batch, type TakenByBatch } from './taken';
import type { Task } from './task';

export type BatchTask = Task & { readonly budget: RowBudget };

/** Which rows a batch is for, and what it has to keep to. */
export interface BatchOrder {
  readonly number: number;
  readonly listed: Sql;
  /** Rows that the run may still take; a batch of more throws `BatchTooLarge`. */
  readonly most: number;
  /** Called when it has its locks. */
  readonly locked: () => void;
}

/** What a batch, or a whole clean-up, has done. */
export interface Cleaned {
  readonly rows: number;
  /** Copies in the quarantine, cascades included. */
  readonly quarantined: number;
}

/** One batch, and how much of which table it has taken. */
export type CleanedBatch = Cleaned & TakenByBatch;

/**
 * One transaction: locks, copies, checks, and removes. Any check that fails throws, and the copies go with the
 * rollback: there is never a removed row without its copy, nor a copy of a row that stayed.
 */
export async function runBatch(
  { session, ledger, step, settings }: Work,
  task: BatchTask,
  { number, listed, most, locked }: BatchOrder,
): Promise<CleanedBatch> {
  const batch: Batch = { session, ledger: ledger.schema, runId: ledger.runId, step: step.id, number };
  const { keepRows } = settings.quarantine;
  await lockForBatch(batch, task);
  locked();
  await assertUnmoved(batch, task, { parents: settings.limits.fraction < 1 });
  const assertRoom = (taken: TakenRows): void => {
    task.budget.assertWithin(taken);
    if (rowsIn(taken) > most) throw new BatchTooLarge(rowsIn(taken));
  };
  const take = keepRows && isAlone(task) ? takeAlone : takeWithBelow;
  const { rows, taken, awaited } = await take(batch, task, { listed, assertRoom });
  if (keepRows || rows === 0) return { rows, quarantined: rowsIn(taken), taken, awaited };
  await recordTaken(session, batch, taken);
  await session.query(sql`delete from ${batch.ledger}.quarantine q where ${ofBatch(batch)}`);
  return { rows, quarantined: 0, taken, awaited };
}
