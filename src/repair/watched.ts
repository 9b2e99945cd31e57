import type { WatchedRelation } from '../changes/watched-relation';
import { comparableRows, orphanCondition } from '../pairing/measurable';
import type { WantedRelation } from '../policy/wanted';
import type { NotMeasured, PairedRelation, Snapshot } from '../snapshot';

/** The relations that no key watches over, or only one that nobody decided on: their rows must not lose their parents to this clean-up. */
export const watched = ({ relations, bystanders }: Snapshot): readonly WatchedRelation[] =>
  [...relations, ...bystanders].flatMap((pair) => {
    const undecided = isUndecided(pair.relation);
    if (!undecided && (pair.holder || pair.rivals.length > 0)) return [];
    const condition = pathOf(pair);
    return condition ? [{ ...condition, relation: pair.relation.id, ...(undecided && { undecided }) }] : [];
  });

/** Rows that cannot be compared for certain may be children all the same. What holds no rows of its own has none. */
function pathOf(pair: PairedRelation): Omit<WatchedRelation, 'relation'> | undefined {
  const condition = comparableRows(pair, 'all');
  if (typeof condition !== 'string') return condition;
  if (condition === 'inheritance') return orphanCondition(pair);
  const unclear =
    condition === 'type-mismatch' ? condition : HIDDEN.includes(condition) ? 'unreadable' : undefined;
  if (!unclear) return undefined;
  const { childName: child, parentName: parent, relation } = pair;
  const { childColumns, parentColumns } = relation;
  return { child, childColumns, parent, parentColumns, equality: [], unclear };
}

const HIDDEN: readonly NotMeasured[] = ['unreadable', 'row-security'];

/** True when neither an author nor an option says what becomes of a row that loses its parent. */
const isUndecided = ({ wanted: { onDelete }, orphanPolicy }: WantedRelation): boolean =>
  onDelete.enforce === 'any' &&
  orphanPolicy !== 'delete' &&
  !(orphanPolicy === 'nullify' && onDelete.create === 'SET NULL');
