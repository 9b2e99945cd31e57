import { sameNameSet, sameTable } from '../names';
import type { ModelTable, Relation } from '../expected';
import type { Table } from '../catalog/catalog';
import type { TableName, TableReference } from '../schema';
import type { ParentClaim } from '../snapshot';

/**
 * What each place in the models says about a relation's parent, when they do not all say the same; nothing where they
 * do. Sequelize writes the first word into the key, while each association joins what it names itself.
 */
export function disagreement(
  relation: Relation,
  parentName: TableName,
  resolve: (reference: TableReference) => TableName,
): readonly ParentClaim[] {
  const claims = relation.declarations.flatMap(({ text, parent, parentColumn }) =>
    parent
      ? [{ text, parent: resolve(parent), ...(parentColumn !== undefined && { column: parentColumn }) }]
      : [],
  );
  return claims.some((claim) => !agrees(claim, relation, parentName)) ? claims : [];
}

/** True when a place names the parent, and the column of it, that Sequelize writes into the key. */
export const agrees = (
  { parent, column }: ParentClaim,
  { parentColumns }: Relation,
  parentName: TableName,
): boolean => sameTable(parent, parentName) && (column === undefined || parentColumns.includes(column));

/**
 * True when a `hasMany` takes the child's whole primary key for its foreign key: a parent could have one child at
 * most, so the author has most likely taken `foreignKey` for the parent's column. A `hasOne` or a `belongsTo` may
 * share the key (profiles, class-table inheritance), and a join table's keys are only parts of its primary key.
 */
export const pointsTheWrongWay = (
  { childColumns, declarations }: Relation,
  model: ModelTable | undefined,
  child: Table | undefined,
): boolean =>
  declarations.some(({ method, parent }) => method === 'hasMany' && parent !== undefined) &&
  [model?.primaryKey, child?.uniqueIndexes.find(({ primary }) => primary)?.columns].some(
    (primaryKey) => primaryKey !== undefined && sameNameSet(primaryKey, childColumns),
  );
