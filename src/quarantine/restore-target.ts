import { flag, text } from '../catalog/row';
import type { Session } from '../db';
import type { Operator, TableName } from '../schema';
import { columnDefault, identifier, join, operator, parameter, qualified, sql, type Sql } from '../sql';
import { rowText } from './row-text';

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
  readonly type: string;
  readonly generated: boolean;
  /** The primary key's own equality, for its columns. */
  readonly keyEquality: Operator | undefined;
  readonly default: Sql | undefined;
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
    giveBack: (values, changed) => giveBack(session, table, columns, values, changed),
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
): Promise<string | undefined> {
  const names = [...new Set(changed)];
  const given = names.flatMap((name) => columns.find((column) => column.name === name) ?? []);
  if (given.length < names.length)
    return `the column ${names.find((name) => !columns.some((column) => column.name === name))} is gone`;
  const sets = given.map(({ name }, i) => sql`${identifier(name)} = ${parameter(i + 1)}`);
  const untouched = given.map(isUntouched);
  const { find, found } = finder(columns, values, names);
  // Without a primary key several rows may fit. They are alike in everything that is known, so any one will do.
  const [row] = await session.query(
    sql`with one as (select ${here}.tableoid as relation, ${here}.ctid as place from ${qualified(table)} as ${here} where ${join([find, ...untouched], ' and ')} limit 1)
        update ${qualified(table)} as ${here} set ${join(sets, ', ')} from one where ${here}.tableoid = one.relation and ${here}.ctid = one.place returning 1 as found`,
    [...names.map((name) => values[name]), ...found],
  );
  return row ? undefined : 'the row is gone or has a new value';
}

const here = sql`"fk_guard_row"`;

/** Null or the column's default is what the guard left. The old value would let a half null row pass for the changed one. */
function isUntouched({ name, default: usual }: TargetColumn): Sql {
  const column = sql`${here}.${identifier(name)}`;
  const states = [sql`${column} is null`, ...(usual ? [sql`${column} is not distinct from (${usual})`] : [])];
  return sql`(${join(states, ' or ')})`;
}

/** How to find the row again: by its primary key, else by all that was not changed. Parameters come after the changed values. */
function finder(
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
