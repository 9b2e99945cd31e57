import { escapeIdentifier as quoted } from 'pg';
import type { Judge } from '../../postgres/judge';
import type { Rows, Values } from './rows';

/** One row of the quarantine. */
export interface Copy {
  readonly table: string;
  readonly action: 'delete' | 'change';
  readonly values: Values;
  readonly changed: readonly string[];
  readonly given: Values | null;
}

/** The youngest first. */
export const readCopies = (database: Judge, schema: string): Promise<readonly Copy[]> =>
  database.query<Copy>(
    `select format('%I.%I', table_schema, table_name) as table, action, row_data as values, changed_columns as changed, given
       from ${quoted(schema)}.quarantine order by id desc`,
  );

/** Every row as text, as often as it is there. */
export const asLines = (rows: Rows): readonly string[] =>
  [...rows].flatMap(([table, all]) => all.map(({ values }) => lineOf(table, values))).sort();

export const lineOf = (table: string, values: Values): string =>
  `${table} ${JSON.stringify(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)))}`;

/**
 * What the tables would hold if every copy took the place of what was left of its row, by the test's own reckoning.
 * `strays` are copies of rows that are not as their copy says.
 */
export function replay(
  after: Rows,
  copies: readonly Copy[],
  isComputed: (table: string, column: string) => boolean,
): { readonly lines: readonly string[]; readonly strays: readonly Copy[] } {
  const tables = new Map([...after].map(([table, rows]) => [table, rows.map(({ values }) => values)]));
  const strays: Copy[] = [];
  for (const copy of copies) {
    const rows = tables.get(copy.table) ?? [];
    if (copy.action === 'delete') {
      rows.push(copy.values);
      continue;
    }
    const left: Values = {
      ...copy.values,
      ...Object.fromEntries(copy.changed.map((column) => [column, copy.given?.[column] ?? null])),
    };
    const at = rows.findIndex((row) =>
      Object.keys(row).every((column) => isComputed(copy.table, column) || row[column] === left[column]),
    );
    if (at < 0) strays.push(copy);
    else rows[at] = copy.values;
  }
  const lines = [...tables].flatMap(([table, rows]) => rows.map((values) => lineOf(table, values)));
  return { lines: lines.sort(), strays };
}

/** The lines of one list that the other lacks, as often as it lacks them; both are in order. */
export function lacking(lines: readonly string[], others: readonly string[]): readonly string[] {
  const left = new Map<string, number>();
  for (const line of others) left.set(line, (left.get(line) ?? 0) + 1);
  return lines.filter((line) => {
    const more = left.get(line) ?? 0;
    left.set(line, more - 1);
    return more <= 0;
  });
}
