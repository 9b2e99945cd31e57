import type { ForeignKey } from './catalog';
import type { NumberedColumns } from './columns';
import type { Dictionary } from './dictionary';
import type { NumberedKey } from './foreign-keys';
import type { Operator, TableName } from '../schema';

/** One end of a key. */
export interface End {
  readonly name: TableName;
  readonly columns: NumberedColumns;
}

/** A key in words. */
export function foreignKeyOf(
  key: NumberedKey,
  child: End,
  parent: End,
  triggersEnabled: boolean,
  dictionary: Dictionary,
): ForeignKey {
  const { kind } = key;
  return {
    oid: Number(key.oid),
    name: key.name,
    child: child.name,
    childColumns: namesOf(child, kind.childColumns),
    parent: parent.name,
    parentColumns: namesOf(parent, kind.parentColumns),
    onDelete: kind.onDelete,
    onUpdate: kind.onUpdate,
    ...(kind.setColumns.length > 0 && { setColumns: namesOf(child, kind.setColumns) }),
    ...(kind.matchFull && { matchFull: true as const }),
    ...(kind.temporal && { temporal: true as const }),
    validated: kind.validated,
    enforced: kind.enforced,
    deferrable: kind.deferrable,
    initiallyDeferred: kind.initiallyDeferred,
    inherited: kind.inherited,
    triggersEnabled,
    equality: kind.operators.map((_, i) => operatorOf(key, i, child, parent, dictionary)),
    definition: key.definition,
  };
}

const namesOf = ({ columns }: End, numbers: readonly number[]): readonly string[] =>
  numbers.map((number) => columns.names[number - 1] ?? '');

/**
 * A collation is named only where the columns differ in it, as PostgreSQL's own check does (the parent's wins). The
 * operator's types are named where a column has another one: by itself `character = text` compares as text, while a key
 * pads.
 */
function operatorOf(key: NumberedKey, i: number, child: End, parent: End, dictionary: Dictionary): Operator {
  const { schema, name, operands } = dictionary.operator(key.kind.operators[i] ?? 0);
  const ours = child.columns.kinds[(key.kind.childColumns[i] ?? 0) - 1];
  const theirs = parent.columns.kinds[(key.kind.parentColumns[i] ?? 0) - 1];
  const [left, right] = operands;
  if (!ours || !theirs || !left || !right)
    throw new Error(`the key ${key.name} has a column that is not there`);
  const collation = ours.collation === theirs.collation ? undefined : dictionary.collation(theirs.collation);
  const converts =
    ours.type !== theirs.type &&
    (left.oid !== theirs.type || right.oid !== ours.type) &&
    !left.pseudo &&
    !right.pseudo;
  return {
    schema,
    name,
    ...(collation && { collation }),
    ...(converts && { operands: [left.type, right.type] as const }),
  };
}
