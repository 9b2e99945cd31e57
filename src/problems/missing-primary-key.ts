import type { Change } from '../changes/change';
import { counted } from '../counted';
import { constraintName, namesInSchema, sameNames, tableId } from '../names';
import { whyNoPartitionedIndex } from '../repair/partitioned-index';
import type { MeasuredTable, Snapshot } from '../snapshot';
import { atTable, defineProblem, refuse } from './problem';

export const missingPrimaryKey = defineProblem({
  kind: 'missing-primary-key',
  severity: 'error',
  title: 'Primary key missing',
  why: 'Nothing keeps the ids of this table unique, and no foreign key can point at it (42830: there is no unique constraint matching given keys).',
  remedy:
    'Builds a unique index without blocking writers and makes it the primary key; a nullable column is proved by a validated CHECK first. Refuses when values occur twice (`DUPLICATE_VALUES`, with some of them) or are null (`NULL_VALUES`), and leaves a partitioned table to you (`PARTITIONED`).',
  silence:
    'Where the table is meant to have none, take it out of the model with `removeAttribute`. `exclude` leaves the model out.',

  detect: ({ tables }: Snapshot) => tables.filter(lacksPrimaryKey),

  describe: (pair) => ({
    about: atTable(pair, pair.model.primaryKey),
    message: `${tableId(pair.name)} has no primary key; the model ${pair.model.model} says ${pair.model.primaryKey.join(', ')}.`,
    help: 'A unique index is built without blocking writers and becomes the primary key.',
    ...(pair.keyQuality && pair.keyQuality.samples.length > 0 && { sampleKeys: pair.keyQuality.samples }),
  }),

  repair(pair, { snapshot }) {
    const { keyQuality, table } = pair;
    if (table?.kind === 'partitioned table')
      return refuse(
        'PARTITIONED',
        whyNoPartitionedIndex(table, pair.model.primaryKey, snapshot.catalog) ??
          'give each partition its primary key, then add it with "alter table only", then attach their indexes',
      );
    if (!keyQuality || !table) return refuse('UNREADABLE', 'its rows could not be looked at');
    const samples = keyQuality.samples.join(', ');
    if (keyQuality.duplicateKeys > 0)
      return refuse(
        'DUPLICATE_VALUES',
        `${counted(keyQuality.duplicateKeys, 'value', 'occurs', 'occur')} more than once: ${samples}`,
      );
    if (keyQuality.nullRows > 0)
      return refuse('NULL_VALUES', `${counted(keyQuality.nullRows, 'row', 'has', 'have')} no value`);
    return {
      changes: primaryKey(
        pair.name,
        pair.model.primaryKey,
        table,
        namesInSchema(snapshot.catalog, pair.name.schema),
      ),
    };
  },
});

const lacksPrimaryKey = ({ model, table }: MeasuredTable): boolean =>
  (table?.kind === 'table' || table?.kind === 'partitioned table') &&
  model.primaryKey.length > 0 &&
  model.primaryKey.every((column) => table.columns.some(({ name }) => name === column)) &&
  !table.uniqueIndexes.some(({ primary }) => primary);

/** A validated CHECK lets PostgreSQL believe NOT NULL, so that it need not scan under ACCESS EXCLUSIVE (12 and later). */
function primaryKey(
  table: MeasuredTable['name'],
  columns: readonly string[],
  existing: NonNullable<MeasuredTable['table']>,
  taken: readonly string[],
): readonly Change[] {
  const ready = existing.uniqueIndexes.find(
    (index) =>
      index.valid &&
      !index.partial &&
      !index.deferrable &&
      index.constraint === undefined &&
      sameNames(index.columns, columns),
  );
  const leftOver = existing.uniqueIndexes.find(
    (index) => !index.valid && index.constraint === undefined && sameNames(index.columns, columns),
  );
  const index = ready?.name ?? leftOver?.name ?? constraintName(table.name, columns, 'idx', taken);
  const name = constraintName(table.name, [], 'pkey', [
    ...existing.constraints,
    ...taken.filter((other) => other !== index),
  ]);
  const nullable = columns.filter((column) =>
    existing.columns.some((has) => has.name === column && !has.notNull),
  );
  const check = constraintName(table.name, nullable, 'not_null', []);
  return [
    ...(leftOver && !ready ? [{ op: 'drop-index', table, index } as const] : []),
    ...(ready ? [] : [{ op: 'create-unique-index', table, columns, index } as const]),
    ...(nullable.length > 0 && !existing.constraints.includes(check)
      ? [{ op: 'add-not-null-check', table, columns: nullable, name: check } as const]
      : []),
    ...(nullable.length > 0 ? [{ op: 'validate-check', table, name: check } as const] : []),
    { op: 'add-primary-key', table, index, name, ...(nullable.length > 0 && { check }) },
  ];
}
