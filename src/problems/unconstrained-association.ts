import { liveKeys } from '../pairing/live-key';
import { comparableRows } from '../pairing/measurable';
import { sameNames, sameTable, tableId } from '../names';
import { polymorphicSibling } from '../policy/polymorphic';
import type { PairedRelation, PairedTable, Snapshot } from '../snapshot';
import { atRelation, defineProblem } from './problem';

export const unconstrainedAssociation = defineProblem({
  kind: 'unconstrained-association',
  severity: 'info',
  title: 'Association without a key',
  why: 'With `constraints: false` the database enforces nothing: children of deleted parents stay behind, and ON DELETE does nothing. It is often left over from a start that failed (42830, 23503), whose cause can be repaired.',
  remedy:
    'Nothing: no key is created, and no row is counted or cleaned. It is not told where no key could be: a column for keys of several tables (polymorphic, scoped), a view, a column of the parent that is not unique, other types.',
  silence:
    'Remove `constraints: false`, and the key is checked and created like any other. Where none is meant to be there let it stand: an info fails no check. `exclude` leaves the model out.',

  detect: ({ unconstrained, tables }: Snapshot) =>
    unconstrained.filter((pair) => couldHaveKey(pair, tables) && liveKeys(pair).length === 0),

  describe(pair) {
    const { relation, parentName } = pair;
    const lines = relation.declarations.map(({ text }) => text);
    return {
      about: atRelation(pair),
      message: `No key holds ${relation.id} to ${tableId(parentName)} (${relation.parentColumns.join(', ')}): ${lines.join(' and ')} ${lines.length > 1 ? 'say' : 'says'} constraints: false.`,
      help: 'Remove constraints: false there. fk-guard check then counts the rows without a parent, and the key is created once there are none. Keep it only where the column is not meant to have a key.',
    };
  },

  repair: () => 'manual',
});

/** Where the advice would be wrong, or only lead to the next error, nothing is said. */
function couldHaveKey(pair: PairedRelation, tables: readonly PairedTable[]): boolean {
  if (pair.wrongWay || polymorphicSibling(pair) !== undefined || !isReferenceable(pair, tables)) return false;
  const rows = comparableRows(pair, 'all');
  return typeof rows !== 'string' || !NO_KEY_BETWEEN.includes(rows);
}

const NO_KEY_BETWEEN: readonly string[] = [
  'missing-table',
  'missing-column',
  'not-a-table',
  'inheritance',
  'type-mismatch',
];

/** It is, or it will be as soon as the table has the primary key that its model says. */
const isReferenceable = (
  { target, relation: { parentColumns }, parentName }: PairedRelation,
  tables: readonly PairedTable[],
): boolean =>
  target !== undefined ||
  tables.some(
    ({ name, model, table }) =>
      sameTable(name, parentName) &&
      sameNames(model.primaryKey, parentColumns) &&
      table?.kind === 'table' &&
      !table.uniqueIndexes.some(({ primary }) => primary),
  );
