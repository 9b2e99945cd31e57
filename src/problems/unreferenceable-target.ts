import type { Change } from '../changes/change';
import { counted } from '../counted';
import { constraintName, namesInSchema, sameNames, tableId } from '../names';
import type { MeasuredRelation, Snapshot } from '../snapshot';
import { inDoubt } from '../policy/in-doubt';
import { indexByPartition, whyNoPartitionedIndex } from '../repair/partitioned-index';
import { awaitsPrimaryKey } from '../repair/target';
import { atRelation, defineProblem, refuse } from './problem';

export const unreferenceableTarget = defineProblem({
  kind: 'unreferenceable-target',
  severity: 'error',
  title: 'Parent cannot be referenced',
  why: 'PostgreSQL lets a key point only at columns with a primary key or a full, valid, immediate unique index (42830); partial, deferrable and invalid ones do not count.',
  remedy:
    "Builds a unique index on the parent's columns without blocking writers; the key follows. Refuses when values occur twice (`DUPLICATE_VALUES`, with some of them), and where the columns lack the partition key of a partitioned table (`PARTITIONED`).",
  silence:
    'Point the association at a unique column (`targetKey`, `sourceKey`), or write `constraints: false` in it. `exclude` leaves the model out.',

  detect: (snapshot: Snapshot) =>
    onePerTarget(snapshot.relations.filter((pair) => isUnreferenceable(pair, snapshot))),

  describe: (pair) => ({
    about: atRelation(pair),
    message: `${tableId(pair.parentName)} has no unique key on ${pair.relation.parentColumns.join(', ')}, which ${pair.relation.id} points at.`,
    help: 'A unique index is built without blocking writers; that is all that a key needs.',
    ...(pair.targetQuality &&
      pair.targetQuality.samples.length > 0 && { sampleKeys: pair.targetQuality.samples }),
  }),

  repair({ parent, parentName, relation, targetQuality }, { snapshot }) {
    const obstacle =
      parent?.kind === 'partitioned table' &&
      whyNoPartitionedIndex(parent, relation.parentColumns, snapshot.catalog);
    if (obstacle) return refuse('PARTITIONED', obstacle);
    if (!parent || !targetQuality)
      return refuse('UNREADABLE', 'the rows of the parent could not be looked at');
    if (targetQuality.duplicateKeys > 0)
      return refuse(
        'DUPLICATE_VALUES',
        `${counted(targetQuality.duplicateKeys, 'value', 'occurs', 'occur')} more than once: ${targetQuality.samples.join(', ')}`,
      );
    if (parent.kind === 'partitioned table')
      return { changes: indexByPartition(parent, relation.parentColumns, snapshot.catalog) };
    return {
      changes: uniqueIndex(
        parentName,
        relation.parentColumns,
        parent,
        namesInSchema(snapshot.catalog, parentName.schema),
      ),
    };
  },
});

/** A missing primary key has a kind of its own, which repairs this along the way. */
function isUnreferenceable(pair: MeasuredRelation, snapshot: Snapshot): boolean {
  const { parent, target, relation } = pair;
  // What would not be pointed at needs no key, and must not stand for other relations that do.
  if (inDoubt(pair)) return false;
  if (!parent || target || [...pair.rivals, pair.holder].some((key) => key?.temporal)) return false;
  if (parent.kind !== 'table' && parent.kind !== 'partitioned table') return false;
  if (!relation.parentColumns.every((column) => parent.columns.some(({ name }) => name === column)))
    return false;
  return !awaitsPrimaryKey(pair, snapshot);
}

/** The first relation stands for all that point at the same columns. */
const onePerTarget = (pairs: readonly MeasuredRelation[]): readonly MeasuredRelation[] =>
  [
    ...new Map(
      pairs
        .toReversed()
        .map((pair) => [
          `${tableId(pair.parentName)}(${JSON.stringify([...pair.relation.parentColumns].sort())})`,
          pair,
        ]),
    ).values(),
  ].reverse();

/** No constraint on top of it: it would take ACCESS EXCLUSIVE, and a key needs only the index. */
function uniqueIndex(
  table: MeasuredRelation['parentName'],
  columns: readonly string[],
  existing: NonNullable<MeasuredRelation['parent']>,
  taken: readonly string[],
): readonly Change[] {
  const leftOver = existing.uniqueIndexes.find(
    (index) => !index.valid && index.constraint === undefined && sameNames(index.columns, columns),
  );
  const index =
    leftOver?.name ?? constraintName(table.name, columns, 'key', [...existing.constraints, ...taken]);
  return [
    ...(leftOver ? [{ op: 'drop-index', table, index } as const] : []),
    { op: 'create-unique-index', table, columns, index },
  ];
}
