import { isUsable } from '../pairing/pair';
import { sameNameSet, tableId } from '../names';
import type { Table, UniqueIndex } from '../catalog/catalog';
import type { MeasuredTable, Snapshot } from '../snapshot';
import { atTable, defineProblem } from './problem';

export const wrongPrimaryKey = defineProblem({
  kind: 'wrong-primary-key',
  severity: 'warning',
  title: 'Primary key on other columns',
  why: 'Nothing keeps the ids that the model relies on unique: findByPk may find any of several rows, and save, destroy or upsert of one instance can hit others or fail (42P10).',
  remedy:
    'Nothing: which of the two is right only an author can say, and everything that refers to the live key would have to be dropped with it (2BP01).',
  silence:
    'Write `primaryKey: true` at the columns of the live key, or keep the ids of the model unique: a unique index on `NOT NULL` columns is as good. `exclude` leaves the model out.',

  detect: ({ tables }: Snapshot) => tables.flatMap((pair) => wrongKey(pair)),

  describe({ pair, key, lacking }) {
    const { model, name } = pair;
    const [live, wanted] = [key.columns.join(', '), model.primaryKey.join(', ')];
    return {
      about: { ...atTable(pair, model.primaryKey), constraint: key.constraint ?? key.name },
      message: `The primary key "${key.constraint ?? key.name}" of ${tableId(name)} is on ${live}; the model ${model.model} says ${wanted}${lacking.length > 0 ? `, and there is no column ${lacking.join(', ')}` : ''}.`,
      help: isWider(key, pair)
        ? `Write primaryKey: true at ${missingIn(key, pair).join(', ')} of ${model.model} as well${pair.table?.kind === 'partitioned table' ? ': a primary key of a partitioned table has to hold the columns that it is partitioned by' : ', if a row is only known by all of them'}.`
        : `If the table is right, write primaryKey: true at ${live} of ${model.model}. If the model is right, change the key in a migration: the keys that refer to it have to go first and come back after it.`,
    };
  },

  repair: () => 'manual',
});

/** A primary key of the database that is not the one of the model. */
export interface WrongKey {
  readonly pair: MeasuredTable;
  readonly key: UniqueIndex;
  /** Columns of the model's key that the table does not have. */
  readonly lacking: readonly string[];
}

function wrongKey(pair: MeasuredTable): readonly WrongKey[] {
  const { model, table } = pair;
  const key = table?.uniqueIndexes.find(({ primary }) => primary);
  // The order of the columns is a matter of speed, not of what is unique.
  if (!table || !key || model.primaryKey.length === 0 || sameNameSet(key.columns, model.primaryKey))
    return [];
  if (isAsGood(table, key, model.primaryKey)) return [];
  const known = table.columns.map(({ name }) => name);
  return [{ pair, key, lacking: model.primaryKey.filter((column) => !known.includes(column)) }];
}

/** Unique and never null is all that a primary key promises; but a narrower key forbids what the model allows. */
const isAsGood = (table: Table, key: UniqueIndex, columns: readonly string[]): boolean =>
  !key.columns.every((column) => columns.includes(column)) &&
  table.uniqueIndexes.some((index) => isUsable(index, columns)) &&
  table.columns.every(({ name, notNull }) => notNull || !columns.includes(name));

const missingIn = (key: UniqueIndex, { model }: MeasuredTable): readonly string[] =>
  key.columns.filter((column) => !model.primaryKey.includes(column));

const isWider = (key: UniqueIndex, pair: MeasuredTable): boolean =>
  pair.model.primaryKey.every((column) => key.columns.includes(column));
