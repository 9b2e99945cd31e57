import { sql, type Sql } from '../sql';

/**
 * Common table expressions that end in `column_list(oid, columns)`: the columns of each `relation`.
 *
 * A base type brings its own `=` in its own schema (citext); a domain compares as the type below it; arrays,
 * enums, ranges and composites all use the polymorphic operators of pg_catalog.
 */
export const columnLists: Sql = sql`
domain_base(oid, base) as (
  select oid, typbasetype from pg_catalog.pg_type where typtype = 'd'
  union all
  select domain_base.oid, type.typbasetype
  from domain_base join pg_catalog.pg_type type on type.oid = domain_base.base and type.typtype = 'd'
),
comparable as (
  select type.oid, case when base.typtype = 'b' and base.typcategory <> 'A' then namespace.nspname
    else 'pg_catalog' end as schema
  from pg_catalog.pg_type type
  left join domain_base on domain_base.oid = type.oid
  join pg_catalog.pg_type base on base.oid = coalesce(domain_base.base, type.oid) and base.typtype <> 'd'
  join pg_catalog.pg_namespace namespace on namespace.oid = base.typnamespace
),
column_list as (
  select attribute.attrelid as oid, json_agg(json_build_object(
    'name', attribute.attname,
    'type', format_type(attribute.atttypid, attribute.atttypmod),
    'notNull', attribute.attnotnull,
    'generated', case attribute.attgenerated when 's' then 'stored' when 'v' then 'virtual' else 'no' end,
    'identity', case attribute.attidentity when 'a' then 'always' when 'd' then 'by default' else 'no' end,
    'equality', json_strip_nulls(json_build_object('schema', comparable.schema, 'name', '=', 'collation',
      case when collating.oid is not null then json_build_object('schema', collation_schema.nspname, 'name', collating.collname) end
    ))) order by attribute.attnum) as columns
  from relation
  join pg_catalog.pg_attribute attribute on attribute.attrelid = relation.oid
    and attribute.attnum > 0 and not attribute.attisdropped
  join comparable on comparable.oid = attribute.atttypid
  left join pg_catalog.pg_collation collating on collating.oid = attribute.attcollation
  left join pg_catalog.pg_namespace collation_schema on collation_schema.oid = collating.collnamespace
  group by attribute.attrelid
)`;
