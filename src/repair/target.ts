import { sameNames, sameTable } from '../names';
import { whyNoPartitionedIndex } from './partitioned-index';
import type { MeasuredRelation, Snapshot } from '../snapshot';

/** True when the parent lacks its own primary key on the relation's columns, which `missing-primary-key` repairs. */
export const awaitsPrimaryKey = (
  { parent, parentName, relation }: MeasuredRelation,
  { tables }: Snapshot,
): boolean =>
  parent?.kind === 'table' &&
  !parent.uniqueIndexes.some(({ primary }) => primary) &&
  tables.some(
    ({ name, model }) => sameTable(name, parentName) && sameNames(model.primaryKey, relation.parentColumns),
  );

/** True when a key can rest on the parent's columns, or when the plan makes it possible before. */
export function canBeReferenced(pair: MeasuredRelation, snapshot: Snapshot): boolean {
  if (pair.target) return true;
  const { parent, targetQuality } = pair;
  if (!parent || !targetQuality || targetQuality.duplicateKeys > 0) return false;
  if (parent.kind === 'partitioned table')
    return whyNoPartitionedIndex(parent, pair.relation.parentColumns, snapshot.catalog) === undefined;
  if (parent.kind !== 'table') return false;
  // A unique index lets nulls pass, a primary key does not.
  return targetQuality.nullRows === 0 || !awaitsPrimaryKey(pair, snapshot);
}
