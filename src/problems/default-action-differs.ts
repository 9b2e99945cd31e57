import type { Snapshot } from '../snapshot';
import { atRelation, defineProblem } from './problem';

export const defaultActionDiffers = defineProblem({
  kind: 'default-action-differs',
  severity: 'info',
  title: "Only a default of Sequelize's differs",
  why: 'The model names no ON DELETE action, so Sequelize assumes one, and the key in the database has another. Which is meant only an author can say.',

  detect: ({ relations }: Snapshot) =>
    relations.flatMap(({ holder, ...pair }) =>
      holder && pair.relation.wanted.onDelete.source === 'default' && holder.onDelete !== pair.relation.onDelete.resolved ? [{ pair, holder }] : [],
    ),

  describe: ({ pair, holder }) => ({
    about: atRelation(pair, holder.name),
    message: `${pair.relation.id} has ON DELETE ${holder.onDelete} in the database; Sequelize's default for the model would be ${pair.relation.onDelete.resolved}.`,
    help: `Write the action in the model, such as onDelete: '${holder.onDelete}' in ${pair.relation.declarations[0]?.text ?? pair.relation.id}.`,
  }),

  repair: () => 'manual',
});
