import type { TableName } from '../schema';
import { tableId } from '../names';
import { join, literal, qualified, sql, type Sql } from '../sql';

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
          select q.source_ctid from ${ledger}.quarantine q
           where q.run_id = ${runId}::uuid and q.step = ${step} and q.batch = this_batch and q.source_oid = ${childOf}.tableoid))`;

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

const regclass = (table: TableName): Sql => sql`${literal(qualified(table))}::pg_catalog.regclass`;

/**
 * Rows below the copied ones, through any key: what CASCADE or SET NULL would do to them is for the guard, which copies
 * them too. The copied rows are locked, so that nobody can put a row below them any more. `changed`: of a row that stays
 * only these columns change.
 */
export function assertRowsBelow(
  { ledger, runId, step }: Names,
  table: TableName,
  changed: readonly string[] | undefined,
): Sql {
  const query = join(
    [
      literal(sql`select exists (select from only ${qualified(table)} as p join `),
      sql`below.child`,
      literal(sql` as c on `),
      sql`below.match`,
      literal(
        sql` where p.ctid = any (array(select q.source_ctid from ${ledger}.quarantine q where q.run_id = ${runId}::uuid and q.step = ${step} and q.batch = $1)))`,
      ),
    ],
    ' || ',
  );
  const concerned =
    changed === undefined
      ? sql`true`
      : sql`exists (select from pg_catalog.pg_attribute a where a.attrelid = k.confrelid and a.attnum = any (k.confkey) and a.attname in (${join(changed.map(literal), ', ')}))`;
  return sql`for below in
        select k.conname, k.conrelid::pg_catalog.regclass::text as child, pg_catalog.string_agg(
               pg_catalog.format('p.%I operator(%I.%s) c.%I', pa.attname, n.nspname, o.oprname, ca.attname), ' and ') as match
          from pg_catalog.pg_constraint k, rows from (pg_catalog.unnest(k.confkey), pg_catalog.unnest(k.conkey), pg_catalog.unnest(k.conpfeqop)) as u(pk, fk, op)
          join pg_catalog.pg_operator o on o.oid = u.op join pg_catalog.pg_namespace n on n.oid = o.oprnamespace, pg_catalog.pg_attribute pa, pg_catalog.pg_attribute ca
         where k.contype = 'f' and k.confrelid = ${regclass(table)} and ${concerned}
           and pa.attrelid = k.confrelid and pa.attnum = u.pk and ca.attrelid = k.conrelid and ca.attnum = u.fk group by k.oid, k.conname, k.conrelid
      loop
        execute ${query} into is_below using this_batch;
        if is_below then
          raise exception using message = pg_catalog.format('Rows of %s point at orphans of %s through %s.', below.child, ${literal(tableId(table))}, below.conname),
            hint = 'fk-guard apply follows keys and copies those rows too, or says why it does not.';
        end if;
      end loop;`;
}

/** How many rows of the tables below this session has removed or changed, by the server's own count. */
export const touchedBelow = (table: TableName): Sql => sql`
        select coalesce(pg_catalog.sum(pg_catalog.pg_stat_get_xact_tuples_deleted(b.oid) + pg_catalog.pg_stat_get_xact_tuples_updated(b.oid)), 0)
          from (select distinct k.conrelid as oid from pg_catalog.pg_constraint k
                 where k.contype = 'f' and k.confrelid = ${regclass(table)} and k.conrelid <> k.confrelid) b`;
