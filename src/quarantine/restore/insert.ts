import { own } from '../../own';
import { json } from '../../catalog/row';
import type { Row, Session } from '../../db';
import { identifier, integer, join, literal, parameter, qualified, sql, type Sql } from '../../sql';
import { rowText } from '../row-text';
import type { Copy } from './copies';
import { here, type Values } from './find-row';
import type { Reason } from './reason';
import { alongPath, type Target } from './target';
import type { TargetColumn } from './target-columns';

/** What statements about rows are run with. */
export interface Place {
  readonly session: Session;
  /** The application's own. */
  readonly searchPath: string;
}

/** Copies of one table with the same columns. */
export interface Alike {
  readonly target: Target;
  readonly copies: readonly Copy[];
}

/**
 * Inserts deleted rows, with their own identity values; computed columns compute themselves. The reason when they did
 * not all come back as they were. Values go as parameters, so that each type's own input function reads the text that
 * its output function wrote.
 */
export async function insertRows(place: Place, alike: Alike): Promise<Reason | undefined> {
  const lost = whyNotInsert(alike);
  if (lost) return lost;
  const stored = storedColumns(alike);
  const statement = insertStatement(alike, stored, (row, column) =>
    parameter(row * stored.length + column + 1),
  );
  const values = alike.copies.flatMap((copy) => stored.map(({ name }) => own(copy.values, name)));
  const rows = await alongPath(place.session, place.searchPath, () => place.session.query(statement, values));
  return difference(alike, stored, rows);
}

/**
 * Inserts rows of several tables that need each other, all in one statement: PostgreSQL looks for parents when the whole
 * statement is done, whether its keys are deferrable or not.
 */
export async function insertTogether(place: Place, groups: readonly Alike[]): Promise<Reason | undefined> {
  for (const alike of groups) {
    const lost = whyNotInsert(alike);
    if (lost) return lost;
  }
  const name = (i: number): Sql => identifier(`fk_guard_${i}`);
  const parts = groups.map((alike, i) => {
    const stored = storedColumns(alike);
    const value = (row: number, column: number): Sql =>
      valueOf(alike.copies[row]?.values[stored[column]?.name ?? '']);
    return sql`${name(i)} as (${insertStatement(alike, stored, value)})`;
  });
  const all = groups.map((_, i) => sql`(select ${integer(i)} as part, ${name(i)}.values from ${name(i)})`);
  const rows = await alongPath(place.session, place.searchPath, () =>
    place.session.query(
      sql`with ${join(parts, ', ')} select * from (${join(all, ' union all ')}) all_of_them`,
    ),
  );
  for (const [i, alike] of groups.entries()) {
    const own = rows.filter((row) => row['part'] === String(i));
    const other = difference(alike, storedColumns(alike), own);
    if (other) return other;
  }
  return undefined;
}

const valueOf = (value: string | null | undefined): Sql =>
  typeof value === 'string' ? literal(value) : sql`null`;

function insertStatement(
  { target, copies }: Alike,
  stored: readonly TargetColumn[],
  value: (row: number, column: number) => Sql,
): Sql {
  const names = stored.map(({ name }) => identifier(name));
  const rows = copies.map(
    (_, row) =>
      sql`(${join(
        stored.map((__, column) => value(row, column)),
        ', ',
      )})`,
  );
  return sql`insert into ${qualified(target.name)} as ${here} (${join(names, ', ')}) overriding system value values ${join(rows, ', ')} returning ${target.triggered ? rowText(here, stored) : sql`null::pg_catalog.jsonb`} as values`;
}

/** Computed columns compute themselves. A column that came after the copy gets its default. */
const storedColumns = ({ target, copies: [first] }: Alike): readonly TargetColumn[] =>
  target.columns.filter(({ name, generated }) => !generated && first && name in first.values);

function whyNotInsert(alike: Alike): Reason | undefined {
  const { target, copies } = alike;
  const lost = Object.keys(copies[0]?.values ?? {}).find(
    (name) => !target.columns.some((c) => c.name === name),
  );
  if (lost !== undefined) return { text: `the column ${lost} is gone` };
  return storedColumns(alike).length === 0 ? { text: 'its copy has computed columns only' } : undefined;
}

/** PostgreSQL returns the rows of VALUES in their order. Without triggers only a column of another type can differ. */
function difference(
  { target, copies }: Alike,
  stored: readonly TargetColumn[],
  rows: readonly Row[],
): Reason | undefined {
  if (rows.length !== copies.length) return { text: 'a trigger or rule keeps it out' };
  if (!target.triggered) return undefined;
  for (const [i, { values }] of copies.entries()) {
    const other = writtenOtherwise(stored, values, json<Values>(rows[i], 'values'));
    if (other) return other;
  }
  return undefined;
}

/** The reason when triggers have given a row other values than its copy has. */
export function writtenOtherwise(
  written: readonly TargetColumn[],
  values: Values,
  now: Values,
): Reason | undefined {
  const other = written.filter(({ name }) => own(now, name) !== own(values, name)).map(({ name }) => name);
  return other.length > 0 ? { text: `a trigger gives it another value in ${other.join(', ')}` } : undefined;
}
