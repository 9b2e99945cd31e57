import { fits, typeName } from '../column-type';
import { sameTable, tableId } from '../names';
import type { MismatchedColumn } from '../mismatch';
import type { PairedRelation, Snapshot } from '../snapshot';
import { refused, type Refused } from './refused';

/** Why a column may not take another type because of other relations: those that it is a part of, and those whose parent it is. */
export function neighbourInTheWay(
  pair: PairedRelation,
  columns: readonly MismatchedColumn[],
  { relations, bystanders }: Pick<Snapshot, 'relations' | 'bystanders'>,
): Refused | undefined {
  const others = [...relations, ...bystanders].filter((other) => other.relation.id !== pair.relation.id);
  for (const { cast } of columns)
    for (const other of others) {
      const words = sharing(pair, other, cast.column, cast.to) ?? pointing(pair, other, cast.column, cast.to);
      if (words !== undefined)
        return refused(
          'MODELS_DISAGREE',
          '',
          `${words}: the two would no longer fit, and only the author of the models can say which of them has to change`,
        );
    }
  return undefined;
}

/** Another relation of the same column, whose parent has a type that the new one does not fit. */
function sharing(
  pair: PairedRelation,
  other: PairedRelation,
  column: string,
  to: string,
): string | undefined {
  const position = other.relation.childColumns.indexOf(column);
  if (!sameTable(other.childName, pair.childName) || position < 0) return undefined;
  const name = other.relation.parentColumns[position];
  const type = other.parent?.columns.find((candidate) => candidate.name === name)?.type;
  return type === undefined || fits(to, type)
    ? undefined
    : `${other.relation.id} points with the same column at ${tableId(other.parentName)} (${name}), which is ${type}`;
}

/** A relation whose parent the column is, and whose own column would not follow it. */
function pointing(
  pair: PairedRelation,
  other: PairedRelation,
  column: string,
  to: string,
): string | undefined {
  const position = other.relation.parentColumns.indexOf(column);
  if (!sameTable(other.parentName, pair.childName) || position < 0) return undefined;
  const name = other.relation.childColumns[position];
  const word =
    other.relation.childTypes?.[position] ??
    other.child?.columns.find((candidate) => candidate.name === name)?.type;
  return word === undefined || fits(typeName(word), to)
    ? undefined
    : `${other.relation.id} points at this column, and is ${word}`;
}
