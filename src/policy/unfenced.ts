import { acts, hasTarget } from '../pairing/live-key';
import { partitionsInTheWay } from '../repair/partitions';
import { canBeReferenced } from '../repair/target';
import type { MeasuredRelation, Snapshot } from '../snapshot';
import { refused, type Refused } from './refused';

/**
 * Why no key would stand before the rows while they are cleaned: no action is enforced there, so none can say that they
 * go, and the next start would find new ones.
 */
export function unfenced(pair: MeasuredRelation, snapshot: Snapshot): Refused | undefined {
  const { relation, parentName, holder, rivals } = pair;
  const standing = [...(holder ? [holder] : []), ...rivals];
  if (standing.some((key) => acts(key) && hasTarget(key, relation, parentName))) return undefined;
  const obstacle = partitionsInTheWay(pair, snapshot.catalog.server);
  if (obstacle && obstacle !== 'manual' && 'refused' in obstacle)
    return { kind: 'refused', refusal: obstacle.refused };
  return canBeReferenced(pair, snapshot)
    ? undefined
    : refused(
        'BLOCKED_BY_FINDING',
        `relations: { '${relation.id}': { orphans: 'delete' | 'nullify' | 'keep' } }`,
        `no key can stand before ${relation.id}, because the parent has no unique key on these columns; a finding of its own says why it cannot get one`,
      );
}
