import { partitionTree } from './partition-tree';
import { sameNameSet, sameTable, tableId } from '../names';
import { columnsChangedBy } from '../repair/key-specification';
import type { MeasuredRelation, Snapshot } from '../snapshot';
import { refused, type Refused } from './refused';

/**
 * Why the columns of a composite key must not all be set to null: one of them also belongs to another key, such as
 * the tenant of a row, which would be lost with it. Who has written the columns down has meant it. Nor must a column
 * get another value that decides about another parent as well.
 */
export function takesAnotherKeyAlong(
  pair: MeasuredRelation,
  strategy: 'nullify' | 'reparent',
  snapshot: Snapshot,
  /** What is changed, where it is not what the strategy changes. */
  some?: readonly string[],
): Refused | undefined {
  const { relation, childName } = pair;
  if (strategy === 'nullify' && (relation.childColumns.length < 2 || (relation.onDeleteColumns && !some)))
    return undefined;
  const columns = some ?? columnsChangedBy(strategy, pair);
  const { isPartOf } = partitionTree(snapshot.catalog);
  const keys = snapshot.catalog.foreignKeys
    .filter(
      ({ child, inherited }) => !inherited && (isPartOf(child, childName) || isPartOf(childName, child)),
    )
    .map((key) => ({ name: `the key "${key.name}"`, columns: key.childColumns }));
  const relations = snapshot.relations
    .filter((other) => sameTable(other.childName, childName))
    .map((other) => ({ name: other.relation.id, columns: other.relation.childColumns }));
  const other = [...keys, ...relations].find(
    (candidate) =>
      !sameNameSet(candidate.columns, relation.childColumns) &&
      candidate.columns.some((column) => columns.includes(column)),
  );
  if (!other) return undefined;
  const shared = other.columns.filter((column) => columns.includes(column));
  if (strategy === 'reparent')
    return refused(
      'SHARED_COLUMN',
      '',
      `${shared.join(', ')} of ${tableId(childName)} belongs to ${other.name} too, whose parent would change with it`,
    );
  return refused(
    'SHARED_COLUMN',
    `onDelete: 'SET NULL' and onDeleteColumns with the columns to set, in the declaration`,
    `${shared.join(', ')} of ${tableId(childName)} belongs to ${other.name} too, which would lose its parent with it`,
  );
}
