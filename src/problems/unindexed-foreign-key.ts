import type { Change } from '../changes/change';
import { statementsOf } from '../changes/statement';
import { constraintName, namesInSchema, tableId } from '../names';
import { keySpecification } from '../repair/key-specification';
import { isIndexed, isLeftOver } from '../repair/lookup';
import { differingKey } from '../repair/swap';
import type { MeasuredRelation, Snapshot } from '../snapshot';
import { atRelation, defineProblem, refuse } from './problem';

export const unindexedForeignKey = defineProblem({
  kind: 'unindexed-foreign-key',
  severity: 'warning',
  title: 'Foreign key without an index',
  why: 'PostgreSQL makes no index for a foreign key. Each delete of a parent, and each look from a parent at its children, reads the whole table, and a delete keeps its locks as long.',
  remedy:
    "Nothing by default: the finding has the SQL. `indexes: 'create'` builds the index concurrently where a delete goes on to the children (CASCADE, SET NULL).",
  silence:
    'Build the index, or leave the table out with `exclude`; a warning does not fail `fk-guard check`.',

  detect: ({ relations, catalog }: Snapshot) =>
    relations.flatMap((pair) => {
      const changes = indexFor(pair, catalog);
      const built = changes.find(({ op }) => op === 'create-index');
      return built ? [{ pair, changes, sql: statementsOf(built).map(({ sql }) => sql)[0] }] : [];
    }),

  describe: ({ pair, sql }) => ({
    about: atRelation(pair, pair.holder?.name),
    message: `No index of ${tableId(pair.childName)} begins with ${pair.relation.childColumns.join(', ')}, by which ${pair.relation.id} is looked up.`,
    help:
      pair.child?.kind === 'partitioned table'
        ? `Build an index on each partition, concurrently, and then one on ${tableId(pair.childName)}, which adopts them.`
        : `${sql}; builds it without blocking writers${
            isFollowed(pair) ? "; with indexes: 'create' the guard does" : ''
          }.`,
  }),

  repair({ pair, changes }, { settings }) {
    if (settings.indexes !== 'create' || !isFollowed(pair)) return 'manual';
    return pair.child?.kind === 'partitioned table'
      ? refuse(
          'PARTITIONED',
          'the index of a partitioned table cannot be built without blocking writers; build it partition by partition',
        )
      : { changes };
  },
});

/** Where a delete goes on to the children; where it does not, the index is the author's to weigh. */
const isFollowed = (pair: MeasuredRelation): boolean =>
  ['CASCADE', 'SET NULL'].includes(
    pair.holder?.onDelete ?? keySpecification(pair, differingKey(pair)).onDelete,
  );

/** Under the name that PostgreSQL would choose. */
function indexFor(
  { child, childName, parent, relation, otherParents }: MeasuredRelation,
  catalog: Snapshot['catalog'],
): readonly Change[] {
  const { childColumns: columns } = relation;
  if (!child || !parent || otherParents.length > 0) return [];
  if (child.kind !== 'table' && child.kind !== 'partitioned table') return [];
  if (!columns.every((column) => child.columns.some(({ name }) => name === column))) return [];
  if (isIndexed(child, columns, catalog.tables)) return [];
  // Whatever a failed build has left gives its name free: a run that stops in between ends under the same one.
  const free = child.indexes.filter(isLeftOver).map(({ name }) => name);
  const taken = namesInSchema(catalog, childName.schema).filter((name) => !free.includes(name));
  const index = constraintName(childName.name, columns, 'idx', taken);
  return [
    ...(free.includes(index) ? [{ op: 'drop-index', table: childName, index } as const] : []),
    { op: 'create-index', table: childName, columns, index },
  ];
}
