import { tableId } from '../names';
import type { PairedRelation, PairedTable, Snapshot } from '../snapshot';
import { atRelation, atTable, defineProblem } from './problem';

export const missingTable = defineProblem({
  kind: 'missing-table',
  severity: 'error',
  title: 'Table missing',
  why: 'Every query of a table that the database does not have fails with 42P01, and no key to it or from it can exist.',
  remedy:
    'Nothing, and it leaves the relations of the table alone. `sync()` or a migration creates the table; its keys follow.',
  silence:
    'Correct the name of the table in the model. `exclude` leaves out a model, or a table that another application owns.',

  detect: (snapshot: Snapshot) => [
    ...snapshot.tables.filter(({ table }) => table === undefined).map((pair) => ({ pair })),
    ...unknownParents(snapshot).map((relation) => ({ relation })),
  ],

  describe: (facts) => ('relation' in facts ? ofRelation(facts.relation) : ofModel(facts.pair)),

  repair: () => 'manual',
});

const ofModel = (pair: PairedTable) => ({
  about: atTable(pair, []),
  message: `The table ${tableId(pair.name)} of the model ${pair.model.model} does not exist.`,
  help: 'Create it with sync() or a migration; its keys are created afterwards.',
});

const ofRelation = (pair: PairedRelation) => ({
  about: atRelation(pair),
  message: `The table ${tableId(pair.parentName)}, which ${pair.relation.id} points at, does not exist, and no model is stored in it.`,
  help: `Correct the name in ${pair.relation.declarations[0]?.text ?? pair.relation.id}, or create the table; the key is created afterwards.`,
});

/** `references: { model: 'User' }` where the table is called Users: no model's table is missing, and yet the parent is. */
const unknownParents = ({ relations, tables }: Snapshot): readonly PairedRelation[] => {
  const stored = new Set(tables.map(({ name }) => tableId(name)));
  return relations.filter(
    ({ parent, parentName }) => parent === undefined && !stored.has(tableId(parentName)),
  );
};
