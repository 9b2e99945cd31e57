import { differingKey, swapInPlace } from '../repair/swap';
import { actionText, changedBy, deletesOtherwise, hasUnwrittenColumns, wantedText } from '../delete-action';
import type { Snapshot } from '../snapshot';
import { atRelation, defineProblem, refuse } from './problem';

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
      return key && deletesOtherwise(key, pair.relation) ? [{ pair, key }] : [];
    }),

  describe: ({ pair, key }) => ({
    about: atRelation(pair, key.name),
    message: `The foreign key "${key.name}" of ${pair.relation.id} says ON DELETE ${actionText(key.onDelete, key.setColumns)}; ${wantedText(pair.relation)} is wanted.`,
    help: 'It is swapped for a right one in one statement, so that no moment is without a fence, and then validated.',
  }),

  repair({ pair, key }, policy) {
    const { wanted, childColumns } = pair.relation;
    if (key.onDelete === wanted.onDelete.enforce && hasUnwrittenColumns(key, pair.relation))
      return refuse(
        'COLUMN_LIST',
        `nobody wrote which columns ${key.onDelete} changes, and a swap would lose that only ${changedBy(key).join(', ')} does`,
        `onDeleteColumns: [${changedBy(key).map(quoted).join(', ')}] in the declaration to keep it, or [${childColumns.map(quoted).join(', ')}] to swap it`,
      );
    return swapInPlace(pair, key, policy);
  },
});

const quoted = (column: string): string => `'${column}'`;
