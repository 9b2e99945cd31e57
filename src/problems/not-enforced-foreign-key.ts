import { standingKey, swapInPlace } from '../repair/swap';
import type { Snapshot } from '../snapshot';
import { atRelation, defineProblem } from './problem';

export const notEnforcedForeignKey = defineProblem({
  kind: 'not-enforced-foreign-key',
  severity: 'error',
  title: 'Foreign key not enforced',
  why: 'A NOT ENFORCED key (PostgreSQL 18) is only a note: nothing stops orphans, and ON DELETE does nothing.',
  remedy:
    'Swaps the key for an enforced one, `NOT VALID`, cleans its orphans as the policy says, and validates it. Never uses `ALTER CONSTRAINT … ENFORCED`, which checks every row while nobody can read the table.',
  silence: 'Leave the table out with `exclude`, or declare the association with `constraints: false`.',

  detect: ({ relations }: Snapshot) =>
    relations.flatMap((pair) => {
      const key = standingKey(pair);
      return key && !key.enforced ? [{ pair, key }] : [];
    }),

  describe: ({ pair, key }) => ({
    about: atRelation(pair, key.name),
    message: `The foreign key "${key.name}" of ${pair.relation.id} is NOT ENFORCED.`,
    help: 'It is swapped for an enforced one, NOT VALID, and then validated: ALTER CONSTRAINT … ENFORCED would check every row while nobody can read the table.',
  }),

  repair: ({ pair, key }, policy) => swapInPlace(pair, key, policy),
});
