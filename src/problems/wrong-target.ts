import { counted } from '../counted';
import { tableId } from '../names';
import { hasTarget } from '../pairing/live-key';
import type { ForeignKey } from '../catalog/catalog';
import type { MeasuredRelation, Snapshot } from '../snapshot';
import { swapInPlace } from '../repair/swap';
import { atRelation, defineProblem, refuse, type Description } from './problem';

export const wrongTarget = defineProblem({
  kind: 'wrong-target',
  severity: 'error',
  title: 'Wrong parent',
  why: 'The key in the database points at another table or column than the models say, so one of the two is wrong about what the rows mean.',
  remedy:
    'Swaps the key for one to the parent that the models name, but only when every row has a parent there. Otherwise nothing is changed, and no option lifts that: a live key proves that the rows are not orphans.',
  silence:
    'Correct the model: `target`, `targetKey` or `references`. `constraints: false` in the association leaves the key to the database.',

  detect: ({ relations }: Snapshot) =>
    relations.flatMap((pair) => {
      const [key] = pair.rivals;
      const elsewhere =
        key &&
        !pair.holder &&
        pair.parent &&
        pair.otherParents.length === 0 &&
        pair.rivals.every((rival) => !hasTarget(rival, pair.relation, pair.parentName));
      return elsewhere ? [{ pair, key }] : [];
    }),

  describe: ({ pair, key }) => ({
    about: atRelation(pair, key.name),
    message: `The foreign key "${key.name}" of ${pair.relation.id} points at ${tableId(key.parent)} (${inOrder(key, pair).join(', ')}); the models say ${tableId(pair.parentName)} (${pair.relation.parentColumns.join(', ')}).`,
    help: 'The key is swapped when every row has a parent there too. Otherwise nothing is changed: correct the model or the rows.',
    ...rowsOf(pair.orphans),
  }),

  repair({ pair, key }, policy) {
    if (typeof pair.orphans === 'string')
      return refuse('NOT_MEASURED', `the rows could not be looked at (${pair.orphans})`);
    // These rows have a parent, proved by a live key: that a model names another table does not make them orphans.
    if (pair.orphans.rows > 0)
      return refuse(
        'ROWS_OF_OTHER_TARGET',
        `${counted(pair.orphans.rows, 'row', 'has', 'have')} no parent in ${tableId(pair.parentName)}`,
      );
    return swapInPlace(pair, key, policy);
  },
});

/** The key's parent columns in the order in which the relation names its own. */
const inOrder = (key: ForeignKey, { relation }: MeasuredRelation): readonly string[] =>
  relation.childColumns.flatMap((column) => key.parentColumns[key.childColumns.indexOf(column)] ?? []);

const rowsOf = (orphans: MeasuredRelation['orphans']): Pick<Description, 'rows' | 'sampleKeys'> =>
  typeof orphans === 'object' && orphans.rows > 0
    ? { rows: orphans.rows, ...(orphans.samples.length > 0 && { sampleKeys: orphans.samples }) }
    : {};
