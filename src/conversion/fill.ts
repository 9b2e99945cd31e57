import { castOrNull } from '../changes/cast-statement';
import type { Change } from '../changes/change';
import { text } from '../catalog/row';
import type { Session } from '../db';
import { FkGuardError } from '../errors';
import {
  batchSizes,
  firstBatch,
  pauseAfter,
  pauseBetweenBatches,
  timed,
  type Timed,
} from '../execution/batches';
import { progressOf } from '../execution/progress';
import { setLocal, writing } from '../execution/session-settings';
import { asOnlyWriter } from '../execution/step-lock';
import { stepTransaction } from '../execution/step-transaction';
import type { Work } from '../execution/work';
import { tableId } from '../names';
import { dropList, listedRows, listRows, listWhile } from '../quarantine/list';
import { places, standsAt } from '../quarantine/taken';
import { identifier, qualified, sql } from '../sql';
import { oldValue, row } from './converted';

type Fill = Extract<Change, { readonly op: 'fill-shadow-column' }>;

/** Fills the rows that the trigger has not seen, in short transactions. What they have is not lost: nothing is copied. */
export async function fillShadow(work: Work, change: Fill, record: () => Promise<void>): Promise<number> {
  const { session, settings, ledger, runner } = work;
  const { conversion, shadow } = change;
  const target = sql`${row}.${identifier(shadow.column)}`;
  const wanted = castOrNull(oldValue(conversion), conversion.cast);
  const behind = sql`${target} is distinct from ${wanted}`;
  const on = sql`${qualified(conversion.table)} as ${row}`;
  const locks = [{ table: conversion.table, mode: 'ROW EXCLUSIVE' }] as const;
  const listed = await stepTransaction(work, locks, () => listRows(session, ledger.schema, on, row, behind));
  const fill = async (from: number, to: number, locked: () => void): Promise<void> => {
    await assertNoTriggers(session, change);
    locked();
    const listed = places(listedRows(ledger.schema, from, to));
    await session.query(
      sql`update ${on} set ${identifier(shadow.column)} = ${wanted} from ${listed} where ${standsAt(row)} and ${behind}`,
    );
  };
  const drop = () => stepTransaction(work, locks, () => session.query(dropList(ledger.schema)));
  await listWhile(drop, () =>
    inBatches(work, listed, (from, to) =>
      timed((locked) => stepTransaction(work, locks, () => fill(from, to, locked))),
    ),
  );
  await analyzed(work, change);
  await asOnlyWriter(session, runner, [writing(settings)], record);
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
  run: (from: number, to: number) => Promise<Timed<void>>,
): Promise<void> {
  const { settings, step, pace } = work;
  const progress = progressOf(work.events, step.id);
  const nextBatch = batchSizes(settings);
  const pauseMs = pauseAfter(true);
  let size = firstBatch(settings);
  for (let from = 1; from <= listed;) {
    await pace.next(step.title);
    const rows = Math.min(size, pace.rowsLeft, listed - from + 1);
    const { waitedMs, tookMs } = await run(from, from + rows - 1);
    pace.spend(rows);
    from += rows;
    progress({
      rowsDone: from - 1,
      rowsTotal: listed,
      listed: rows,
      left: listed - from + 1,
      waitedMs,
      tookMs,
      pauseMs,
    });
    size = nextBatch(rows, tookMs);
    await pauseBetweenBatches(pauseMs);
  }
}
