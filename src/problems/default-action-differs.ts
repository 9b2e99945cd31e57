import { actionText } from '../delete-action';
import type { Snapshot } from '../snapshot';
import { atRelation, defineProblem } from './problem';

export const defaultActionDiffers = defineProblem({
  kind: 'default-action-differs',
  severity: 'info',
  title: 'Only a default differs',
  why: 'The model names no ON DELETE action, so a default would be used for a new key, and the key in the database has another. Which one is meant only an author can say.',
  remedy: 'Nothing. The live key is left as it is, whatever it does; the finding names both actions.',
  silence:
    "Write the action that is meant in the model, or in `relations: { 'Model.attribute': { onDelete } }`: it is then enforced and no longer a default.",

  detect: ({ relations }: Snapshot) =>
    relations.flatMap(({ holder, ...pair }) =>
      holder &&
      pair.relation.wanted.onDelete.source === 'default' &&
      holder.onDelete !== pair.relation.onDelete.resolved
        ? [{ pair, holder }]
        : [],
    ),

  describe: ({ pair, holder }) => ({
    about: atRelation(pair, holder.name),
    message: `${pair.relation.id} has ON DELETE ${actionText(holder.onDelete, holder.setColumns)} in the database; the default for the model would be ${pair.relation.onDelete.resolved}.`,
    help: `To keep what the database does, write it in the model: onDelete: '${holder.onDelete}' in ${pair.relation.declarations[0]?.text ?? pair.relation.id}. To have ${pair.relation.onDelete.resolved}, write that.`,
  }),

  repair: () => 'manual',
});
