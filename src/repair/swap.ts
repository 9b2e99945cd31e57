import { putKeyInPlace } from './fence';
import { droppedKey, keySpecification } from './key-specification';
import { hasTarget } from '../pairing/live-key';
import { refuse, type Repair } from '../problems/problem';
import type { ForeignKey } from '../catalog/catalog';
import type { MeasuredRelation } from '../snapshot';
import type { Policy } from '../policy/verdict';

/** The key that points at the right parent and yet is not what is wanted, when nothing else holds the relation. */
export const differingKey = ({
  holder,
  rivals,
  relation,
  parentName,
}: MeasuredRelation): ForeignKey | undefined =>
  holder ? undefined : rivals.find((key) => hasTarget(key, relation, parentName));

/** The key that stands for a relation, right or not, as long as it points at the right parent. */
export const standingKey = (pair: MeasuredRelation): ForeignKey | undefined =>
  pair.holder ?? differingKey(pair);

/**
 * Replaces every key on the relation's columns by the one that is wanted, in one ALTER TABLE and under `key`'s name.
 * A holder goes alone: about the keys beside it `duplicate-foreign-key` decides, when one acts that can stand alone.
 */
export function swapInPlace(pair: MeasuredRelation, key: ForeignKey, policy: Policy): Repair {
  const temporal = [key, ...pair.rivals].find((rival) => rival.temporal);
  if (temporal)
    return refuse(
      'TEMPORAL_KEY',
      `"${temporal.name}" has a PERIOD, which no model can say; a swap would lose it`,
    );
  const wanted = keySpecification(pair, key);
  return putKeyInPlace(pair, policy, {
    op: 'swap-foreign-key',
    key: wanted,
    drop: (key === pair.holder ? [key] : pair.rivals).map(droppedKey),
  });
}
