import { has, own } from '../../own';
import { identifier, join, operator, sql, type Sql } from '../../sql';
import { rowText } from '../row-text';
import type { TargetColumn } from './target-columns';

/** Column → text form. */
export type Values = Readonly<Record<string, string | null>>;

/** The row of the table, in the statements that look for it. */
export const here = sql`"fk_guard_row"`;

/** What the guard wrote into changed columns: another parent's key, or the same value in another type. */
export interface Left {
  readonly given: Values;
  readonly converted: Values;
}

/** Where a statement has the values of a copy: each in the type of its column, or as the text that it is. */
export interface CopyValues {
  typed(kind: 'value' | 'given', column: TargetColumn): Sql;
  text(kind: 'converted', column: TargetColumn): Sql;
}

/**
 * Null, the column's default or another parent's key is what the guard left. The old value would let a half null row
 * pass for the changed one. Without a whole key (`isSure` is false) a null where the guard has written a value is
 * another row's, which has nothing to get.
 */
export function isUntouched(
  column: TargetColumn,
  { given, converted }: Left,
  values: CopyValues,
  isSure: boolean,
): Sql {
  const { name, default: usual } = column;
  const now = sql`${here}.${identifier(name)}`;
  const wasWritten = typeof own(given, name) === 'string' || typeof own(converted, name) === 'string';
  const states = [
    ...(isSure || !wasWritten ? [sql`${now} is null`] : []),
    ...(typeof own(given, name) === 'string'
      ? [sql`${now} is not distinct from ${values.typed('given', column)}`]
      : []),
    ...(typeof own(converted, name) === 'string' ? [isConverted(column, values)] : []),
    ...(usual && !has(converted, name) ? [sql`${now} is not distinct from (${usual})`] : []),
  ];
  return sql`(${join(states, ' or ')})`;
}

/** The value that a conversion left. The column may have its old type again, so it is compared as text; the blanks of `character` say nothing. */
const isConverted = (column: TargetColumn, values: CopyValues): Sql =>
  sql`pg_catalog.rtrim(pg_catalog.format('%s', ${here}.${identifier(column.name)})) = pg_catalog.rtrim(${values.text('converted', column)})`;

/** The columns of the primary key, if it has any that were not changed. */
export const keptKey = (
  columns: readonly TargetColumn[],
  changed: readonly string[],
): readonly TargetColumn[] =>
  columns.filter(({ name, keyEquality }) => keyEquality !== undefined && !changed.includes(name));

/** True when the whole primary key is as it was, so that one row at most can be meant. */
export const hasWholeKey = (columns: readonly TargetColumn[], changed: readonly string[]): boolean =>
  columns.some(({ keyEquality }) => keyEquality) &&
  !columns.some(({ name, keyEquality }) => keyEquality && changed.includes(name));

/** The row with what was not changed of its primary key. */
export const hasKey = (key: readonly TargetColumn[], values: CopyValues): Sql =>
  key.length === 0
    ? sql`true`
    : join(
        key.flatMap((column) =>
          column.keyEquality
            ? [
                sql`${here}.${identifier(column.name)} ${operator(column.keyEquality)} ${values.typed('value', column)}`,
              ]
            : [],
        ),
        ' and ',
      );

/** Columns whose values tell a row of a table without a primary key. */
export const tellingColumns = (
  columns: readonly TargetColumn[],
  values: Values,
  changed: readonly string[],
): readonly TargetColumn[] =>
  columns.filter(({ name, generated }) => !generated && has(values, name) && !changed.includes(name));

/** The row with all that was not changed, `values` being a jsonb object of it. */
export const hasAll = (telling: readonly TargetColumn[], values: Sql): Sql =>
  sql`${rowText(here, telling)} = ${values}`;
