import { setTimeout as sleep } from 'node:timers/promises';
import { castOrNull } from '../changes/cast-statement';
import type { Change } from '../changes/change';
import { transaction } from '../db';
import { writing } from '../execution/session-settings';
import { stepTransaction } from '../execution/step-transaction';
import { assertTimeLeft, type Work } from '../execution/work';
import { dropList, listedRows, listRows } from '../quarantine/list';
import { isOneOf } from '../quarantine/taken';
import { identifier, qualified, sql } from '../sql';
import { oldValue, row } from './converted';

type Fill = Extract<Change, { readonly op: 'fill-shadow-column' }>;

const BATCH_TARGET_MS = 50;
const FIRST_BATCH = 500;
const LARGEST_BATCH = 10_000;
const PAUSE_MS = 5;

/** Fills the rows that the trigger has not seen, in short transactions. What they have is not lost: nothing is copied. */
export async function fillShadow(work: Work, change: Fill, record: () => Promise<void>): Promise<number> {
  const { session, settings, ledger } = work;
  const { conversion, shadow } = change;
  const target = sql`${row}.${identifier(shadow.column)}`;
  const wanted = castOrNull(oldValue(conversion), conversion.cast);
  const behind = sql`${target} is distinct from ${wanted}`;
  const on = sql`${qualified(conversion.table)} as ${row}`;
  const locks = [{ table: conversion.table, mode: 'ROW EXCLUSIVE' }] as const;
  const listed = await stepTransaction(work, locks, () => listRows(session, ledger.schema, on, row, behind));
  const fill = async (from: number, to: number): Promise<void> => {
    const isListed = isOneOf(row, listedRows(ledger.schema, from, to));
    await session.query(
      sql`update ${on} set ${identifier(shadow.column)} = ${wanted} where ${isListed} and ${behind}`,
    );
  };
  await inBatches(work, listed, (from, to) => stepTransaction(work, locks, () => fill(from, to)));
  await stepTransaction(work, locks, () => session.query(dropList(ledger.schema)));
  await transaction(session, 'read write', [writing(settings)], record);
  return 0;
}

/** Batches of about 50 ms with a pause between them, so that writers of the same rows do not wait long. */
async function inBatches(
  work: Work,
  listed: number,
  run: (from: number, to: number) => Promise<void>,
): Promise<void> {
  const { settings, events, step } = work;
  let size = settings.batchSize === 'auto' ? FIRST_BATCH : settings.batchSize;
  for (let from = 1; from <= listed;) {
    work.runner.assertHeld();
    assertTimeLeft(work);
    const started = performance.now();
    await run(from, from + size - 1);
    from += size;
    events.emit('batch', { step: step.id, rowsDone: Math.min(from - 1, listed), rowsTotal: listed });
    const factor = Math.min(2, BATCH_TARGET_MS / Math.max(1, performance.now() - started));
    if (settings.batchSize === 'auto')
      size = Math.max(10, Math.min(LARGEST_BATCH, Math.round(size * factor)));
    await sleep(PAUSE_MS);
  }
}
