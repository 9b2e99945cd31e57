import { standingKey, swapInPlace } from '../repair/swap';
import type { Snapshot } from '../snapshot';
import { atRelation, defineProblem } from './problem';

export const disabledTrigger = defineProblem({
  kind: 'disabled-trigger',
  severity: 'error',
  title: 'Foreign key switched off',
  why: 'One of the triggers that carry out the key is disabled (ALTER TABLE … DISABLE TRIGGER ALL, often left over from a data load). The key looks valid, and yet orphans can come in under it.',
  remedy:
    'Swaps the key for a new one with its triggers on, `NOT VALID`; cleans the orphans that came in under it, as the policy says; validates it. Never enables the trigger by itself: that would look at no row.',
  silence:
    'End the data load that switched the triggers off and enable them, or leave the table out with `exclude`.',

  detect: ({ relations }: Snapshot) =>
    relations.flatMap((pair) => {
      const key = standingKey(pair);
      return key && !key.triggersEnabled ? [{ pair, key }] : [];
    }),

  describe: ({ pair, key }) => ({
    about: atRelation(pair, key.name),
    message: `The foreign key "${key.name}" of ${pair.relation.id} ${key.validated ? 'is valid, but' : 'is not valid, and'} not enforced: a trigger of it is disabled.`,
    help: 'It is swapped for a new one with its triggers on, NOT VALID, and then validated; ENABLE TRIGGER would need a superuser and would look at no row. Let a data load that is still going on end first.',
  }),

  repair: ({ pair, key }, policy) => swapInPlace(pair, key, policy),
});
