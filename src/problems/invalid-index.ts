import { statementsOf } from '../changes/statement';
import { sameNames, sameTable, tableId } from '../names';
import { partitionTree } from '../policy/partition-tree';
import { isLeftOver } from '../repair/lookup';
import type { Index, Table } from '../catalog/catalog';
import type { TableName } from '../schema';
import type { Snapshot } from '../snapshot';
import { defineProblem } from './problem';

export const invalidIndex = defineProblem({
  kind: 'invalid-index',
  severity: 'warning',
  title: 'Invalid index',
  why: 'An index that was left by a failed CREATE INDEX CONCURRENTLY or REINDEX costs time with every write, and no query uses it.',
  remedy:
    "Nothing by default; `indexes: 'create'` drops it concurrently, unless a constraint rests on it or somebody is building it at that moment.",
  silence: 'Drop it or build it again (`REINDEX INDEX CONCURRENTLY`), or leave the table out with `exclude`.',

  detect: (snapshot: Snapshot) => {
    const isOurs = partOfModels(snapshot);
    return snapshot.catalog.tables.flatMap((table) => {
      // Asked first: in most databases no index is invalid, and then nobody has to know whose table it is.
      const invalid = table.indexes.filter((index) => !index.valid && !index.building);
      if (invalid.length === 0 || table.kind !== 'table' || !isOurs(table.name)) return [];
      return invalid
        .filter((index) => !isMendedElsewhere(table, index, snapshot))
        .map((index) => ({ table, index, change: dropOf(table, index) }));
    });
  },

  describe: ({ table, index, change }) => ({
    about: {
      child: { schema: table.name.schema, table: table.name.name, columns: index.columns },
      // PostgreSQL's own errors name an index in this field too.
      constraint: index.name,
    },
    message: `The index "${index.name}" of ${tableId(table.name)} is INVALID.`,
    help: isLeftOver(index)
      ? `${statementsOf(change).map(({ sql }) => sql)[0]}; removes it; with indexes: 'create' the guard does. Then build it again, if it is wanted.`
      : 'A constraint or another index rests on it, so it cannot be dropped: REINDEX INDEX CONCURRENTLY builds it again.',
  }),

  repair: ({ index, change }, { settings }) =>
    settings.indexes === 'create' && isLeftOver(index) ? { changes: [change] } : 'manual',
});

/** Tells the tables of models, and the partitions of such, from all others. */
function partOfModels({ catalog, tables }: Snapshot): (table: TableName) => boolean {
  const { wholesOf } = partitionTree(catalog);
  const models = new Set(tables.map(({ name }) => tableId(name)));
  return (table) => [table, ...wholesOf(table)].some((name) => models.has(tableId(name)));
}

const dropOf = (table: Table, index: Index) =>
  ({ op: 'drop-index', table: table.name, index: index.name }) as const;

/** What a primary key or a parent's unique key was to rest on is dropped and built again by the kinds of their own. */
const isMendedElsewhere = (
  table: Table,
  { unique, columns }: Index,
  { relations, tables }: Snapshot,
): boolean =>
  unique &&
  (relations.some(
    ({ target, parentName, relation }) =>
      !target && sameTable(parentName, table.name) && sameNames(relation.parentColumns, columns),
  ) ||
    (!table.uniqueIndexes.some(({ primary }) => primary) &&
      tables.some(({ name, model }) => sameTable(name, table.name) && sameNames(model.primaryKey, columns))));
