import { validation } from '../repair/fence';
import type { Snapshot } from '../snapshot';
import { atRelation, defineProblem } from './problem';

export const notValidForeignKey = defineProblem({
  kind: 'not-valid-foreign-key',
  severity: 'warning',
  title: 'Foreign key not validated',
  why: 'The key stops new orphans, but PostgreSQL does not vouch for the rows that were there before it.',
  remedy:
    'Validates the key, after a clean-up where orphans are found and may be cleaned; neither readers nor writers are held up.',
  silence:
    'Clean up the rows that it refuses to touch, or let `orphans` or `relations` decide about them. `exclude` leaves the model out.',

  detect: ({ relations }: Snapshot) =>
    relations.flatMap((pair) =>
      pair.holder && !pair.holder.validated && pair.holder.enforced ? [{ pair, key: pair.holder }] : [],
    ),

  describe: ({ pair, key }) => ({
    about: atRelation(pair, key.name),
    message: `The foreign key "${key.name}" of ${pair.relation.id} is NOT VALID.`,
    help: 'It is validated, which holds up neither readers nor writers.',
  }),

  repair({ pair, key }, policy) {
    const verdict = policy.verdict(pair);
    return verdict.kind === 'refused'
      ? { refused: verdict.refusal }
      : { changes: [validation(pair, key.name)] };
  },
});
