import type { Examination } from '../examine';
import type { Relation } from '../expected';
import type { PairedRelation } from '../snapshot';

/** The relations whose keys the guard makes and keeps itself, so that Sequelize must not see them. */
export const ownedBy = ({ snapshot }: Examination): readonly Relation[] =>
  snapshot.relations.flatMap((pair) => (isOurs(pair) ? [pair.relation] : []));

function isOurs({ otherParents, holder, rivals, parent }: PairedRelation): boolean {
  // Where the models name different parents the guard creates no key, so Sequelize keeps that relation.
  if (otherParents.length > 0) return false;
  // A key of ours begins with a lock on the parent; Sequelize's wants REFERENCES only.
  return holder !== undefined || rivals.length > 0 || parent === undefined || parent.may.change;
}
