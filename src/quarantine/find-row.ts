import { identifier, join, literal, operator, parameter, sql, type Sql } from '../sql';
import { rowText } from './row-text';
import type { TargetColumn } from './target-columns';

/** Column → text form. */
export type Values = Readonly<Record<string, string | null>>;

/** The row of the table, in the statements that look for it. */
export const here = sql`"fk_guard_row"`;

/** Null, the column's default or another parent's key is what the guard left. The old value would let a half null row pass for the changed one. */
export function isUntouched({ name, default: usual }: TargetColumn, left: string | null | undefined): Sql {
  const column = sql`${here}.${identifier(name)}`;
  const states = [
    sql`${column} is null`,
    ...(left === undefined || left === null ? [] : [sql`${column} is not distinct from ${literal(left)}`]),
    ...(usual ? [sql`${column} is not distinct from (${usual})`] : []),
  ];
  return sql`(${join(states, ' or ')})`;
}

/** How to find the row again: by its primary key, else by all that was not changed. Parameters come after the changed values. */
export function findRow(
  columns: readonly TargetColumn[],
  values: Values,
  changed: readonly string[],
): { readonly find: Sql; readonly found: readonly (string | null | undefined)[] } {
  const key = columns.flatMap(({ name, keyEquality }) => (keyEquality ? [{ name, keyEquality }] : []));
  if (key.length > 0) {
    const finds = key.map(
      ({ name, keyEquality }, i) =>
        sql`${here}.${identifier(name)} ${operator(keyEquality)} ${parameter(changed.length + i + 1)}`,
    );
    return { find: join(finds, ' and '), found: key.map(({ name }) => values[name]) };
  }
  const rest = columns.filter(
    ({ name, generated }) => !generated && name in values && !changed.includes(name),
  );
  const kept = Object.fromEntries(rest.map(({ name }) => [name, values[name]]));
  return {
    find: sql`${rowText(here, rest)} = ${parameter(changed.length + 1)}::jsonb`,
    found: [JSON.stringify(kept)],
  };
}
