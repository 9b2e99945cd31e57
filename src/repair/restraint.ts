import { counted } from '../counted';
import { hasTarget, liveKeys } from '../pairing/live-key';
import { inDoubt } from '../policy/in-doubt';
import { refuse, type Repair } from '../problems/problem';
import type { PairedRelation, Snapshot } from '../snapshot';

/**
 * The last word about every repair of a relation, whatever kind asks for it: where it is in doubt what the rows point
 * at nothing is changed at all, where the models contradict themselves about an action no live key is replaced or
 * dropped.
 */
export function restrained(
  repair: Repair,
  pair: PairedRelation | undefined,
  { halfNull }: Pick<Snapshot, 'halfNull'>,
): Repair {
  if (!pair || repair === 'manual' || 'refused' in repair || repair.changes.length === 0) return repair;
  const doubt = inDoubt(pair);
  if (doubt) return { refused: doubt.refusal };
  const replaces = repair.changes.some((change) => 'drop' in change && change.drop.length > 0);
  const proves = repair.changes.some(({ op }) => op === 'validate-foreign-key' || op === 'clean-orphans');
  return (
    (replaces ? liveKeyStays(pair) : undefined) ??
    (proves ? cannotBeProved(pair, halfNull) : undefined) ??
    repair
  );
}

/** MATCH FULL is never lost in a swap, and no validation of it can succeed over rows that are half null (23503). */
function cannotBeProved(pair: PairedRelation, halfNull: Snapshot['halfNull']): Repair | undefined {
  const half = halfNull.find((found) => found.pair?.relation.id === pair.relation.id);
  const strict = liveKeys(pair).find(
    (key) => key.matchFull && hasTarget(key, pair.relation, pair.parentName),
  );
  return strict && half && half.rows > 0
    ? refuse(
        'MATCH_FULL',
        `${counted(half.rows, 'row', 'has', 'have')} a null in a part of the key, which "${strict.name}" (MATCH FULL) forbids: fill the columns or set all of them to null`,
      )
    : undefined;
}

function liveKeyStays({ relation: { id, wanted } }: PairedRelation): Repair | undefined {
  if (wanted.onDelete.source === 'contradiction')
    return refuse(
      'CONTRADICTION',
      `the models name different ON DELETE actions for ${id}`,
      `relations: { '${id}': { onDelete } }`,
    );
  return wanted.onUpdate.source === 'contradiction'
    ? refuse('CONTRADICTION', `the models name different ON UPDATE actions for ${id}`)
    : undefined;
}
