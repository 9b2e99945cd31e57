import { sql, type Sql } from '../sql';

/**
 * Common table expressions that end in `index_lookup(indexrelid, description)`: what can be found by each index of
 * each `relation`, and whether it may go.
 *
 * A partial index that leaves out the rows without a value serves a key as well as a full one: its own comparison
 * implies IS NOT NULL. `pg_stat_progress_create_index` hides from other roles which table a session works on, but not
 * its pid, and `pg_locks` hides nothing.
 */
export const lookups: Sql = sql`
table_under_build as (
  select distinct held.relation as oid
  from pg_catalog.pg_locks held
  join pg_catalog.pg_stat_progress_create_index build on build.pid = held.pid
  where held.locktype = 'relation' and held.pid <> pg_backend_pid()
    and held.database = (select oid from pg_catalog.pg_database where datname = current_database())
),
index_lookup as (
  select index.indexrelid, json_build_object(
    'name', class.relname,
    'columns', key.columns,
    'unique', index.indisunique,
    'valid', index.indisvalid,
    'searchable', method.amname in ('btree', 'hash') and (index.indpred is null
      or pg_get_expr(index.indpred, index.indrelid) = format('(%I IS NOT NULL)', key.first)),
    'needed', index.indisreplident
      or index.indexrelid in (select conindid from pg_catalog.pg_constraint)
      or index.indexrelid in (select inhrelid from pg_catalog.pg_inherits),
    'building', not index.indisvalid and index.indrelid in (select oid from table_under_build)) as description
  from relation
  join pg_catalog.pg_index index on index.indrelid = relation.oid
  join pg_catalog.pg_class class on class.oid = index.indexrelid
  join pg_catalog.pg_am method on method.oid = class.relam
  cross join lateral (
    select
      json_agg(case when part.rule in (0, attribute.attcollation) then coalesce(attribute.attname, '') else '' end
        order by part.position) as columns,
      min(attribute.attname::text) filter (where part.position = 1) as first
    from unnest(index.indkey, index.indcollation) with ordinality as part(attnum, rule, position)
    left join pg_catalog.pg_attribute attribute
      on attribute.attrelid = index.indrelid and attribute.attnum = part.attnum
    where part.position <= index.indnkeyatts
  ) as key
)`;
