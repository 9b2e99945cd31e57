import { sql, type Sql } from '../sql';

/**
 * Common table expressions that end in `unfenced(oid)`: keys whose triggers do not fire.
 *
 * `watching` are those that an application wrote to run on DELETE or UPDATE, and those of keys that are off. The bits of
 * `tgtype` are those of the server's `pg_trigger.h`: 8 DELETE, 16 UPDATE. Triggers of an application that are off, or
 * that fire on replicas only, have no effect here; nor does the guard's own, which keeps a shadow column in step. Up to
 * PostgreSQL 14 what a partition has from its table is called internal; only those of constraints are the server's own.
 *
 * Triggers of a partitioned key hang on the keys of its partitions: one that is off opens the whole key. 'R' fires on
 * replicas only, which is as good as off.
 */
export const unusualTriggers: Sql = sql`
unusual_trigger as materialized (
  select tgrelid, tgname, tgtype, tgconstraint, tgenabled,
    (not tgisinternal or tgconstraint = 0) and tgtype & 24 <> 0 and tgenabled in ('O', 'A') as watches
  from pg_catalog.pg_trigger
  where not tgisinternal or tgconstraint = 0 or tgenabled in ('D', 'R')
),
unfenced(oid) as (
  select tgconstraint from unusual_trigger where tgconstraint <> 0 and tgenabled in ('D', 'R')
  union
  select con.conparentid from unfenced join pg_catalog.pg_constraint con on con.oid = unfenced.oid
  where con.conparentid <> 0
)`;

/** The parts `triggers` and `unfenced`, which is about a key. */
export const sideEffectParts: Sql = sql`
select 'triggers', tgrelid, json_agg(json_build_object(
    'name', tgname,
    'events', case tgtype & 24 when 8 then '["DELETE"]'::json when 16 then '["UPDATE"]'::json
      else '["DELETE", "UPDATE"]'::json end) order by tgname)::text, null, null, null
from unusual_trigger where watches and tgname !~ '^zzz_.*_fk_guard$' group by tgrelid
union all
select 'unfenced', oid, null, null, null, null from unfenced`;
