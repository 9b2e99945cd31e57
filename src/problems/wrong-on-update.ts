import { differingKey, swapInPlace } from '../repair/swap';
import type { Snapshot } from '../snapshot';
import { atRelation, defineProblem } from './problem';

export const wrongOnUpdate = defineProblem({
  kind: 'wrong-on-update',
  severity: 'warning',
  title: 'Wrong ON UPDATE',
  why: "Changing a parent's key does something else than what is wanted.",
  remedy:
    'Swaps the key for one with the wanted action in one statement, `NOT VALID`, and validates it: no moment is without a key. Refuses while orphans have to stay.',
  silence: 'Write the action that the database has: `onUpdate` in the model.',

  detect: ({ relations }: Snapshot) =>
    relations.flatMap((pair) => {
      const key = differingKey(pair);
      const { enforce } = pair.relation.wanted.onUpdate;
      return key && enforce !== 'any' && key.onUpdate !== enforce ? [{ pair, key, enforce }] : [];
    }),

  describe: ({ pair, key, enforce }) => ({
    about: atRelation(pair, key.name),
    message: `The foreign key "${key.name}" of ${pair.relation.id} says ON UPDATE ${key.onUpdate}; ${enforce} is wanted.`,
    help: 'It is swapped for a right one in one statement, so that no moment is without a fence, and then validated.',
  }),

  repair: ({ pair, key }, policy) => swapInPlace(pair, key, policy),
});
