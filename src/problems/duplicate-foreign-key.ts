import { acts } from '../pair';
import { droppedKey } from '../repair/key-specification';
import type { MeasuredRelation, Snapshot } from '../snapshot';
import { atRelation, defineProblem, refuse } from './problem';

export const duplicateForeignKey = defineProblem({
  kind: 'duplicate-foreign-key',
  severity: 'error',
  title: 'Duplicate foreign key',
  why: "With two keys on one column PostgreSQL does not define whose ON DELETE acts, usually the older key's: a left-over silently disables CASCADE.",
  remedy:
    'Keeps the key that says exactly what is wanted and drops the others once it is valid and enforced. Refuses while the keys differ in their action and nobody wrote which one is wanted.',
  silence:
    'Drop the left-over in a migration, or let the guard drop it; where it refuses, write `onDelete` in the model or in `relations`. `exclude` leaves the model out.',

  detect: ({ relations }: Snapshot) =>
    relations.flatMap((pair) =>
      pair.holder && pair.rivals.length > 0 ? [{ pair, holder: pair.holder }] : [],
    ),

  describe: ({ pair, holder }) => ({
    about: atRelation(pair, holder.name),
    message: `${pair.relation.id} has ${pair.rivals.length + 1} foreign keys: ${[holder, ...pair.rivals].map((key) => `"${key.name}" (ON DELETE ${key.onDelete})`).join(', ')}.`,
    help: `"${holder.name}" says what is wanted; every other one is dropped${holder.validated ? '' : ' once it is valid'}.`,
  }),

  repair({ pair, holder }, policy) {
    if (disagree(pair))
      return refuse(
        'WHICH_ACTION',
        'the keys differ and nobody wrote which action is wanted',
        `relations: { '${pair.relation.id}': { onDelete } }`,
      );
    // The other key may be the only one that acts.
    if (!acts(holder))
      return refuse('BLOCKED_BY_FINDING', `"${holder.name}" is not enforced, so it cannot stand alone`);
    const verdict = policy.verdict(pair);
    if (!holder.validated && verdict.kind === 'refused') return { refused: verdict.refusal };
    return {
      changes: [
        {
          op: 'drop-foreign-key',
          table: pair.childName,
          columns: pair.relation.childColumns,
          drop: pair.rivals.map(droppedKey),
        },
      ],
    };
  },
});

/** Dropping either of two different keys changes what a delete does; without an author's word that is a guess. */
const disagree = ({ relation, holder, rivals }: MeasuredRelation): boolean =>
  relation.wanted.onDelete.enforce === 'any' && rivals.some((key) => key.onDelete !== holder?.onDelete);
