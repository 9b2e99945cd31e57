import { flag, json, text } from '../../catalog/row';
import type { Row, Session } from '../../db';
import type { Operator, TableName } from '../../schema';
import { columnDefault, sql, typeName, type Sql } from '../../sql';

/** A column of a table that rows are put back into. */
export interface TargetColumn {
  readonly name: string;
  readonly type: string;
  /** The type without a length, for a cast that cuts nothing off. */
  readonly input: Sql;
  readonly generated: boolean;
  /** True where the type has a length that more digits are rounded to without an error, as `numeric(10,2)` has. */
  readonly rounds: boolean;
  /** The primary key's own equality, for its columns. */
  readonly keyEquality: Operator | undefined;
  readonly default: Sql | undefined;
}

/** A table as it is now. */
export interface TargetTable {
  readonly oid: string;
  readonly columns: readonly TargetColumn[];
  /** True when triggers of the application may write rows otherwise than they come. */
  readonly triggered: boolean;
}

/** Reads a table as it is now; none when it is gone, or is something else than a table. */
export async function readTargetTable(session: Session, table: TableName): Promise<TargetTable | undefined> {
  const [row] = await session.query(tableQuery, [table.schema, table.name]);
  if (!row) return undefined;
  const columns = await session.query(columnQuery, [text(row, 'oid')]);
  return { oid: text(row, 'oid'), triggered: flag(row, 'triggered'), columns: columns.map(columnOf) };
}

/** The name that the table with this oid has now, or that the partitioned table has that it belongs to. */
export async function nameNow(session: Session, oid: string): Promise<TableName | undefined> {
  const [row] = await session.query(
    sql`select n.nspname as schema, c.relname as name from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
         where c.relkind in ('r', 'p') and c.oid = coalesce(pg_catalog.pg_partition_root($1::pg_catalog.oid::pg_catalog.regclass), $1::pg_catalog.oid)`,
    [oid],
  );
  return row && { schema: text(row, 'schema'), name: text(row, 'name') };
}

const columnOf = (row: Row): TargetColumn => ({
  name: text(row, 'name'),
  type: text(row, 'type'),
  input: typeName(text(row, 'input')),
  generated: flag(row, 'generated'),
  rounds: flag(row, 'rounds'),
  keyEquality: row['equality'] ? json<Operator>(row, 'equality') : undefined,
  default: row['default'] ? columnDefault(row['default']) : undefined,
});

const tableQuery = sql`
  select c.oid,
         exists (select from pg_catalog.pg_trigger t where (not t.tgisinternal or t.tgconstraint = 0) and t.tgenabled <> 'D'
                   and (t.tgrelid = c.oid or t.tgrelid in (select p.relid from pg_catalog.pg_partition_tree(c.oid) p))) as triggered
    from pg_catalog.pg_class c
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
   where n.nspname = $1 and c.relname = $2 and c.relkind in ('r', 'p')`;

const columnQuery = sql`
  select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, pg_catalog.format_type(a.atttypid, -1) as input,
         a.attgenerated <> '' as generated, equal.equality,
         a.atttypmod <> -1 and pg_catalog.format_type(a.atttypid, -1) ~ '^(numeric|time|timestamp|interval)([^a-z]|$)' as rounds,
         case when a.attgenerated = '' then pg_catalog.pg_get_expr(d.adbin, d.adrelid) end as default
    from pg_catalog.pg_attribute a
    left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    left join lateral (
      select pg_catalog.json_build_object('schema', os.nspname, 'name', o.oprname) as equality
        from pg_catalog.pg_index i
       cross join lateral unnest(i.indkey, i.indclass) as part(attnum, class)
        join pg_catalog.pg_opclass k on k.oid = part.class
        join pg_catalog.pg_amop m on m.amopfamily = k.opcfamily and m.amopstrategy = 3 and m.amoplefttype = k.opcintype and m.amoprighttype = k.opcintype
        join pg_catalog.pg_operator o on o.oid = m.amopopr
        join pg_catalog.pg_namespace os on os.oid = o.oprnamespace
       where i.indrelid = a.attrelid and i.indisprimary and part.attnum = a.attnum) equal on true
   where a.attrelid = $1::pg_catalog.oid and a.attnum > 0 and not a.attisdropped
   order by a.attnum`;
