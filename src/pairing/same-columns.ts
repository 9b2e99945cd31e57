import { groupBy } from '../group-by';
import { tableId } from '../names';
import type { DeclaredAction, Expected, Relation } from '../expected';
import type { TableName, TableReference } from '../schema';

/**
 * Two models may mean the same table, one by its schema and one by the search_path. What each says about a column then
 * counts for both, or a contradiction between them would go unseen and each would take the other's rows for orphans.
 */
export function withSameColumns(
  expected: Expected,
  resolve: (reference: TableReference) => TableName,
): Expected {
  const { relations, others = [] } = expected;
  const placeOf = ({ child, childColumns }: Relation): string =>
    JSON.stringify([tableId(resolve(child)), [...childColumns].sort()]);
  const places = new Map([...relations, ...others].map((relation) => [relation, placeOf(relation)]));
  const byPlace = groupBy(places.keys(), (relation) => places.get(relation));
  return {
    ...expected,
    relations: relations.map((relation) =>
      (byPlace.get(places.get(relation)) ?? []).reduce(hearing, relation),
    ),
  };
}

/** A relation with what another one says of the same columns. */
export const hearing = (relation: Relation, other: Relation): Relation =>
  other === relation
    ? relation
    : {
        ...relation,
        ...(other.scoped !== undefined && { scoped: other.scoped }),
        onDelete: together(relation.onDelete, other.onDelete),
        onUpdate: together(relation.onUpdate, other.onUpdate),
        declarations: [
          ...relation.declarations,
          ...other.declarations.filter(({ text }) =>
            relation.declarations.every((known) => known.text !== text),
          ),
        ],
      };

const together = (one: DeclaredAction, other: DeclaredAction): DeclaredAction => ({
  ...one,
  explicit: [...new Set([...one.explicit, ...other.explicit])],
});
