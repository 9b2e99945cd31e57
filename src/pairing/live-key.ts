import type { ForeignKey } from '../catalog/catalog';
import { deletesOtherwise } from '../delete-action';
import { sameTable } from '../names';
import type { WantedRelation } from '../policy/wanted';
import type { Deferrability, TableName } from '../schema';
import type { PairedRelation } from '../snapshot';

/** True when the key points where the relation points; composite columns may stand in another order. */
export function hasTarget(key: ForeignKey, relation: WantedRelation, parent: TableName): boolean {
  const wanted = new Map(relation.childColumns.map((column, i) => [column, relation.parentColumns[i]]));
  return (
    sameTable(key.parent, parent) &&
    key.childColumns.every((column, i) => wanted.get(column) === key.parentColumns[i])
  );
}

/** Every key on the relation's columns, the one that says what is wanted first. */
export const liveKeys = ({ holder, rivals, elsewhere }: PairedRelation): readonly ForeignKey[] => [
  ...(holder ? [holder] : []),
  ...rivals,
  ...elsewhere,
];

/** True when nothing about the key has to be replaced: it points where it shall, and its actions are the wanted ones. */
export function isExactly(key: ForeignKey, relation: WantedRelation, parent: TableName): boolean {
  const { onUpdate } = relation.wanted;
  return (
    hasTarget(key, relation, parent) &&
    !deletesOtherwise(key, relation) &&
    (onUpdate.enforce === 'any' || onUpdate.enforce === key.onUpdate)
  );
}

/** False for a key that watches over nothing: NOT ENFORCED, or one of its triggers is off. */
export const acts = ({ enforced, triggersEnabled }: ForeignKey): boolean => enforced && triggersEnabled;

/** When a live key is checked. */
export const deferrabilityOf = ({ deferrable, initiallyDeferred }: ForeignKey): Deferrability =>
  !deferrable ? 'NOT DEFERRABLE' : initiallyDeferred ? 'INITIALLY DEFERRED' : 'INITIALLY IMMEDIATE';

/** Not a part of `isExactly`: it can be altered in place, so no key has to be replaced because of it. */
export const isDeferrableAs = (key: ForeignKey, { deferrable }: WantedRelation): boolean =>
  deferrable === undefined || deferrable === deferrabilityOf(key);

/**
 * The order in which keys can stand for a relation: one that acts first, then a validated one, then a MATCH FULL one,
 * which is stricter, then what is nearest to the models, then the oldest.
 */
export const bestFirst =
  (relation: WantedRelation) =>
  (a: ForeignKey, b: ForeignKey): number =>
    Number(acts(b)) - Number(acts(a)) ||
    Number(b.validated) - Number(a.validated) ||
    Number(b.matchFull ?? false) - Number(a.matchFull ?? false) ||
    Number(isDeferrableAs(b, relation)) - Number(isDeferrableAs(a, relation)) ||
    Number(b.onDelete === relation.onDelete.resolved) - Number(a.onDelete === relation.onDelete.resolved) ||
    Number(b.onUpdate === relation.onUpdate.resolved) - Number(a.onUpdate === relation.onUpdate.resolved) ||
    a.oid - b.oid;
