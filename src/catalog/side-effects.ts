import { sql, type Sql } from '../sql';

/**
 * A common table expression `trigger_list(oid, triggers)`: what an application wrote to run on DELETE or UPDATE.
 *
 * The bits of `tgtype` are those of the server's `pg_trigger.h`: 8 DELETE, 16 UPDATE. Triggers that are off, or
 * that fire on replicas only, have no effect here; nor does the guard's own, which keeps a shadow column in step.
 */
export const triggerLists: Sql = sql`
trigger_list as (
  select tgrelid as oid, json_agg(json_build_object(
    'name', tgname,
    'events', case tgtype & 24 when 8 then '["DELETE"]'::json when 16 then '["UPDATE"]'::json
      else '["DELETE", "UPDATE"]'::json end) order by tgname) as triggers
  from pg_catalog.pg_trigger
  where not tgisinternal and tgtype & 24 <> 0 and tgenabled in ('O', 'A') and tgname !~ '^zzz_.*_fk_guard$'
  group by tgrelid
)`;

/** A common table expression `rule_list(oid, names)`: rewrite rules on UPDATE ('2') or DELETE ('4'). */
export const ruleLists: Sql = sql`
rule_list as (
  select ev_class as oid, json_agg(rulename order by rulename) as names
  from pg_catalog.pg_rewrite
  where ev_type in ('2', '4') and ev_enabled in ('O', 'A')
  group by ev_class
)`;
