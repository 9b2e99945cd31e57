import { count } from '../catalog/row';
import { castOrNull, changesForm } from '../changes/cast-statement';
import type { Change } from '../changes/change';
import { statementsOf } from '../changes/statement';
import { counted } from '../counted';
import { FkGuardError } from '../errors';
import { setLocal } from '../execution/session-settings';
import { stepTransaction } from '../execution/step-transaction';
import type { Work } from '../execution/work';
import { tableId } from '../names';
import { identifier, qualified, sql } from '../sql';
import { copyChanged, notCastable, oldValue, row } from './converted';
import { assertFollowed } from './unchanged';

type Swap = Extract<Change, { readonly op: 'swap-shadow-column' }>;

/**
 * Puts the shadow in the column's place, in one short transaction: an index leads to the rows whose value changes its
 * form, so that no other row has to be looked at under the lock. Returns the number of copies.
 */
export async function swapShadow(work: Work, change: Swap, record: () => Promise<void>): Promise<number> {
  const { session, settings } = work;
  const { conversion, shadow } = change;
  const now = sql`${row}.${identifier(shadow.column)}`;
  const [lock, ...rest] = statementsOf(change);
  return stepTransaction(work, lock?.locks ?? [], async () => {
    if (lock) await session.query(lock.sql);
    await assertFollowed(session, change);
    // The planner cannot know how few rows the index holds, and would read the whole table.
    await session.query(setLocal({ enable_seqscan: 'off' }));
    await assertInStep(work, change);
    const copied = settings.quarantine.keepRows
      ? await copyChanged(work, conversion, now, [shadow.column])
      : 0;
    work.pace.assertFits(copied, work.step.title);
    for (const statement of rest) await session.query(statement.sql);
    await record();
    return copied;
  });
}

/** A writer whose session fires no triggers (session_replication_role) has left the shadow behind. */
async function assertInStep({ session }: Work, { conversion, shadow }: Swap): Promise<void> {
  const { table, cast } = conversion;
  const [old, now] = [oldValue(conversion), sql`${row}.${identifier(shadow.column)}`];
  const [found] = await session.query(
    sql`select pg_catalog.count(*) filter (where ${old} is not null and ${castOrNull(old, cast)} is null) as lost,
               pg_catalog.count(*) filter (where ${now} is distinct from ${castOrNull(old, cast)}) as stale
          from ${qualified(table)} as ${row} where ${changesForm(old, now, cast)}`,
  );
  if (count(found, 'lost') > 0) throw notCastable(conversion, count(found, 'lost'));
  const stale = count(found, 'stale');
  if (stale > 0)
    throw new FkGuardError(
      'PLAN_STALE',
      `${counted(stale, 'row')} of ${tableId(table)} ${stale === 1 ? 'was' : 'were'} written without the trigger that keeps ${shadow.column} in step.`,
      'Run again; nothing was swapped.',
    );
}
