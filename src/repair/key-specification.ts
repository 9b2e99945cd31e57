import type { DroppedKey, KeySpecification } from '../changes/change';
import { constraintName } from '../names';
import { deferrabilityOf } from '../pair';
import type { ForeignKey } from '../catalog/catalog';
import type { ReferentialAction } from '../schema';
import type { PairedRelation } from '../snapshot';

/** The key that a relation asks for, under a name that is free or that a swap sets free. */
export function keySpecification(pair: PairedRelation, replaced?: ForeignKey): KeySpecification {
  const { relation, childName, parentName, child } = pair;
  const deferrable = relation.deferrable ?? (replaced && deferrabilityOf(replaced));
  return {
    name:
      replaced?.name ??
      constraintName(childName.name, relation.childColumns, 'fkey', child?.constraints ?? []),
    child: childName,
    childColumns: relation.childColumns,
    parent: parentName,
    parentColumns: relation.parentColumns,
    onDelete: onDeleteOf(pair, replaced),
    // What a new key does on updates is the model's word, even where it is only Sequelize's default: it touches no row.
    onUpdate: relation.wanted.onUpdate.create,
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
  return source === 'default' && action === 'SET NULL' && cannotBeNull(pair) ? 'NO ACTION' : action;
}

/** True when the database does not allow null in one of the relation's columns. */
export const cannotBeNull = ({ child, relation }: PairedRelation): boolean =>
  child?.columns.some((column) => column.notNull && relation.childColumns.includes(column.name)) ?? false;
