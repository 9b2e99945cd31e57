import { has, own } from '../own';
import { identifier, join, literal, operator, parameter, sql, type Sql } from '../sql';
import { rowText } from './row-text';
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

/** Null, the column's default or another parent's key is what the guard left. The old value would let a half null row pass for the changed one. */
export function isUntouched({ name, default: usual }: TargetColumn, { given, converted }: Left): Sql {
  const column = sql`${here}.${identifier(name)}`;
  const parent = own(given, name) ?? undefined;
  const form = own(converted, name);
  const states = [
    sql`${column} is null`,
    ...(parent === undefined ? [] : [sql`${column} is not distinct from ${literal(parent)}`]),
    ...(typeof form === 'string' ? [isConverted(name, form)] : []),
    ...(usual && !has(converted, name) ? [sql`${column} is not distinct from (${usual})`] : []),
  ];
  return sql`(${join(states, ' or ')})`;
}

/** The value that a conversion left. The column may have its old type again, so it is compared as text; the blanks of `character` say nothing. */
const isConverted = (name: string, value: string): Sql =>
  sql`pg_catalog.rtrim(pg_catalog.format('%s', ${here}.${identifier(name)})) = pg_catalog.rtrim(${literal(value)})`;

/** Rows that have what the guard wrote come before those that are null: whoever gave the column its old type may have left it so. */
export function likeliestFirst({ converted }: Left): Sql {
  const same = Object.entries(converted).flatMap(([name, value]) =>
    value === null ? [] : [isConverted(name, value)],
  );
  return same.length === 0 ? sql`` : sql` order by ${join(same, ' and ')} desc nulls last`;
}

/** How to find the row again: by what was not changed of its primary key, else by all that was not changed. Parameters come after the changed values. */
export function findRow(
  columns: readonly TargetColumn[],
  values: Values,
  changed: readonly string[],
): { readonly find: Sql; readonly found: readonly (string | null | undefined)[] } {
  const key = columns.flatMap(({ name, keyEquality }) => (keyEquality ? [{ name, keyEquality }] : []));
  if (key.length > 0) {
    const same = key.filter(({ name }) => !changed.includes(name));
    if (same.length === 0) return { find: sql`true`, found: [] };
    const finds = same.map(
      ({ name, keyEquality }, i) =>
        sql`${here}.${identifier(name)} ${operator(keyEquality)} ${parameter(changed.length + i + 1)}`,
    );
    return { find: join(finds, ' and '), found: same.map(({ name }) => own(values, name)) };
  }
  const rest = columns.filter(
    ({ name, generated }) => !generated && has(values, name) && !changed.includes(name),
  );
  const kept = Object.fromEntries(rest.map(({ name }) => [name, values[name]]));
  return {
    find: sql`${rowText(here, rest)} = ${parameter(changed.length + 1)}::jsonb`,
    found: [JSON.stringify(kept)],
  };
}
