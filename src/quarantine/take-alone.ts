import { orphanPredicate } from '../catalog/orphans';
import { count, flag } from '../catalog/row';
import { tableId } from '../names';
import { sql } from '../sql';
import { copiesKeptAway, movedRows } from './batch-stops';
import { copied, intoQuarantine, ownRows } from './copy';
import { child, places, placeTid, standsAt, type Batch, type TakenByBatch, type ToTake } from './taken';
import type { Task } from './task';

/**
 * True when nothing goes, changes or is left behind with the rows, and nothing of the application acts on them. The
 * fingerprint says that it is still so, and under the batch's locks it stays so.
 */
export const isAlone = ({ change, reach, blocking, hooked }: Task): boolean =>
  change.strategy === 'delete' && !hooked && reach.keys.length === 0 && blocking.length === 0;

const removed = sql`"fk_guard_removed"`;

/**
 * Removes the listed orphans and writes their copies in one statement: what is copied is what the DELETE itself says
 * that it has removed, row by row (manual, 7.8.4), so that neither can be without the other. It goes to each row once,
 * where `takeWithBelow` locks it, finds it again, and looks for what is left. No more can go than is listed, and for so
 * many there was room.
 */
export async function takeAlone(
  batch: Batch,
  task: Task,
  { listed }: Pick<ToTake, 'listed'>,
): Promise<TakenByBatch> {
  const { table, change } = task;
  const copy = { table: table.name, action: 'delete', level: 0, changed: [] } as const;
  const [row] = await batch.session.query(sql`
    with ${removed} as (
      delete from ${ownRows(table)} as ${child} using ${places(listed)}
       where ${standsAt(child)} and ${orphanPredicate(change.orphans, child)}
   returning ${copied(table)}, ${placeTid} as listed),
    copied as (${intoQuarantine(batch, removed, copy)} returning 1)
    select (select pg_catalog.count(*) from ${removed}) as gone, (select pg_catalog.count(*) from copied) as copies,
           (select pg_catalog.count(*) from ${removed} r where r.tid operator(pg_catalog.<>) r.listed) as moved,
           exists (select from pg_catalog.pg_locks l where not l.granted) as awaited`);
  const rows = count(row, 'gone');
  // Only the version that was listed has been judged by all of the statement: of a newer one no parent is looked for.
  if (count(row, 'moved') > 0) throw movedRows(tableId(table.name), count(row, 'moved'));
  const copies = count(row, 'copies');
  if (copies !== rows) throw copiesKeptAway(tableId(table.name), rows - copies);
  const taken = new Map(rows > 0 ? [[tableId(table.name), { rows, deleted: rows }]] : []);
  return { rows, taken, awaited: rows === 0 || flag(row, 'awaited') };
}
