import { tableId } from '../names';
import type { TableName } from '../schema';
import { identifier, join, literal, qualified, sql, type Sql } from '../sql';
import { regclass, type Names } from './clean-parts';

/** What the key's operator takes, as PostgreSQL's own triggers convert it: by itself `character = text` compares as text, while a key pads. */
const cast = (side: 'oprleft' | 'oprright'): Sql =>
  sql`(select case when y.typtype <> 'p' then pg_catalog.format('::%I.%I', s.nspname, y.typname) end from pg_catalog.pg_type y join pg_catalog.pg_namespace s on s.oid = y.typnamespace where y.oid = o.${identifier(side)})`;

/** The parent's wins where the columns differ in it. */
const COLLATION = sql`(select pg_catalog.format(' collate %I.%I', s.nspname, l.collname) from pg_catalog.pg_collation l
                 join pg_catalog.pg_namespace s on s.oid = l.collnamespace where l.oid = pa.attcollation and pa.attcollation <> ca.attcollation)`;

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
               pg_catalog.format('p.%I%s operator(%I.%s) c.%I%s%s', pa.attname, ${cast('oprleft')}, n.nspname, o.oprname, ca.attname, ${cast('oprright')}, ${COLLATION}), ' and ') as match
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
