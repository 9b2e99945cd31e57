import type { Examination } from '../examine';
import type { Relation } from '../expected';
import { inDoubt } from '../policy/in-doubt';
import type { PairedRelation } from '../snapshot';

/** The relations whose keys the guard makes and keeps itself, so that Sequelize must not see them. */
export const ownedBy = ({ snapshot }: Examination): readonly Relation[] =>
  snapshot.relations.flatMap((pair) => (isOurs(pair) ? [pair.relation] : []));

function isOurs(pair: PairedRelation): boolean {
  const { holder, rivals, parent } = pair;
  // Where the models are in doubt about the parent the guard creates no key, so Sequelize keeps that relation.
  if (inDoubt(pair)) return false;
  // A key of ours begins with a lock on the parent; Sequelize's wants REFERENCES only.
  return holder !== undefined || rivals.length > 0 || parent === undefined || parent.may.lock;
}
