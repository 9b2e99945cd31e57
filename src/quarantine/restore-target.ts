import { flag, text } from '../catalog/row';
import type { Session } from '../db';
import type { TableName } from '../schema';
import { columnDefault, identifier, join, parameter, qualified, sql } from '../sql';
import { findRow, here, isUntouched, type TargetColumn, type Values } from './find-row';

/** A table that rows are put back into. Both functions give the reason when a row cannot come back. */
export interface RestoreTarget {
  /** Inserts a deleted row, with its own identity values; computed columns compute themselves. */
  insert(values: Values): Promise<string | undefined>;
  /** Gives the changed columns of a row their old values, if nobody has given them new ones. */
  giveBack(values: Values, changed: readonly string[], given: Values): Promise<string | undefined>;
}

/** Reads a table's columns as they are now; `undefined` when the table is gone. */
export async function readTarget(session: Session, table: TableName): Promise<RestoreTarget | undefined> {
  const columns = (await session.query(columnQuery, [table.schema, table.name])).map((row) => ({
    name: text(row, 'name'),
    type: text(row, 'type'),
    generated: flag(row, 'generated'),
    keyEquality: row['operator']
      ? { schema: text(row, 'operator_schema'), name: text(row, 'operator') }
      : undefined,
    default: row['default'] ? columnDefault(row['default']) : undefined,
  }));
  if (columns.length === 0) return undefined;
  return {
    insert: (values) => insert(session, table, columns, values),
    giveBack: (values, changed, given) => giveBack(session, table, columns, values, changed, given),
  };
}

const columnQuery = sql`
  select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attgenerated <> '' as generated,
         equal.operator, equal.operator_schema,
         case when a.attgenerated = '' then pg_catalog.pg_get_expr(d.adbin, d.adrelid) end as default
    from pg_catalog.pg_class c
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_catalog.pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
    left join lateral (
      select o.oprname as operator, os.nspname as operator_schema
        from pg_catalog.pg_index i
       cross join lateral unnest(i.indkey, i.indclass) as part(attnum, class)
        join pg_catalog.pg_opclass k on k.oid = part.class
        join pg_catalog.pg_amop m on m.amopfamily = k.opcfamily and m.amopstrategy = 3 and m.amoplefttype = k.opcintype and m.amoprighttype = k.opcintype
        join pg_catalog.pg_operator o on o.oid = m.amopopr
        join pg_catalog.pg_namespace os on os.oid = o.oprnamespace
       where i.indrelid = c.oid and i.indisprimary and part.attnum = a.attnum) equal on true
   where n.nspname = $1 and c.relname = $2
   order by a.attnum`;

/** Values go as parameters, so that each type's own input function reads the text that its output function wrote. */
async function insert(
  session: Session,
  table: TableName,
  columns: readonly TargetColumn[],
  values: Values,
): Promise<string | undefined> {
  const stored = columns.filter(({ name, generated }) => !generated && name in values);
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
  await session.query(
    sql`insert into ${qualified(table)} (${names}) overriding system value values (${places})`,
    stored.map(({ name }) => values[name]),
  );
  return undefined;
}

async function giveBack(
  session: Session,
  table: TableName,
  columns: readonly TargetColumn[],
  values: Values,
  changed: readonly string[],
  left: Values,
): Promise<string | undefined> {
  const names = [...new Set(changed)];
  const given = names.flatMap((name) => columns.find((column) => column.name === name) ?? []);
  if (given.length < names.length)
    return `the column ${names.find((name) => !columns.some((column) => column.name === name))} is gone`;
  const sets = given.map(({ name }, i) => sql`${identifier(name)} = ${parameter(i + 1)}`);
  const untouched = given.map((column) => isUntouched(column, left[column.name]));
  const { find, found } = findRow(columns, values, names);
  // Without a primary key several rows may fit. They are alike in everything that is known, so any one will do.
  const [row] = await session.query(
    sql`with one as (select ${here}.tableoid as relation, ${here}.ctid as place from ${qualified(table)} as ${here} where ${join([find, ...untouched], ' and ')} limit 1)
        update ${qualified(table)} as ${here} set ${join(sets, ', ')} from one where ${here}.tableoid = one.relation and ${here}.ctid = one.place returning 1 as found`,
    [...names.map((name) => values[name]), ...found],
  );
  return row ? undefined : 'the row is gone or has a new value';
}
