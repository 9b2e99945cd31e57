import { inDoubt } from '../policy/in-doubt';
import { refuse, type Repair } from '../problems/problem';
import type { PairedRelation } from '../snapshot';

/**
 * The last word about every repair of a relation, whatever kind asks for it: where it is in doubt what the rows point
 * at nothing is changed at all, where the models contradict themselves about an action no live key is replaced or
 * dropped.
 */
export function restrained(repair: Repair, pair: PairedRelation | undefined): Repair {
  if (!pair || repair === 'manual' || 'refused' in repair || repair.changes.length === 0) return repair;
  const doubt = inDoubt(pair);
  if (doubt) return { refused: doubt.refusal };
  const replaces = repair.changes.some((change) => 'drop' in change && change.drop.length > 0);
  return (replaces ? liveKeyStays(pair) : undefined) ?? repair;
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
