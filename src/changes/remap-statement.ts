import { literal, qualified, sql, userQuery, type Sql } from '../sql';
import { castOrNull, typeOf } from './cast-statement';
import type { Cast, Remap } from './conversion';
import type { TableName } from '../schema';

/**
 * The rows of a user's translation as (old, new), both text. The second half of the UNION gives no row: it is there
 * because it does not parse (42601) unless the user's query has exactly two columns.
 */
export const remapRows = ({ using }: Remap): Sql => sql`
  select m.old::pg_catalog.text as old, m.new::pg_catalog.text as new
    from ((${userQuery(using)}) union all select null, null) as m(old, new)
   where m.old is not null or m.new is not null`;

const TABLE = sql`"fk_guard_remap"`;
const FUNCTION = sql`"fk_guard_remapped"`;

/** Puts the translation into a temporary table, with a function that looks values up: USING takes no subquery (0A000). */
export const prepareRemap = (remap: Remap, to: string): readonly Sql[] => [
  sql`create temporary table ${TABLE} on commit drop as select r.old, r.new::${typeOf(to)} as new from (${remapRows(remap)}) as r`,
  sql`create unique index on pg_temp.${TABLE} (old)`,
  sql`create function pg_temp.${FUNCTION}(pg_catalog.text) returns ${typeOf(to)} language sql stable as ${literal('select m.new from pg_temp."fk_guard_remap" m where m.old operator(pg_catalog.=) $1')}`,
];

/** The function must not outlive the transaction; the table goes with it. */
export const forgetRemap: Sql = sql`drop function pg_temp.${FUNCTION}(pg_catalog.text)`;

/** The value's translation, else the value by a cast, else null. */
export const remappedOrNull = (value: Sql, cast: Cast): Sql =>
  sql`coalesce(pg_temp.${FUNCTION}(${value}::pg_catalog.text), ${castOrNull(value, cast)})`;

/** What is wrong with a translation: values that it names twice, and keys that the parent does not have. */
export const checkRemap = (remap: Remap, parent: TableName, parentColumn: Sql, to: string): Sql => sql`
with map as materialized (${remapRows(remap)})
select
  (select pg_catalog.count(*) from map where old is null) as nameless,
  (select coalesce(pg_catalog.json_agg(old), '[]') from
    (select old from map where old is not null group by old having pg_catalog.count(*) operator(pg_catalog.>) 1 order by old limit $1::integer) d) as doubled,
  (select coalesce(pg_catalog.json_agg(new), '[]') from
    (select distinct coalesce(new, 'null') as new from map
      where not exists (select from ${qualified(parent)} p where p.${parentColumn} operator(pg_catalog.=) map.new::${typeOf(to)})
      order by 1 limit $1::integer) u) as unknown`;
