import { deferrable } from '../changes/title';
import { acts, deferrabilityOf, isDeferrableAs } from '../pairing/live-key';
import { standingKey, swapInPlace } from '../repair/swap';
import type { Snapshot } from '../snapshot';
import { atRelation, defineProblem } from './problem';

export const wrongDeferrable = defineProblem({
  kind: 'wrong-deferrable',
  severity: 'error',
  title: 'Wrong deferrability',
  why: 'The key is checked at another time than the models say: a transaction that writes children before their parents fails (23503), or learns only at its COMMIT what is wrong.',
  remedy: 'Alters the key in place (`ALTER CONSTRAINT`), which looks at no row and keeps the key valid.',
  silence:
    'Write in the model what the database has, in the `references` of the attribute, or leave it out: then it is not compared.',

  detect: ({ relations }: Snapshot) =>
    relations.flatMap((pair) => {
      const key = standingKey(pair);
      const wanted = pair.relation.deferrable;
      return key && wanted && !isDeferrableAs(key, pair.relation) ? [{ pair, key, wanted }] : [];
    }),

  describe: ({ pair, key, wanted }) => ({
    about: atRelation(pair, key.name),
    message: `The foreign key "${key.name}" of ${pair.relation.id} is ${deferrable(deferrabilityOf(key))}; ${deferrable(wanted)} is wanted.`,
    help: 'It is altered in place for an instant, stays valid, and no row is looked at.',
  }),

  // A key that is swapped for another reason takes its deferrability along.
  repair({ pair, key, wanted }, policy) {
    if (key !== pair.holder || !acts(key)) return swapInPlace(pair, key, policy);
    return {
      changes: [
        {
          op: 'alter-foreign-key',
          table: pair.childName,
          columns: pair.relation.childColumns,
          name: key.name,
          deferrability: wanted,
          before: deferrabilityOf(key),
        },
      ],
    };
  },
});
