import type { Judge } from '../postgres/judge';
import { schemaLines, tableRows } from '../postgres/dump';

/** A whole database as lines, `fk_guard` left out. */
export interface State {
  readonly schema: readonly string[];
  /** `"schema"."table" (value,…)` */
  readonly rows: readonly string[];
}

/** Reads everything that a repair could change, by catalog queries and not by the guard's reader. */
export async function stateOf(database: Judge): Promise<State> {
  const schema = (await schemaLines(database)).flat();
  const rows = (await tableRows(database)).flatMap((own) => own.rows.map((row) => `${own.table} ${row}`));
  return { schema, rows };
}

/** What is gone (`- `) and what is new (`+ `); the schema's lines first. */
export const difference = (before: State, after: State): readonly string[] => [
  ...differingLines(before.schema, after.schema),
  ...differingLines(before.rows, after.rows),
];

/** How many rows of the first state are not in the second one as they were. */
export const lostRows = (before: State, after: State): number => without(before.rows, after.rows).length;

const differingLines = (before: readonly string[], after: readonly string[]): readonly string[] => [
  ...without(before, after).map((line) => `- ${line}`),
  ...without(after, before).map((line) => `+ ${line}`),
];

/** Tables without a key may hold equal rows: each line of `taken` takes one away. */
function without(lines: readonly string[], taken: readonly string[]): readonly string[] {
  const left = new Map<string, number>();
  for (const line of taken) left.set(line, (left.get(line) ?? 0) + 1);
  return lines.filter((line) => {
    const count = left.get(line) ?? 0;
    left.set(line, count - 1);
    return count <= 0;
  });
}
