import { liveKeys } from '../pairing/live-key';
import { tableId } from '../names';
import type { Snapshot } from '../snapshot';
import { atRelation, defineProblem } from './problem';

export const foreignKeyOnPrimaryKey = defineProblem({
  kind: 'foreign-key-on-primary-key',
  severity: 'error',
  title: 'Foreign key on the primary key',
  why: "The foreign key is the child's own id: a parent could have one child at most, and only the one that happens to have the same number. Under such a key nearly every child looks orphaned.",
  remedy: 'Nothing: no key is created or changed, and no row is counted or cleaned.',
  silence:
    "Name the column that holds the parent's key: `foreignKey: 'parentId'` in the `hasMany`. Where both tables share their key (a profile of a user), write `hasOne`.",

  // Contradicting parents are told first; with them solved this is told or gone.
  detect: ({ relations }: Snapshot) =>
    relations.filter(({ wrongWay, otherParents }) => wrongWay && otherParents.length === 0),

  describe(pair) {
    const { relation, childName, parentName } = pair;
    const [live] = liveKeys(pair);
    const lines = relation.declarations.filter(({ method }) => method === 'hasMany').map(({ text }) => text);
    return {
      about: atRelation(pair, live?.name),
      message: `${relation.id} is the whole primary key of ${tableId(childName)}, and ${lines.join(' and ')} makes it point at ${tableId(parentName)} (${relation.parentColumns.join(', ')})${live ? `, as "${live.name}" does in the database` : ''}.`,
      help: `foreignKey in ${lines.join(' and ')} has to name the column of ${tableId(childName)} that holds the parent's key. If the two tables share their key, write hasOne.${live ? ` If it is a mistake, drop "${live.name}" in a migration.` : ''} Until then no key is created or changed, and no row is touched.`,
    };
  },

  repair: () => 'manual',
});
