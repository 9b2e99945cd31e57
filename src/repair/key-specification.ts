import type { DroppedKey, KeySpecification, Strategy } from '../changes/change';
import { setsColumns } from '../delete-action';
import { deferrabilityOf } from '../pairing/live-key';
import type { ForeignKey } from '../catalog/catalog';
import type { ReferentialAction } from '../schema';
import type { PairedRelation } from '../snapshot';

/** The key that a relation asks for, under a name that is free or that a swap sets free. */
export function keySpecification(pair: PairedRelation, replaced?: ForeignKey): KeySpecification {
  const { relation, childName, parentName } = pair;
  const deferrable = relation.deferrable ?? (replaced && deferrabilityOf(replaced));
  const onDelete = onDeleteOf(pair, replaced);
  const setColumns = setColumnsOf(pair, onDelete, replaced);
  // No model can say MATCH FULL: a key that replaces others must not allow what one of them forbids.
  const matchFull = replaced !== undefined && [replaced, ...pair.rivals].some((key) => key.matchFull);
  return {
    name: replaced?.name ?? pair.newKeyName,
    child: childName,
    childColumns: relation.childColumns,
    parent: parentName,
    parentColumns: relation.parentColumns,
    onDelete,
    // What a new key does on updates is the model's word, even where it is only Sequelize's default: it touches no row.
    onUpdate: relation.wanted.onUpdate.create,
    ...(setColumns && { setColumns }),
    ...(matchFull && { matchFull }),
    ...(deferrable && deferrable !== 'NOT DEFERRABLE' && { deferrable }),
  };
}

/** What has to be known about a key that is dropped. */
export const droppedKey = ({ name, parent, definition }: ForeignKey): DroppedKey => ({
  name,
  parent,
  definition,
});

/**
 * The action that nobody wrote is kept from the live key, else it is Sequelize's default. Sequelize derives that
 * default from the model's nullability, the database decides by its own: SET NULL on a NOT NULL column would only
 * turn every delete of a parent into 23502.
 */
function onDeleteOf(pair: PairedRelation, replaced: ForeignKey | undefined): ReferentialAction {
  const { enforce, create, source } = pair.relation.wanted.onDelete;
  const action = enforce === 'any' ? (replaced?.onDelete ?? create) : enforce;
  return source === 'default' && action === 'SET NULL' && cannotBeNull(pair, changedColumns(pair))
    ? 'NO ACTION'
    : action;
}

/** The list that was written, else that of the key which is replaced and does the same; none where it is all columns. */
function setColumnsOf(
  { relation }: PairedRelation,
  action: ReferentialAction,
  replaced: ForeignKey | undefined,
): readonly string[] | undefined {
  if (!setsColumns(action)) return undefined;
  const kept = replaced?.onDelete === action ? replaced.setColumns : undefined;
  const columns = relation.onDeleteColumns ?? kept;
  return columns && columns.length < relation.childColumns.length ? columns : undefined;
}

/** The columns that SET NULL changes on this relation, now or wanted; a clean-up that nullifies changes the same ones. */
export const changedColumns = ({ relation, holder, rivals }: PairedRelation): readonly string[] =>
  relation.onDeleteColumns ??
  [...(holder ? [holder] : []), ...rivals].find((key) => key.setColumns)?.setColumns ??
  relation.childColumns;

/** The columns that a treatment of orphans changes: another parent has to be named in full. */
export const columnsChangedBy = (strategy: Strategy, pair: PairedRelation): readonly string[] =>
  strategy === 'reparent' ? pair.relation.childColumns : changedColumns(pair);

/** True when the database does not allow null in one of these columns of the child. */
export const cannotBeNull = ({ child }: PairedRelation, columns: readonly string[]): boolean =>
  child?.columns.some((column) => column.notNull && columns.includes(column.name)) ?? false;
