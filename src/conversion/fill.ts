import { setTimeout as sleep } from 'node:timers/promises';
import { castOrNull } from '../changes/cast-statement';
import type { Change } from '../changes/change';
import { text } from '../catalog/row';
import { transaction, type Session } from '../db';
import { FkGuardError } from '../errors';
import { setLocal, writing } from '../execution/session-settings';
import { stepTransaction } from '../execution/step-transaction';
import { assertTimeLeft, type Work } from '../execution/work';
import { tableId } from '../names';
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
    await assertNoTriggers(session, change);
    const isListed = isOneOf(row, listedRows(ledger.schema, from, to));
    await session.query(
      sql`update ${on} set ${identifier(shadow.column)} = ${wanted} where ${isListed} and ${behind}`,
    );
  };
  await inBatches(work, listed, (from, to) => stepTransaction(work, locks, () => fill(from, to)));
  await stepTransaction(work, locks, () => session.query(dropList(ledger.schema)));
  await analyzed(work, change);
  await transaction(session, 'read write', [writing(settings)], record);
  return 0;
}

/** Under the lock that keeps new triggers out: what one makes of a row would not be copied. */
async function assertNoTriggers(session: Session, { conversion, shadow }: Fill): Promise<void> {
  const { table } = conversion;
  await session.query(sql`lock table ${qualified(table)} in row exclusive mode`);
  const [found] = await session.query(
    sql`select t.tgname as name from pg_catalog.pg_trigger t
         where t.tgrelid = $1::pg_catalog.regclass and not t.tgisinternal and t.tgenabled in ('O', 'A')
           and t.tgtype & 16 <> 0 and t.tgname <> $2 limit 1`,
    [qualified(table), shadow.trigger],
  );
  if (found)
    throw new FkGuardError(
      'USER_TRIGGER',
      `The trigger ${text(found, 'name')} has come to ${tableId(table)} and would act on every row that is filled.`,
      'Take it away until the column is converted, or let the table be written anew: limits.rewriteRows.',
    );
}

/**
 * The new column gets its statistics before anybody can ask for it. The lock is in nobody's way but a vacuum's, which
 * gives way after a second (`deadlock_timeout`), so it may be waited for.
 */
const analyzed = (work: Work, { conversion: { table }, shadow }: Fill): Promise<unknown> =>
  stepTransaction(work, [{ table, mode: 'SHARE UPDATE EXCLUSIVE' }], async () => {
    await work.session.query(setLocal({ lock_timeout: `${work.settings.lockBudget}` }));
    await work.session.query(sql`analyze ${qualified(table)} (${identifier(shadow.column)})`);
  });

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
