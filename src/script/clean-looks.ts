import type { Cleaning } from '../changes/cleaning';
import { tableId } from '../names';
import { literal, qualified, sql, type Sql } from '../sql';
import { raiseIf } from './block';
import { assertFence, assertSameTables } from './fence';

/** The parent first: SHARE waits out whoever has inserted a parent and not committed it yet. */
export function locksAndLooks(change: Cleaning): readonly Sql[] {
  const { orphans } = change;
  const child = literal(qualified(orphans.child));
  const parent = literal(qualified(orphans.parent));
  return [
    sql`lock table ${qualified(orphans.parent)} in share mode;`,
    sql`lock table ${qualified(orphans.child)} in row exclusive mode;`,
    ...assertSameTables(change),
    raiseIf(
      sql`exists (select from pg_catalog.pg_class c where c.oid in (${child}::pg_catalog.regclass, ${parent}::pg_catalog.regclass)
            and (c.relkind <> 'r' or c.relispartition or exists (select from pg_catalog.pg_inherits i where c.oid in (i.inhrelid, i.inhparent))))`,
      'A partitioned or inherited table is cleaned by fk-guard apply only.',
    ),
    assertFence(change),
    raiseIf(
      sql`exists (select from pg_catalog.pg_trigger t where t.tgrelid = ${child}::pg_catalog.regclass and not t.tgisinternal and t.tgenabled <> 'D')
          or exists (select from pg_catalog.pg_rewrite r where r.ev_class = ${child}::pg_catalog.regclass)`,
      `A trigger or rule of ${tableId(orphans.child)} would act on these rows.`,
    ),
    raiseIf(
      sql`exists (select from pg_catalog.pg_subscription_rel s where s.srrelid in (${child}::pg_catalog.regclass, ${parent}::pg_catalog.regclass))`,
      'A subscription fills the tables: a parent may still be on its way.',
    ),
    raiseIf(
      sql`not exists (select from ${qualified(orphans.parent)})`,
      `${tableId(orphans.parent)} is empty, so every row of ${tableId(orphans.child)} looks orphaned.`,
    ),
  ];
}
