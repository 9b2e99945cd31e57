import { differingKey, swapInPlace } from '../repair/swap';
import type { Snapshot } from '../snapshot';
import { atRelation, defineProblem } from './problem';

export const wrongOnDelete = defineProblem({
  kind: 'wrong-on-delete',
  severity: 'error',
  title: 'Wrong ON DELETE',
  why: 'Deleting a parent does something else than what is wanted: it is blocked, or children vanish or stay.',
  remedy:
    'Swaps the key for one with the wanted action in one statement, `NOT VALID`, and validates it: no moment is without a key. Refuses while orphans have to stay.',
  silence:
    "Write the action that the database has: `onDelete` in the model, or `relations: { 'Model.attribute': { onDelete } }`.",

  detect: ({ relations }: Snapshot) =>
    relations.flatMap((pair) => {
      const key = differingKey(pair);
      const { enforce } = pair.relation.wanted.onDelete;
      return key && enforce !== 'any' && key.onDelete !== enforce ? [{ pair, key, enforce }] : [];
    }),

  describe: ({ pair, key, enforce }) => ({
    about: atRelation(pair, key.name),
    message: `The foreign key "${key.name}" of ${pair.relation.id} says ON DELETE ${key.onDelete}; ${enforce} is wanted.`,
    help: 'It is swapped for a right one in one statement, so that no moment is without a fence, and then validated.',
  }),

  repair: ({ pair, key }, policy) => swapInPlace(pair, key, policy),
});
