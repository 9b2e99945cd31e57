import { tableId } from '../names';
import type { MeasuredRelation, Snapshot } from '../snapshot';
import { atRelation, defineProblem } from './problem';

export const missingColumn = defineProblem({
  kind: 'missing-column',
  severity: 'error',
  title: 'Key column missing',
  why: 'A relation of the models needs a column that the table does not have, so its key cannot exist.',
  remedy:
    'Nothing, and it leaves the relation alone: no key is created, no row is counted or cleaned. The key follows once the column is there.',
  silence:
    'Add the column, or write `constraints: false` in the association. `exclude` leaves the model out.',

  detect: ({ relations }: Snapshot) =>
    relations.map((pair) => ({ pair, missing: absent(pair) })).filter(({ missing }) => missing.length > 0),

  describe: ({ pair, missing }) => ({
    about: atRelation(pair),
    message: `${pair.relation.id} needs ${missing.length === 1 ? `the column ${missing[0]}, which does` : `the columns ${missing.join(', ')}, which do`} not exist.`,
    help: 'Add it with sync({ alter: true }) or a migration; the key is created afterwards.',
  }),

  repair: () => 'manual',
});

function absent({ relation, child, parent, childName, parentName }: MeasuredRelation): readonly string[] {
  const lacking = (table: typeof child, name: typeof childName, columns: readonly string[]) =>
    table
      ? columns
          .filter((column) => !table.columns.some((has) => has.name === column))
          .map((column) => `${tableId(name)}.${column}`)
      : [];
  return [
    ...lacking(child, childName, relation.childColumns),
    ...lacking(parent, parentName, relation.parentColumns),
  ];
}
