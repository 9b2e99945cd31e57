import { pairedColumns } from '../catalog/paired-columns';
import type { Cleaning } from '../changes/cleaning';
import { tableId } from '../names';
import { childKey, judgedByQuery } from '../quarantine/judged-by';
import { literal, qualified, sql, type Sql } from '../sql';
import { raiseIf } from './block';

/** The tables are those that the plan saw, and their columns too: a name may be that of a table that is being filled. */
export const assertSameTables = ({ orphans, seen }: Cleaning): readonly Sql[] =>
  [
    { table: orphans.parent, query: judgedByQuery(orphans), was: seen?.parent },
    { table: orphans.child, query: judgedByQuery(childKey(orphans)), was: seen?.child },
  ].map(({ table, query, was }) =>
    raiseIf(
      sql`(${query})::pg_catalog.jsonb is distinct from ${json(was ?? [])}`,
      `${tableId(table)} is not the table that the plan was made from, or its key is another column.`,
    ),
  );

/**
 * A key that acts stands on these columns, and compares as the rows were judged. Without it orphans keep coming in; and
 * by another equality (citext and a text index on it) a row with a parent may look as if it had none.
 */
export function assertFence({ orphans }: Cleaning): Sql {
  const { child, childColumns, parent, parentColumns, equality } = orphans;
  return raiseIf(
    sql`not exists (
          select from pg_catalog.pg_constraint k join (${pairedColumns}) p on p.oid = k.oid
           where k.conrelid = ${literal(qualified(child))}::pg_catalog.regclass and k.confrelid = ${literal(qualified(parent))}::pg_catalog.regclass
             and p.child_columns::pg_catalog.jsonb = ${json(childColumns)} and p.parent_columns::pg_catalog.jsonb = ${json(parentColumns)}
             and coalesce((pg_catalog.to_jsonb(k) ->> 'conenforced')::pg_catalog.bool, true)
             and not exists (select from pg_catalog.pg_trigger t where t.tgconstraint = k.oid and t.tgenabled in ('D', 'R'))
             and not exists (
               select from pg_catalog.jsonb_array_elements(p.equality::pg_catalog.jsonb) with ordinality as e(own, place),
                      lateral (select ${json(equality)} -> (e.place - 1)::pg_catalog.int4 as planned) j
                where (own - 'collation') is distinct from (planned - 'collation')
                   or coalesce(planned -> 'collation', own -> 'collation') is distinct from planned -> 'collation'
                   or planned -> 'collation' is not null and planned -> 'collation' is distinct from (
                        select pg_catalog.jsonb_build_object('schema', n.nspname, 'name', c.collname)
                          from pg_catalog.pg_attribute a join pg_catalog.pg_collation c on c.oid = a.attcollation
                          join pg_catalog.pg_namespace n on n.oid = c.collnamespace
                         where a.attrelid = k.confrelid and a.attname = p.parent_columns::pg_catalog.jsonb ->> (e.place - 1)::pg_catalog.int4)))`,
    `No key of ${tableId(child)} (${childColumns.join(', ')}) stands guard over ${tableId(parent)} that compares as the plan did.`,
  );
}

const json = (value: unknown): Sql => sql`${literal(JSON.stringify(value))}::pg_catalog.jsonb`;
