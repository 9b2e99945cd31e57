import { countOrphans } from '../catalog/count-orphans';
import type { OrphanCondition } from '../changes/change';
import type { Session } from '../db';
import { FkGuardError } from '../errors';
import { tableId } from '../names';

/**
 * To be asked where the tables hold no orphan and fewer than were counted have gone: either somebody was faster, or the
 * count, which PostgreSQL may plan by an index, has missed parents that are there. Throws `INDEX_CORRUPTED` then.
 */
export async function assertIndexesAgree(session: Session, orphans: OrphanCondition): Promise<void> {
  const { rows } = await countOrphans(session, orphans, { samples: 0, probe: true });
  if (rows === 0) return;
  const parent = tableId(orphans.parent);
  throw new FkGuardError(
    'INDEX_CORRUPTED',
    `Rows of ${tableId(orphans.child)} look orphaned by an index and are not: ${parent} has their parents.`,
    `Look at the indexes of the key (amcheck, the warnings about collation versions) and run REINDEX TABLE ${parent}. No such row is removed.`,
  );
}
