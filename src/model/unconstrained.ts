import type { Relation } from '../expected';
import { groupBy } from '../group-by';
import { declarationOfSide, joinedColumn } from './declaration-text';
import type { Evidence } from './evidence';
import { writtenBySide } from './explicit';
import { referencesOf } from './references';
import { scopedBy } from './scoped';
import { asksForKey, parentTable, tableOf, type Stored, type StoredAttribute } from './sequelize6';
import type { ModelLike } from './sequelize-like';
import { sameReference } from './table-reference';

/**
 * The associations that say `constraints: false` about a column which holds keys of one parent and no other: what could
 * be a relation, were it not for that. A column for several parents, or for some by a scope, can have no key.
 */
export function unconstrained(
  stored: Stored,
  evidence: Evidence,
  relations: readonly Relation[],
): readonly Relation[] {
  const found = [...stored].flatMap(([model, attributes]) =>
    attributes.flatMap((attribute) => readUnconstrained(model, attribute, evidence)),
  );
  // Two models may share a table: what one of them says about the column, the other has to bear.
  const constrained = new Set(relations.map(placeOf));
  return [...groupBy(found, placeOf)].flatMap(([place, [first, ...others]]) =>
    first && !constrained.has(place) && others.every(({ parent }) => sameReference(parent, first.parent))
      ? [first]
      : [],
  );
}

function readUnconstrained(
  child: ModelLike,
  { name, column, attribute }: StoredAttribute,
  evidence: Evidence,
): readonly Relation[] {
  const sides = evidence.sides.get(attribute) ?? [];
  const [side] = sides;
  if (!side || referencesOf(attribute) || scopedBy(sides) !== undefined) return [];
  if (sides.some(({ association }) => asksForKey(association))) return [];
  const parent = parentTable(child, side.parent);
  const parentColumn = joinedColumn(side);
  const agree = sides.every(
    (other) =>
      sameReference(parentTable(child, other.parent), parent) && joinedColumn(other) === parentColumn,
  );
  if (parentColumn === undefined || !agree) return [];
  const key = { child, name, attribute, parent, sides };
  return [
    {
      id: `${child.name}.${name}`,
      model: child.name,
      attribute: name,
      child: tableOf(child),
      childColumns: [column],
      parent,
      parentColumns: [parentColumn],
      onDelete: NOTHING_SAID,
      onUpdate: NOTHING_SAID,
      declarations: sides.map((each) => ({
        ...declarationOfSide(each, child, writtenBySide(each, key, evidence)),
        parent,
      })),
    },
  ];
}

const NOTHING_SAID: Relation['onDelete'] = { resolved: 'NO ACTION', explicit: [] };

const placeOf = ({ child: { schema, name }, childColumns }: Relation): string =>
  JSON.stringify([schema, name, childColumns]);
