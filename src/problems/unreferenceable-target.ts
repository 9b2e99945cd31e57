import type { Change } from '../changes/change';
import { constraintName, sameNames, sameTable, tableId } from '../names';
import type { MeasuredRelation, Snapshot } from '../snapshot';
import { atRelation, defineProblem, refuse } from './problem';

export const unreferenceableTarget = defineProblem({
  kind: 'unreferenceable-target',
  severity: 'error',
  title: 'Parent cannot be referenced',
  why: 'PostgreSQL lets a key point only at columns with a primary key or a full, valid, immediate unique index (42830); partial, deferrable and invalid ones do not count.',

  detect: (snapshot: Snapshot) => onePerTarget(snapshot.relations.filter((pair) => isUnreferenceable(pair, snapshot))),

  describe: (pair) => ({
    about: atRelation(pair),
    message: `${tableId(pair.parentName)} has no unique key on ${pair.relation.parentColumns.join(', ')}, which ${pair.relation.id} points at.`,
    help: 'A unique index is built without blocking writers and becomes a unique constraint.',
    ...(pair.targetQuality && pair.targetQuality.samples.length > 0 && { sampleKeys: pair.targetQuality.samples }),
  }),

  repair({ parent, parentName, relation, targetQuality }) {
    if (!parent || !targetQuality) return refuse('UNREADABLE', 'the rows of the parent could not be looked at');
    if (targetQuality.duplicateKeys > 0) return refuse('DUPLICATE_VALUES', `${targetQuality.duplicateKeys} values occur more than once: ${targetQuality.samples.join(', ')}`);
    return { changes: uniqueKey(parentName, relation.parentColumns, parent) };
  },
});

/** A missing primary key has a kind of its own, which repairs this along the way. */
function isUnreferenceable(pair: MeasuredRelation, { tables }: Snapshot): boolean {
  const { parent, target, relation, parentName } = pair;
  if (!parent || target || (parent.kind !== 'table' && parent.kind !== 'partitioned table')) return false;
  if (!relation.parentColumns.every((column) => parent.columns.some(({ name }) => name === column))) return false;
  const hasPrimaryKey = parent.uniqueIndexes.some(({ primary }) => primary);
  const isPrimaryKey = tables.some(({ name, model }) => sameTable(name, parentName) && sameNames(model.primaryKey, relation.parentColumns));
  return hasPrimaryKey || !isPrimaryKey;
}

const onePerTarget = (pairs: readonly MeasuredRelation[]): readonly MeasuredRelation[] => [
  ...new Map(pairs.map((pair) => [`${tableId(pair.parentName)}(${pair.relation.parentColumns.join()})`, pair])).values(),
];

function uniqueKey(table: MeasuredRelation['parentName'], columns: readonly string[], existing: NonNullable<MeasuredRelation['parent']>): readonly Change[] {
  const name = constraintName(table.name, columns, 'key', [...existing.constraints, ...existing.indexes]);
  const leftOver = existing.uniqueIndexes.find((index) => !index.valid && index.constraint === undefined && sameNames(index.columns, columns));
  const index = leftOver?.name ?? constraintName(table.name, columns, 'idx', existing.indexes);
  return [
    ...(leftOver ? [{ op: 'drop-index', table, index } as const] : []),
    { op: 'create-unique-index', table, columns, index },
    { op: 'add-unique-constraint', table, index, name },
  ];
}
