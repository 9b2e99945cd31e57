import type { TableName } from '../schema';
import { literal, sql, type Sql } from '../sql';

/**
 * The text form of a column's default where that is a constant, else null; nothing is evaluated. Rows that hold it
 * were given it by a column that was added, or by an application that named no parent.
 */
export const columnDefault = (table: TableName, column: string): Sql => sql`
(select coalesce(pg_catalog.replace(parts[1], '''''', ''''), parts[2])
  from pg_catalog.pg_attrdef d
  join pg_catalog.pg_attribute a on a.attrelid operator(pg_catalog.=) d.adrelid and a.attnum operator(pg_catalog.=) d.adnum
  join pg_catalog.pg_class c on c.oid operator(pg_catalog.=) d.adrelid
  join pg_catalog.pg_namespace n on n.oid operator(pg_catalog.=) c.relnamespace
  cross join lateral pg_catalog.regexp_match(pg_catalog.pg_get_expr(d.adbin, d.adrelid),
    '^(?:''((?:[^'']|'''')*)''|[(]?(-?[0-9.]+)[)]?)(?:::[^''|+*/-]+)?$') parts
  where n.nspname operator(pg_catalog.=) ${literal(table.schema)} and c.relname operator(pg_catalog.=) ${literal(table.name)}
    and a.attname operator(pg_catalog.=) ${literal(column)} and a.attgenerated operator(pg_catalog.=) '')`;
