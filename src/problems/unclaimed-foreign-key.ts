import { tableId } from '../names';
import { actionText } from '../delete-action';
import type { Snapshot } from '../snapshot';
import { atKey, defineProblem } from './problem';

export const unclaimedForeignKey = defineProblem({
  kind: 'unclaimed-foreign-key',
  severity: 'info',
  title: 'Foreign key that no model declares',
  why: 'It acts on deletes although no model mentions it. It may be right, and then a model should say so.',
  remedy: 'Nothing: a key that no model declares is never changed and never dropped.',
  silence:
    'Declare the association, or drop the key in a migration. `exclude` leaves out all models of the table.',

  detect: ({ unclaimed }: Snapshot) => unclaimed,

  describe: (key) => ({
    about: atKey(key),
    message: `No model declares the foreign key "${key.name}" of ${tableId(key.child)} (${key.childColumns.join(', ')}) to ${tableId(key.parent)}; ON DELETE ${actionText(key.onDelete, key.setColumns)}.`,
    help: 'Declare the association, or drop the key in a migration. The guard leaves it alone.',
  }),

  repair: () => 'manual',
});
