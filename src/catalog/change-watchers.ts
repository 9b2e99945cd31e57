import type { Session } from '../db';
import type { TableName } from '../schema';
import { join, literal, sql, type Sql } from '../sql';
import { json } from './row';

/** What has a say when columns of a table change. */
export interface ChangeWatchers {
  /** CHECK and exclusion constraints, and unique indexes, by name; each with its columns. */
  readonly judges: readonly {
    readonly name: string;
    readonly kind: 'check' | 'exclusion' | 'unique';
    /** True for a unique index under which two nulls are alike (PostgreSQL 15). */
    readonly nullsAlike: boolean;
    readonly columns: readonly string[];
  }[];
  /** Columns of a domain that has constraints of its own. */
  readonly domains: readonly string[];
  /** `pg_get_expr` of each column's default; columns without one are left out. */
  readonly defaults: Readonly<Record<string, string>>;
}

/** Reads it for one table and its partitions. Needs `catalogSearchPath`. */
export const readChangeWatchers = async (
  session: Session,
  version: number,
  tables: readonly TableName[],
): Promise<ChangeWatchers> =>
  json<ChangeWatchers>((await session.query(watcherQuery(version, tables)))[0], 'watchers');

const watcherQuery = (version: number, tables: readonly TableName[]): Sql => sql`
with watched as (
  select class.oid from pg_catalog.pg_class class join pg_catalog.pg_namespace namespace on namespace.oid = class.relnamespace
   where (namespace.nspname, class.relname) in (${join(
     tables.map(({ schema, name }) => sql`(${literal(schema)}, ${literal(name)})`),
     ', ',
   )})
),
judge as (
  select con.conname as name, case con.contype when 'c' then 'check' else 'exclusion' end as kind, false as nulls_alike,
    (select json_agg(attname) from pg_catalog.pg_attribute where attrelid = con.conrelid and attnum = any (con.conkey)) as columns
    from pg_catalog.pg_constraint con where con.contype in ('c', 'x') and con.conrelid in (select oid from watched)
  union all
  select class.relname, 'unique', ${version >= 150_000 ? sql`index.indnullsnotdistinct` : sql`false`},
    (select json_agg(attname) from pg_catalog.pg_attribute where attrelid = index.indrelid and attnum = any (index.indkey))
    from pg_catalog.pg_index index join pg_catalog.pg_class class on class.oid = index.indexrelid
   where index.indisunique and index.indrelid in (select oid from watched)
)
select json_build_object(
  'judges', (select coalesce(json_agg(json_build_object('name', name, 'kind', kind, 'nullsAlike', nulls_alike,
      'columns', coalesce(columns, '[]'::json))), '[]') from judge),
  'domains', (select coalesce(json_agg(distinct attribute.attname), '[]')
    from pg_catalog.pg_attribute attribute join pg_catalog.pg_type type on type.oid = attribute.atttypid
   where attribute.attrelid in (select oid from watched) and attribute.attnum > 0 and type.typtype = 'd'),
  'defaults', (select coalesce(json_object_agg(attribute.attname, pg_get_expr(value.adbin, value.adrelid)), '{}')
    from pg_catalog.pg_attrdef value
    join pg_catalog.pg_attribute attribute on attribute.attrelid = value.adrelid and attribute.attnum = value.adnum
   where value.adrelid in (select oid from watched))) as watchers`;
