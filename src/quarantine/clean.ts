import { setTimeout as sleep } from 'node:timers/promises';
import type { Change } from '../changes/change';
import { transaction } from '../db';
import { FkGuardError } from '../errors';
import { describeBlockers } from '../execution/blockers';
import { retryLocks } from '../execution/retry';
import { exactTextForms, writing } from '../execution/session-settings';
import { assertTimeLeft, type Work } from '../execution/work';
import { tableId } from '../names';
import type { Sql } from '../sql';
import { runBatch, type BatchTask, type Cleaned } from './batch';
import { openBudget } from './limits';
import { dropList, listedRows, listOrphans } from './list';
import { prepareTask, type CleanChange } from './task';

const BATCH_TARGET_MS = 50;
const FIRST_BATCH = 500;
const LARGEST_BATCH = 10_000;
const PAUSE_MS = 5;

/** Rows that are gone for good, counted as batches commit. */
export interface CleanedRows {
  readonly deleted: number;
  readonly nullified: number;
  readonly quarantined: number;
}

/** True for the changes that this file carries out. */
export const isCleaning = (change: Change): change is CleanChange => 'orphans' in change;

/**
 * Removes or nullifies the orphans of one relation, batch by batch, each batch a transaction with its own copies.
 * `report` hears the sums after every commit.
 */
export async function cleanOrphans(work: Work, change: CleanChange, report: (rows: CleanedRows) => void): Promise<void> {
  const { session, settings, ledger } = work;
  const task = await prepareTask(work, change);
  const budget = await openBudget(session, ledger.schema, ledger.runId, task.tables.map(({ name }) => name), settings.limits);
  const batches = numbers();
  let cleaned: Cleaned = { rows: 0, quarantined: 0 };
  // A row that a writer has moved since it was listed is found by the next list; each round must get somewhere.
  for (let listed = await list(work, change); listed > 0; listed = await list(work, change)) {
    const before = cleaned.rows;
    cleaned = await cleanListed(work, { ...task, budget }, batches, listed, cleaned, report);
    if (cleaned.rows === before) throw veto(change);
  }
  await session.query(dropList(ledger.schema));
}

const list = ({ session, settings, ledger }: Work, { orphans }: CleanChange): Promise<number> =>
  transaction(session, 'read write', [writing(settings)], () => listOrphans(session, ledger.schema, orphans));

async function cleanListed(work: Work, task: BatchTask, batches: Numbers, listed: number, before: Cleaned, report: (rows: CleanedRows) => void): Promise<Cleaned> {
  const { settings, ledger, events, step } = work;
  let size = settings.batchSize === 'auto' ? FIRST_BATCH : settings.batchSize;
  let cleaned = before;
  for (let from = 1; from <= listed; ) {
    work.runner.assertHeld();
    assertTimeLeft(work);
    const rows = listedRows(ledger.schema, from, from + size - 1);
    const { done, ms } = await timed(() => inTransaction(work, task, batches, rows));
    cleaned = { rows: cleaned.rows + done.rows, quarantined: cleaned.quarantined + done.quarantined };
    from += size;
    report({ deleted: task.change.strategy === 'delete' ? cleaned.rows : 0, nullified: task.change.strategy === 'nullify' ? cleaned.rows : 0, quarantined: cleaned.quarantined });
    events.emit('batch', { step: step.id, rowsDone: cleaned.rows, rowsTotal: before.rows + listed });
    if (settings.batchSize === 'auto') size = Math.max(10, Math.min(LARGEST_BATCH, Math.round(size * Math.min(2, BATCH_TARGET_MS / Math.max(1, ms)))));
    await sleep(PAUSE_MS);
  }
  return cleaned;
}

/** The parent stays locked for the time of one batch only, so that its writers wait no longer than that. */
function inTransaction(work: Work, task: BatchTask, batches: Numbers, rows: Sql): Promise<Cleaned> {
  const { session, settings, events, step, runner } = work;
  const attempt = () => transaction(session, 'read write', [writing(settings), exactTextForms], () => runBatch(work, task, batches.next().value, rows));
  const blockers = () => describeBlockers(session, [{ table: task.change.orphans.parent, mode: 'SHARE' }, { table: task.change.orphans.child, mode: 'ROW EXCLUSIVE' }]);
  return retryLocks(attempt, { budget: settings.lockBudget, what: step.title, events, blockers, signal: runner.signal });
}

async function timed<T>(run: () => Promise<T>): Promise<{ readonly done: T; readonly ms: number }> {
  const started = performance.now();
  const done = await run();
  return { done, ms: performance.now() - started };
}

type Numbers = Generator<number, never>;

/** 1, 2, 3 …: every try of a batch has a number of its own. */
function* numbers(): Numbers {
  for (let number = 1; ; number++) yield number;
}

const veto = ({ orphans }: CleanChange): FkGuardError =>
  new FkGuardError('TRIGGER_VETO', `The orphans of ${tableId(orphans.child)} are still there after a round of deleting.`, 'Look for a trigger or rule that keeps the rows.');
