import type { Session } from '../db';
import type { ReferentialAction } from '../schema';
import { sql } from '../sql';
import { json } from './row';

/** What the delete of a row sets off by one foreign key: a trigger of PostgreSQL's own on the parent's table. */
export interface KeyTrigger {
  /** The table whose rows set it off, by oid: a partition and not its whole. */
  readonly parent: number;
  /** The key in `pg_constraint`, by oid. */
  readonly key: number;
  /** The key that this one is a part of, where the parent is a partition; else the same. */
  readonly whole: number;
  readonly action: ReferentialAction;
  /** True when the check waits for COMMIT unless the transaction says otherwise. */
  readonly deferred: boolean;
}

/** A trigger that an application wrote. */
export interface Hook {
  readonly table: number;
  readonly name: string;
  /** False for a statement's trigger, which fires even where no row is found. */
  readonly perRow: boolean;
  readonly onDelete: boolean;
  readonly onUpdate: boolean;
}

/** Everything that a delete can set off in this session. */
export interface DeleteTriggers {
  /** By table, in the order in which they fire. */
  readonly keys: readonly KeyTrigger[];
  readonly hooks: readonly Hook[];
  /** False under `session_replication_role = replica`, when no key acts. */
  readonly origin: boolean;
}

/**
 * Reads the triggers themselves and not `pg_constraint`: a key that is NOT ENFORCED has none, one that is switched off
 * does not fire, and those of a partitioned table hang on its partitions.
 */
export const readDeleteTriggers = async (session: Session): Promise<DeleteTriggers> =>
  json<DeleteTriggers>((await session.query(triggerQuery))[0], 'triggers');

// Triggers fire in the order of their names, byte by byte. Bits of `tgtype` (`pg_trigger.h`): 1 row, 8 DELETE, 16 UPDATE.
const triggerQuery = sql`
with recursive
fires as (
  select * from pg_catalog.pg_trigger
   where tgtype & 24 <> 0
     and tgenabled in ('A', case when current_setting('session_replication_role') = 'replica' then 'R' else 'O' end)
),
above(oid, whole) as (
  select oid, oid from pg_catalog.pg_constraint where contype = 'f' and conparentid = 0
  union all
  select con.oid, above.whole from above join pg_catalog.pg_constraint con on con.conparentid = above.oid and con.contype = 'f'
)
select json_build_object(
  'keys', (
    select coalesce(json_agg(json_build_object(
      'parent', fires.tgrelid::bigint,
      'key', fires.tgconstraint::bigint,
      'whole', above.whole::bigint,
      'action', case function.proname when 'RI_FKey_cascade_del' then 'CASCADE' when 'RI_FKey_setnull_del' then 'SET NULL'
        when 'RI_FKey_setdefault_del' then 'SET DEFAULT' when 'RI_FKey_restrict_del' then 'RESTRICT' else 'NO ACTION' end,
      'deferred', fires.tginitdeferred) order by fires.tgrelid, fires.tgname), '[]')
      from fires
      join above on above.oid = fires.tgconstraint
      join pg_catalog.pg_proc function on function.oid = fires.tgfoid
     where fires.tgtype & 8 <> 0 and function.pronamespace = 'pg_catalog'::regnamespace
       and function.proname in ('RI_FKey_cascade_del', 'RI_FKey_setnull_del', 'RI_FKey_setdefault_del',
                                'RI_FKey_restrict_del', 'RI_FKey_noaction_del')),
  'hooks', (
    select coalesce(json_agg(json_build_object('table', tgrelid::bigint, 'name', tgname, 'perRow', tgtype & 1 <> 0,
        'onDelete', tgtype & 8 <> 0, 'onUpdate', tgtype & 16 <> 0) order by tgrelid, tgname), '[]')
      from fires where (not tgisinternal or tgconstraint = 0) and tgname !~ '^zzz_.*_fk_guard$'),
  'origin', current_setting('session_replication_role') <> 'replica') as triggers`;
