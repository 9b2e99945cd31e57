import { flag, text } from '../catalog/row';
import type { Session } from '../db';
import type { TableName } from '../schema';
import { identifier, join, parameter, qualified, sql, type Sql } from '../sql';

type Values = Readonly<Record<string, string | null>>;

/** A table that rows are put back into. Both functions give the reason when a row cannot come back. */
export interface RestoreTarget {
  /** Inserts a deleted row, with its own identity values; computed columns compute themselves. */
  insert(values: Values): Promise<string | undefined>;
  /** Gives the changed columns of a row their old values, if nobody has given them new ones. */
  giveBack(values: Values, changed: readonly string[]): Promise<string | undefined>;
}

interface TargetColumn {
  readonly name: string;
  readonly generated: boolean;
  readonly inPrimaryKey: boolean;
}

/** Reads a table's columns as they are now; `undefined` when the table is gone. */
export async function readTarget(session: Session, table: TableName): Promise<RestoreTarget | undefined> {
  const columns = (await session.query(columnQuery, [table.schema, table.name])).map((row) => ({
    name: text(row, 'name'),
    generated: flag(row, 'generated'),
    inPrimaryKey: flag(row, 'in_primary_key'),
  }));
  if (columns.length === 0) return undefined;
  return {
    insert: (values) => insert(session, table, columns, values),
    giveBack: (values, changed) => giveBack(session, table, columns, values, changed),
  };
}

const columnQuery = sql`
  select a.attname as name, a.attgenerated <> '' as generated,
         exists (select from pg_catalog.pg_index i where i.indrelid = c.oid and i.indisprimary and a.attnum = any (i.indkey)) as in_primary_key
    from pg_catalog.pg_class c
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
   where n.nspname = $1 and c.relname = $2
   order by a.attnum`;

/** Values go as parameters, so that each type's own input function reads the text that its output function wrote. */
async function insert(session: Session, table: TableName, columns: readonly TargetColumn[], values: Values): Promise<string | undefined> {
  const stored = columns.filter(({ name, generated }) => !generated && name in values);
  const lost = Object.keys(values).find((name) => !columns.some((column) => column.name === name));
  if (lost !== undefined) return `the column ${lost} is gone`;
  const names = join(stored.map(({ name }) => identifier(name)), ', ');
  const places = join(stored.map((_, i) => parameter(i + 1)), ', ');
  await session.query(sql`insert into ${qualified(table)} (${names}) overriding system value values (${places})`, stored.map(({ name }) => values[name]));
  return undefined;
}

async function giveBack(session: Session, table: TableName, columns: readonly TargetColumn[], values: Values, changed: readonly string[]): Promise<string | undefined> {
  const lost = changed.find((name) => !columns.some((column) => column.name === name));
  if (lost !== undefined) return `the column ${lost} is gone`;
  const key = columns.filter(({ inPrimaryKey }) => inPrimaryKey).map(({ name }) => name);
  if (key.length === 0) return 'the table has no primary key by which to find the row';
  const names = [...new Set(changed)];
  const sets = names.map((name, i) => sql`${identifier(name)} = ${parameter(i + 1)}`);
  const finds = key.map((name, i) => sql`${identifier(name)} = ${parameter(names.length + i + 1)}`);
  const untouched = names.filter((name) => !key.includes(name)).map((name) => sql`${identifier(name)} is null`);
  const update: Sql = sql`update ${qualified(table)} set ${join(sets, ', ')} where ${join([...finds, ...untouched], ' and ')} returning 1 as found`;
  const found = await session.query(update, [...names, ...key].map((name) => values[name]));
  return found.length === 1 ? undefined : 'the row is gone or has a new value';
}
