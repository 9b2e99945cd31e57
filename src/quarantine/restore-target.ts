import { json } from '../catalog/row';
import type { Row, Session } from '../db';
import { has } from '../own';
import type { TableName } from '../schema';
import { identifier, join, parameter, qualified, sql } from '../sql';
import { findRow, here, isUntouched, likeliestFirst, type Left, type Values } from './find-row';
import { rowText } from './row-text';
import { readTargetColumns, type TargetColumn } from './target-columns';

/** A table that rows are put back into. Both functions give the reason when a row cannot come back. */
export interface RestoreTarget {
  /** Inserts a deleted row, with its own identity values; computed columns compute themselves. */
  insert(values: Values): Promise<string | undefined>;
  /** Gives the changed columns of a row their old values, if nobody has given them new ones. */
  giveBack(values: Values, changed: readonly string[], left: Left): Promise<string | undefined>;
}

/** Reads a table's columns as they are now; `undefined` when the table is gone. */
export async function readTarget(session: Session, table: TableName): Promise<RestoreTarget | undefined> {
  const columns = await readTargetColumns(session, table);
  if (columns.length === 0) return undefined;
  return {
    insert: (values) => insert(session, table, columns, values),
    giveBack: (values, changed, left) => giveBack(session, table, columns, values, changed, left),
  };
}

/** Values go as parameters, so that each type's own input function reads the text that its output function wrote. */
async function insert(
  session: Session,
  table: TableName,
  columns: readonly TargetColumn[],
  values: Values,
): Promise<string | undefined> {
  const stored = columns.filter(({ name, generated }) => !generated && has(values, name));
  const lost = Object.keys(values).find((name) => !columns.some((column) => column.name === name));
  if (lost !== undefined) return `the column ${lost} is gone`;
  const names = join(
    stored.map(({ name }) => identifier(name)),
    ', ',
  );
  const places = join(
    stored.map((_, i) => parameter(i + 1)),
    ', ',
  );
  const [row] = await session.query(
    sql`insert into ${qualified(table)} as ${here} (${names}) overriding system value values (${places}) returning ${rowText(here, stored)} as values`,
    stored.map(({ name }) => values[name]),
  );
  return row ? otherwise(columns, stored, values, row) : 'a trigger or rule keeps it out';
}

/** The reason when triggers have given a row other values than its copy has. Without any, only a column of another type differs. */
function otherwise(
  columns: readonly TargetColumn[],
  written: readonly TargetColumn[],
  values: Values,
  row: Row,
): string | undefined {
  if (!columns.some(({ triggered }) => triggered)) return undefined;
  const now = valuesOf(row);
  const other = written.filter(({ name }) => now[name] !== values[name]).map(({ name }) => name);
  return other.length > 0 ? `a trigger gives it another value in ${other.join(', ')}` : undefined;
}

const valuesOf = (row: Row): Values => json<Values>(row, 'values');

async function giveBack(
  session: Session,
  table: TableName,
  columns: readonly TargetColumn[],
  values: Values,
  changed: readonly string[],
  left: Left,
): Promise<string | undefined> {
  const names = [...new Set(changed)];
  const given = names.flatMap((name) => columns.find((column) => column.name === name) ?? []);
  if (given.length < names.length)
    return `the column ${names.find((name) => !columns.some((column) => column.name === name))} is gone`;
  const sets = given.map(({ name }, i) => sql`${identifier(name)} = ${parameter(i + 1)}`);
  const untouched = given.map((column) => isUntouched(column, left));
  const { find, found } = findRow(columns, values, names);
  // Without a primary key several rows may fit. They are alike in everything that is known, so any one will do.
  const [row] = await session.query(
    sql`with one as (select ${here}.tableoid as relation, ${here}.ctid as place from ${qualified(table)} as ${here} where ${join([find, ...untouched], ' and ')}${likeliestFirst(left)} limit 1)
        update ${qualified(table)} as ${here} set ${join(sets, ', ')} from one where ${here}.tableoid = one.relation and ${here}.ctid = one.place returning ${rowText(here, given)} as values`,
    [...names.map((name) => values[name]), ...found],
  );
  const retyped = row && Object.keys(left.converted).filter((name) => valuesOf(row)[name] !== values[name]);
  // A converted column may still have its new type, which would turn '007' into 7 again.
  if (retyped && retyped.length > 0) return `the type of ${retyped.join(', ')} cannot hold the old value`;
  return row ? otherwise(columns, given, values, row) : 'the row is gone or has a new value';
}
