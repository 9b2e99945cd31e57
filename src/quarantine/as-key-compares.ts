import type { Catalog, ForeignKey } from '../catalog/catalog';
import type { OrphanCondition } from '../changes/change';
import { sameNameSet, sameTable } from '../names';
import { acts } from '../pairing/live-key';

/**
 * The condition with the equality of the key that stands before the rows. The look had to guess from an index which one
 * that would be, and with several (citext, and a text index on it) PostgreSQL may have taken another.
 */
export function asKeyCompares(orphans: OrphanCondition, catalog: Catalog): OrphanCondition {
  const { childColumns, equality } = orphans;
  const key = actingKey(orphans, catalog);
  if (!key || orphans.uncastable) return orphans;
  return {
    ...orphans,
    equality: childColumns.map((column, i) => {
      const found = key.equality[key.childColumns.indexOf(column)] ?? equality[i];
      if (!found) throw new Error(`no equality operator for ${column}`);
      return found;
    }),
  };
}

/** The key that keeps new orphans of this kind away, valid or not. */
export const actingKey = (
  { child, childColumns, parent, parentColumns }: OrphanCondition,
  { foreignKeys }: Catalog,
): ForeignKey | undefined =>
  foreignKeys.find(
    (candidate) =>
      acts(candidate) &&
      sameTable(candidate.child, child) &&
      sameTable(candidate.parent, parent) &&
      sameNameSet(candidate.childColumns, childColumns) &&
      candidate.childColumns.every(
        (column, i) => parentColumns[childColumns.indexOf(column)] === candidate.parentColumns[i],
      ),
  );
