import { sql } from '../../sql';
import { markRestored, type Copy } from './copies';
import { giveBackRows } from './give-back';
import { insertRows, type Alike } from './insert';
import { findParents } from './missing-parents';
import { misfit } from './misfit';
import { isReason, reasonOf, type Reason } from './reason';
import { roundedAway } from './rounded-away';
import type { FindTarget } from './target';
import type { RestoreTask } from './task';

/** What trying rows needs. */
export interface Trying extends RestoreTask {
  readonly findTarget: FindTarget;
}

/** A row that could not be put back; without its values, of which there may be many. */
export interface Failed extends Pick<Copy, 'id' | 'action' | 'table' | 'sourceOid' | 'changed'> {
  readonly reason: Reason;
}

/**
 * Puts rows that are alike back, all in one statement; where that is refused, those that can, by halves. Returns those
 * that cannot. Rows whose parents are missing are found by one question and not one by one.
 */
export async function tryRows(work: Trying, alike: Alike): Promise<readonly Failed[]> {
  const { target, copies } = alike;
  const reason = await underSavepoint(work, alike);
  const [first] = copies;
  if (!reason || !first) return [];
  if (copies.length === 1) {
    const column = reason.code?.startsWith('22') ? await misfit(work.session, target, first) : undefined;
    return [failedOf(first, column ?? reason)];
  }
  const lacking = reason.code === '23503' ? await lackingParents(work, alike) : new Map<string, Reason>();
  const lost = copies.flatMap((copy) => {
    const why = lacking.get(copy.id);
    return why ? [failedOf(copy, why)] : [];
  });
  const rest = copies.filter(({ id }) => !lacking.has(id));
  if (lost.length > 0)
    return [...lost, ...(rest.length > 0 ? await tryRows(work, { target, copies: rest }) : [])];
  const half = Math.ceil(copies.length / 2);
  return [
    ...(await tryRows(work, { target, copies: copies.slice(0, half) })),
    ...(await tryRows(work, { target, copies: copies.slice(half) })),
  ];
}

/** Without the values of the row. */
export const failedOf = (
  { id, action, table, sourceOid, changed }: Omit<Failed, 'reason'>,
  reason: Reason,
): Failed => ({
  id,
  action,
  table,
  sourceOid,
  changed,
  reason,
});

const underSavepoint = (work: Trying, alike: Alike): Promise<Reason | undefined> =>
  orReason(work, async () => {
    const [first] = alike.copies;
    const giveBack = first?.action === 'change' ? giveBackRows : insertRows;
    const reason = (await roundedAway(work.session, alike)) ?? (await giveBack(work, alike));
    if (!reason)
      await markRestored(
        work,
        alike.copies.map(({ id }) => id),
      );
    return reason;
  });

/** The reason why nothing was done, by what `run` says or by what the server says. */
export async function orReason(
  { session }: Pick<RestoreTask, 'session'>,
  run: () => Promise<Reason | undefined>,
): Promise<Reason | undefined> {
  await session.query(sql`savepoint fk_guard_row`);
  try {
    const reason = await run();
    if (reason) await session.query(sql`rollback to savepoint fk_guard_row`);
    await session.query(sql`release savepoint fk_guard_row`);
    return reason;
  } catch (error) {
    if (!isReason(error)) throw error;
    await session.query(sql`rollback to savepoint fk_guard_row; release savepoint fk_guard_row`);
    return reasonOf(error);
  }
}

/** None where the question itself fails: then each row is tried. */
async function lackingParents(work: Trying, alike: Alike): Promise<ReadonlyMap<string, Reason>> {
  let lacking: ReadonlyMap<string, Reason> = new Map();
  await orReason(work, async () => {
    ({ lacking } = await findParents(work, [alike]));
    return undefined;
  });
  return lacking;
}
