import { flag, text } from '../../catalog/row';
import type { Session } from '../../db';
import type { Operator, TableName } from '../../schema';
import { columnDefault, sql, type Sql } from '../../sql';

/** A column of a table that rows are put back into. */
export interface TargetColumn {
  readonly name: string;
  readonly type: string;
  readonly generated: boolean;
  /** The primary key's own equality, for its columns. */
  readonly keyEquality: Operator | undefined;
  readonly default: Sql | undefined;
  /** True when triggers of the application may write rows otherwise than they come. */
  readonly triggered: boolean;
}

/** Reads a table's columns as they are now; none when the table is gone. */
export async function readTargetColumns(
  session: Session,
  table: TableName,
): Promise<readonly TargetColumn[]> {
  return (await session.query(columnQuery, [table.schema, table.name])).map((row) => ({
    name: text(row, 'name'),
    type: text(row, 'type'),
    generated: flag(row, 'generated'),
    keyEquality: row['operator']
      ? { schema: text(row, 'operator_schema'), name: text(row, 'operator') }
      : undefined,
    default: row['default'] ? columnDefault(row['default']) : undefined,
    triggered: flag(row, 'triggered'),
  }));
}

const columnQuery = sql`
  select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attgenerated <> '' as generated,
         equal.operator, equal.operator_schema,
         exists (select from pg_catalog.pg_trigger t where (not t.tgisinternal or t.tgconstraint = 0) and t.tgenabled <> 'D'
                   and (t.tgrelid = c.oid or t.tgrelid in (select p.relid from pg_catalog.pg_partition_tree(c.oid) p))) as triggered,
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
