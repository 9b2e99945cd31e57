import type { Change } from '../changes/change';
import { FkGuardError } from '../errors';
import { progressOf } from '../execution/progress';
import { stepTransaction } from '../execution/step-transaction';
import type { Work } from '../execution/work';
import { sameTable, tableId } from '../names';
import type { Cleaned } from './batch';
import { batchNumbers, cleanListed, type Cleaner } from './clean-listed';
import { assertIndexesAgree } from './index-agrees';
import { openBudget, type TakenRows } from './limits';
import { dropList, listOrphans, listWhile } from './list';
import { prepareTask, type CleanChange } from './task';

/** Rounds that may find nothing to take: the application has written each listed row anew, or given it a parent. */
const MOST_IDLE_ROUNDS = 5;

/** True for the changes that this file carries out. */
export const isCleaning = (change: Change): change is CleanChange => 'orphans' in change;

/**
 * Removes or nullifies the orphans of one relation, batch by batch, each batch a transaction with its own copies.
 * `report` hears the sums after every commit.
 */
export async function cleanOrphans(
  work: Work,
  change: CleanChange,
  report: Cleaner['report'],
): Promise<void> {
  const { session, ledger } = work;
  const task = await prepareTask(work, change);
  const { orphans } = task.change;
  const names = task.tables.map(({ name }) => name);
  const budget = await openBudget((run) => reading(work, change, run), work, names);
  const drop = () => reading(work, change, () => session.query(dropList(ledger.schema)));
  const list = () => reading(work, change, () => listOrphans(session, ledger.schema, orphans));
  const cleaner: Cleaner = {
    work,
    task: { ...task, budget },
    numbers: batchNumbers(),
    progress: progressOf(work.events, work.step.id),
    report,
  };
  await listWhile(drop, async () => {
    const cleaned = await cleanAll(cleaner, list);
    if (cleaned < change.rows) await reading(work, change, () => assertIndexesAgree(session, orphans));
  });
}

async function cleanAll(cleaner: Cleaner, list: () => Promise<number>): Promise<number> {
  let cleaned: Cleaned = { rows: 0, quarantined: 0 };
  let idle = 0;
  // A row that a writer has moved since it was listed is found by the next list.
  for (let listed = await list(); listed > 0; listed = await list()) {
    if (idle > MOST_IDLE_ROUNDS) throw veto(cleaner.task.change);
    // Before the first row goes: what a plan has counted may be a while ago.
    await cleaner.task.budget.measure(ofChild(cleaner.task.change, listed));
    const before = cleaned.rows;
    cleaned = await cleanListed(cleaner, listed, cleaned);
    idle = cleaned.rows === before ? idle + 1 : 0;
    if (cleaned.rows - before === listed && isProvedLater(cleaner)) break;
  }
  return cleaned.rows;
}

/**
 * No orphan has come since the list where a key has kept them away, and its validation reads all rows to prove just
 * that; it fails (23503) where a session that checks no keys has brought one all the same.
 */
const isProvedLater = ({ work, task }: Cleaner): boolean =>
  work.after.some(
    (change) =>
      change.op === 'validate-foreign-key' &&
      change.name === task.fence &&
      sameTable(change.table, task.change.orphans.child),
  );

const ofChild = ({ orphans }: CleanChange, rows: number): TakenRows =>
  new Map([[tableId(orphans.child), { rows, deleted: rows }]]);

/** What is only read waits for nobody but for those who keep readers away. */
const reading = <T>(work: Work, { orphans }: CleanChange, run: () => Promise<T>): Promise<T> =>
  stepTransaction(
    work,
    [orphans.parent, orphans.child].map((table) => ({ table, mode: 'ROW SHARE' })),
    run,
  );

const veto = ({ orphans }: CleanChange): FkGuardError =>
  new FkGuardError(
    'TRIGGER_VETO',
    `The orphans of ${tableId(orphans.child)} are still there after a round of deleting.`,
    'Look for a trigger or rule that keeps the rows.',
  );
