import type { WatchedRelation } from '../changes/watched-relation';
import { comparableRows } from '../pairing/measurable';
import type { WantedRelation } from '../policy/wanted';
import type { Snapshot } from '../snapshot';

/** The relations that no key watches over, or only one that nobody decided on: their rows must not lose their parents to this clean-up. */
export const watched = ({ relations, bystanders }: Snapshot): readonly WatchedRelation[] =>
  [...relations, ...bystanders].flatMap((pair) => {
    const undecided = isUndecided(pair.relation);
    if (!undecided && (pair.holder || pair.rivals.length > 0)) return [];
    const condition = comparableRows(pair, 'all');
    return typeof condition === 'string'
      ? []
      : [{ ...condition, relation: pair.relation.id, ...(undecided && { undecided }) }];
  });

/** True when neither an author nor an option says what becomes of a row that loses its parent. */
const isUndecided = ({ wanted: { onDelete }, orphanPolicy }: WantedRelation): boolean =>
  onDelete.enforce === 'any' &&
  orphanPolicy !== 'delete' &&
  !(orphanPolicy === 'nullify' && onDelete.create === 'SET NULL');
