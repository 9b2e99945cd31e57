import type { TableName } from '../schema';
import { literal, qualified, sql, type Sql } from '../sql';
import { raiseIf } from './block';

/** How the rows of one clean-up are called in the ledger. */
export interface Names {
  readonly ledger: Sql;
  readonly runId: Sql;
  readonly step: Sql;
}

export const childOf = sql`"fk_guard_child"`;

/** Rows of one transaction. */
export const BATCH = sql`1000`;

/** True for a row that this batch has copied; the array makes it a search by place. */
export const isTaken = ({ ledger, runId, step }: Names): Sql => sql`${childOf}.ctid = any (array(
          select q.source_ctid from ${ledger}.quarantine q where q.run_id = ${runId}::uuid and q.step = ${step} and q.batch = this_batch))`;

/** An expression with a row as jsonb, column by column in its type's own text form, as the guard copies it. */
export const rowTexts = (
  table: TableName,
): Sql => sql`select pg_catalog.format('pg_catalog.jsonb_object(array[%s]::text[], array[%s]::text[])',
          pg_catalog.string_agg(pg_catalog.quote_literal(a.attname), ', ' order by a.attnum),
          pg_catalog.string_agg(pg_catalog.format(
            case when a.atttypid = 'pg_catalog.xml'::pg_catalog.regtype then 'case when %1$s.%2$I is distinct from null then pg_catalog.format(''%%s'', %1$s.%2$I::text) end'
                 when a.atttypid in ('pg_catalog.regproc'::pg_catalog.regtype, 'pg_catalog.regoper'::pg_catalog.regtype) then 'case when %1$s.%2$I is distinct from null then pg_catalog.format(''%%s'', %1$s.%2$I::oid) end'
                 else 'case when %1$s.%2$I is distinct from null then pg_catalog.format(''%%s'', %1$s.%2$I) end' end,
            ${literal(childOf)}, a.attname), ', ' order by a.attnum))
        from pg_catalog.pg_attribute a where a.attrelid = ${regclass(table)} and a.attnum > 0 and not a.attisdropped into row_text;`;

export const regclass = (table: TableName): Sql => sql`${literal(qualified(table))}::pg_catalog.regclass`;

/** Copies outlive a crash, and nothing takes them away again: neither a trigger, nor a rule, nor the end of the session. */
export const assertKeepsCopies = ({ ledger }: Names): Sql => {
  const quarantine = sql`${literal(sql`${ledger}.quarantine`)}::pg_catalog.regclass`;
  return raiseIf(
    sql`exists (select from pg_catalog.pg_class c where c.oid = ${quarantine} and (c.relkind <> 'r' or c.relpersistence <> 'p' or c.relhasrules))
          or exists (select from pg_catalog.pg_trigger t where t.tgrelid = ${quarantine} and not t.tgisinternal)`,
    'The quarantine is not as fk-guard makes it: its copies might not stay.',
  );
};

/** How many rows of the table, and of those that point at it, this session has removed or changed, by the server's own count. */
export const touched = (table: TableName): Sql => sql`
        select coalesce(pg_catalog.sum(pg_catalog.pg_stat_get_xact_tuples_deleted(b.oid) + pg_catalog.pg_stat_get_xact_tuples_updated(b.oid)), 0)
          from (select k.conrelid as oid from pg_catalog.pg_constraint k where k.contype = 'f' and k.confrelid = ${regclass(table)}
                 union select ${regclass(table)}::pg_catalog.oid) b`;
