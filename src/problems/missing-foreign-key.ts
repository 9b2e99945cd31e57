import { putKeyInPlace } from '../repair/fence';
import { inDoubt } from '../policy/in-doubt';
import { keySpecification } from '../repair/key-specification';
import { tableId } from '../names';
import type { MeasuredRelation, Snapshot } from '../snapshot';
import { atRelation, defineProblem } from './problem';

export const missingForeignKey = defineProblem({
  kind: 'missing-foreign-key',
  severity: 'error',
  title: 'Foreign key missing',
  why: 'The models promise a relation that the database does not enforce: children of deleted parents stay behind, and ON DELETE does nothing.',
  remedy:
    "Adds the key `NOT VALID`, cleans up orphans where an author's action or an option decides about them, and validates it. Refuses while orphans have to stay; `fence: true` then adds it `NOT VALID` all the same. Where the parent cannot be pointed at (`BLOCKED_BY_FINDING`) that is mended first; a partition that is a foreign table, or has a key to another parent, keeps the whole from its key (`PARTITIONED`).",
  silence:
    'Write `constraints: false` in the association when no key is meant to be there. `exclude` leaves the model out.',

  detect: ({ relations }: Snapshot) => relations.filter(isMissing),

  describe: (pair) => ({
    about: atRelation(pair),
    message: `${pair.relation.id} should point at ${tableId(pair.parentName)} (${pair.relation.parentColumns.join(', ')}), but there is no foreign key.`,
    help: `The key is added NOT VALID, which holds up nobody for long, and then validated; ON DELETE ${keySpecification(pair).onDelete}.`,
  }),

  repair(pair, policy) {
    const key = keySpecification(pair);
    return putKeyInPlace(pair, policy, { op: 'add-foreign-key', key });
  },
});

/** Only where a key could stand: what is missing or is no table has findings of its own. */
function isMissing(pair: MeasuredRelation): boolean {
  const { holder, rivals, child, parent, relation, orphans } = pair;
  if (holder || rivals.length > 0 || !child || !parent || inDoubt(pair)) return false;
  if (orphans === 'not-a-table' || orphans === 'missing-column') return false;
  return relation.childColumns.length > 0;
}
