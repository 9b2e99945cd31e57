import { orphanPredicate } from '../catalog/orphans';
import { count } from '../catalog/row';
import type { Session } from '../db';
import { sameTable, tableId } from '../names';
import { identifier, join, qualified, sql, type Sql } from '../sql';
import { blocked, hidden } from './batch-stops';
import type { CleanChange } from './task';
import type { WatchedPath } from './watch';

const above = sql`"fk_guard_above"`;
const below = sql`"fk_guard_below"`;

/**
 * Throws `CASCADE_BLOCKED` where rows may be children of those that are to go, and no key takes them along: their type
 * is another one, so that only their look tells, or nobody may look at them.
 */
export async function assertNothingUnclear(
  session: Session,
  change: CleanChange,
  paths: readonly WatchedPath[],
): Promise<void> {
  const table = tableId(change.orphans.child);
  for (const path of paths) {
    if (path.unclear === 'unreadable') throw hidden(table, path);
    const rows = await countAlike(session, change, path);
    if (rows > 0) throw blocked(table, path, rows);
  }
}

/** Children that look like children of orphans; further down, of any row. */
async function countAlike(session: Session, { orphans }: CleanChange, path: WatchedPath): Promise<number> {
  const goes = sameTable(path.parent, orphans.child) ? orphanPredicate(orphans, above) : sql`true`;
  const [row] = await session.query(sql`
    select pg_catalog.count(*) as rows from ${qualified(path.child)} as ${below}
     where (${looks(below, path.childColumns)}) in (select ${looks(above, path.parentColumns)} from ${qualified(path.parent)} as ${above} where ${goes})`);
  return count(row, 'rows');
}

/**
 * The same for 007, 7 and 7.00, and for a uuid with its hyphens and without: one time too often rather than too seldom.
 * Regular expressions take no nondeterministic collation (0A000).
 */
const looks = (row: Sql, names: readonly string[]): Sql =>
  join(
    names.map(
      (name) =>
        sql`pg_catalog.ltrim(pg_catalog.regexp_replace(pg_catalog.lower(pg_catalog.translate(${row}.${identifier(name)}::pg_catalog.text collate pg_catalog."C", ' {}+-', '')), '[.]0*$', ''), '0')`,
    ),
    ', ',
  );
