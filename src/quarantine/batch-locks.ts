import { parentExists } from '../catalog/parents';
import { text } from '../catalog/row';
import { tableId } from '../names';
import { join, qualified, sql } from '../sql';
import { emptyParent, moved, newParentGone, noKeys } from './batch-stops';
import { isLaidOutAs } from './layout';
import type { Batch } from './taken';
import { readFingerprint, type Task } from './task';

/**
 * The parent first, in SHARE mode: it waits out writers that have inserted a parent and not committed it yet, whose
 * children look orphaned until they do. Then every table that can lose rows, so that no key and no column can be
 * added to it between reading them and deleting.
 */
export async function lockForBatch(
  batch: Batch,
  { change, tables, fingerprint, layout }: Task,
): Promise<void> {
  const { session } = batch;
  await session.query(sql`lock table ${qualified(change.orphans.parent)} in share mode`);
  await session.query(
    sql`lock table ${join(
      tables.map(({ name }) => qualified(name)),
      ', ',
    )} in row exclusive mode`,
  );
  const [role] = await session.query(
    sql`select pg_catalog.current_setting('session_replication_role') as role`,
  );
  if (text(role, 'role') !== 'origin') throw noKeys();
  const same =
    (await readFingerprint(session)) === fingerprint && (await isLaidOutAs(session, layout, tables));
  if (!same) throw moved(tableId(change.orphans.child));
  // Under the parent's lock nobody can take it away any more.
  const { orphans, newParent } = change;
  if (newParent && !(await parentExists(session, orphans, newParent)))
    throw newParentGone(tableId(orphans.parent), newParent);
}

/** The parent may have been emptied since the orphans were counted; then every child looks like one. */
export async function assertParents({ session }: Batch, { change: { orphans } }: Task): Promise<void> {
  const [row] = await session.query(sql`select exists (select from ${qualified(orphans.parent)}) as found`);
  if (text(row, 'found') !== 't') throw emptyParent(tableId(orphans.parent), tableId(orphans.child));
}
