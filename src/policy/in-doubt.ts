import type { PairedRelation } from '../snapshot';
import { refused, type Refused } from './refused';

/** Why nothing at all is done about a relation: it is in doubt what its rows point at, and no option lifts that. */
export function inDoubt({ relation, otherParents, wrongWay }: PairedRelation): Refused | undefined {
  if (otherParents.length > 0)
    return refused('CONTRADICTION', '', `the models name different parents for ${relation.id}`);
  return wrongWay
    ? refused(
        'WRONG_WAY',
        '',
        `a hasMany takes the whole primary key of its table for ${relation.id}, which is most likely a mistake`,
      )
    : undefined;
}
