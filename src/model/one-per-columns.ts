import type { Relation } from '../expected';
import { hearing } from '../pairing/same-columns';

/** Two models may share a table: the first one names the relation, and what both say about its actions counts. */
export function onePerColumns(relations: readonly Relation[]): readonly Relation[] {
  const merged = new Map<string, Relation>();
  for (const relation of relations) {
    const place = JSON.stringify([relation.child.schema, relation.child.name, relation.childColumns]);
    const first = merged.get(place);
    merged.set(place, first ? { ...relation, ...hearing(first, relation) } : relation);
  }
  return [...merged.values()];
}
