import { parentExists } from '../catalog/parents';
import { flag, text } from '../catalog/row';
import { holdsRun } from '../execution/restrict-run';
import { tableId } from '../names';
import { join, qualified, sql } from '../sql';
import { emptyParent, moved, newParentGone, replaced, runGone } from './batch-stops';
import { fingerprint } from './delete-fingerprint';
import { isJudgedBy, judgedByQuery } from './judged-by';
import { isLaidOutAs, readLayout } from './layout';
import { assertSound, soundness } from './sound-session';
import type { Batch } from './taken';
import type { Task } from './task';

/**
 * The parent first, in SHARE mode: it waits out writers that have inserted a parent and not committed it yet, whose
 * children look orphaned until they do. Then every table that can lose rows, so that no key and no column can be
 * added to it between reading them and deleting.
 */
export async function lockForBatch({ session }: Batch, { change, tables }: Task): Promise<void> {
  const names = tables.map(({ name }) => qualified(name));
  await session.query(sql`lock table ${qualified(change.orphans.parent)} in share mode;
    lock table ${join(names, ', ')} in row exclusive mode`);
}

/**
 * What the clean-up rests on is as it was; asked under the locks, in one statement that begins when they are there. With
 * `parents`, also that the parent has rows: it may have been emptied since the orphans were counted, and then every child
 * looks like one.
 */
export async function assertUnmoved(
  { session, ledger, runId }: Batch,
  task: Task,
  { parents }: { readonly parents: boolean },
) {
  const { orphans, newParent } = task.change;
  const [row] = await session.query(sql`
    select *, ${parents ? sql`exists (select from ${qualified(orphans.parent)})` : sql`true`} as has_parents, ${holdsRun(ledger, runId)} as has_run
      from (${soundness}) sound, (${fingerprint}) keys, (${readLayout(task.tables, task.layout)}) tables, (${judgedByQuery(orphans)}) parent`);
  assertSound(row);
  if (!flag(row, 'has_run')) throw runGone(runId);
  const same = text(row, 'digest') === task.fingerprint && isLaidOutAs(row, task.layout);
  if (!same) throw moved(tableId(orphans.child));
  if (!isJudgedBy(row, task.judgedBy)) throw replaced(tableId(orphans.parent));
  // Under the parent's lock nobody can take it away any more.
  if (newParent && !(await parentExists(session, orphans, newParent)))
    throw newParentGone(tableId(orphans.parent), newParent);
  if (!flag(row, 'has_parents')) throw emptyParent(tableId(orphans.parent), tableId(orphans.child));
}
