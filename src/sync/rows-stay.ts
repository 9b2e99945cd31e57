import type { Expected, Relation } from '../expected';
import type { Snapshot } from '../snapshot';

/** Why the rows of all relations stay: parents that a sync has taken away are no reason to take their children too. */
export const REPLACED =
  'the sync itself may have replaced or emptied the parents (force, or a sync inside of a hook); the next sync, ' +
  'run() of the guard or npx fk-guard apply decides';

/** Why those of one relation stay: the rows were there before what they are judged by. */
const CREATED =
  'the sync has only just made the table or the column, so its rows are not known to have lost a parent; the next ' +
  'sync, run() of the guard or npx fk-guard apply decides';

/** Why those of all stay when the sync has stopped half way. */
export const FAILED = 'the sync failed before it was done; the next one decides';

/** The same expectations, with the rows of some relations left alone: keys are made where no row stands in the way. */
export const leaveRows = (
  expected: Expected,
  why: string,
  which: (relation: Relation) => boolean = () => true,
): Expected => ({
  ...expected,
  relations: expected.relations.map((relation) =>
    relation.rowsStay === undefined && which(relation) ? { ...relation, rowsStay: why } : relation,
  ),
});

/** Leaves the rows of each relation whose table or column was missing before the sync. */
export function leaveRowsOfNew(expected: Expected, before: Snapshot): Expected {
  const missing = new Set(
    before.relations.flatMap(({ relation, orphans }) =>
      orphans === 'missing-table' || orphans === 'missing-column' ? [relation.id] : [],
    ),
  );
  return leaveRows(expected, CREATED, ({ id }) => missing.has(id));
}
