import { keyMatch, orphanPredicate } from '../catalog/orphans';
import { count } from '../catalog/row';
import type { OrphanCondition } from '../changes/change';
import type { ForeignKey } from '../catalog/catalog';
import { identifier, join, literal, qualified, sql, type Sql } from '../sql';
import {
  atLevel,
  child,
  goneParents,
  isNotGone,
  places,
  pointsAtGone,
  standsAt,
  takenRows,
  type Batch,
  type Path,
} from './taken';
import { setLocal } from '../execution/session-settings';
import { changedColumnsOf, type CleanChange } from './task';

/** Does with the batch's orphans what is asked for, under the application's own search_path. Returns how many are as they should be. */
export async function treatOrphans(batch: Batch, change: CleanChange, searchPath: string): Promise<number> {
  const [row] = await batch.session.query(sql`${setLocal({ search_path: searchPath })};
    with affected(done) as (${treatment(batch, change)}) select pg_catalog.count(*) filter (where done) as rows from affected`);
  return count(row, 'rows');
}

function treatment(batch: Batch, change: CleanChange): Sql {
  const { strategy, orphans, newParent = [] } = change;
  if (strategy === 'delete') return deleteOrphans(batch, orphans);
  return strategy === 'nullify'
    ? nullifyOrphans(batch, orphans, changedColumnsOf(change))
    : reparentOrphans(batch, orphans, newParent);
}

/** Deletes the batch's orphans; PostgreSQL's own triggers take what is below them. Returns how many went. */
const deleteOrphans = (batch: Batch, orphans: OrphanCondition): Sql =>
  sql`delete from ${qualified(orphans.child)} as ${child} using ${copiedPlaces(batch)} where ${isCopiedOrphan(orphans)} returning true`;

/** Sets the columns of the batch's orphans to null. Returns how many are null now: a trigger may have given them another. */
function nullifyOrphans(batch: Batch, orphans: OrphanCondition, columns: readonly string[]): Sql {
  const nulls = columns.map((column) => sql`${identifier(column)} = null`);
  const areNull = columns.map((column) => sql`${child}.${identifier(column)} is null`);
  return sql`update ${qualified(orphans.child)} as ${child} set ${join(nulls, ', ')} from ${copiedPlaces(batch)} where ${isCopiedOrphan(orphans)} returning ${join(areNull, ' and ')}`;
}

/** Gives the batch's orphans another parent. Returns how many have a parent now: a trigger may have given them another key. */
function reparentOrphans(batch: Batch, orphans: OrphanCondition, newParent: readonly string[]): Sql {
  const parent = sql`"fk_guard_parent_row"`;
  const sets = orphans.childColumns.map(
    (column, i) => sql`${identifier(column)} = ${literal(newParent[i] ?? '')}`,
  );
  const hasParent = sql`exists (select from ${qualified(orphans.parent)} as ${parent} where ${keyMatch({ ...orphans, parent, child })})`;
  return sql`update ${qualified(orphans.child)} as ${child} set ${join(sets, ', ')} from ${copiedPlaces(batch)} where ${isCopiedOrphan(orphans)} returning ${hasParent}`;
}

const copiedPlaces = (batch: Batch): Sql => places(takenRows(batch, atLevel(0)));

/** Never by ctid alone: the condition is asked again in the statement that removes. */
const isCopiedOrphan = (orphans: OrphanCondition): Sql =>
  sql`${standsAt(child)} and ${orphanPredicate(orphans, child)}`;

/** Rows that point at what this batch deletes (or changes) and are not deleted themselves. */
export async function countBelow(batch: Batch, path: Path, which: Sql): Promise<number> {
  const [row] = await batch.session.query(sql`
    ${goneParents(batch, path, which)}
    select pg_catalog.count(*) as rows from ${qualified(path.child)} as ${child} where ${pointsAtGone(path)} and ${isNotGone(batch)}`);
  return count(row, 'rows');
}

/**
 * Rows without a parent that this transaction has written, whatever their place: a trigger that hides a row instead
 * of letting it go writes it anew. Its `xmin` is then this transaction's, or a younger one's below a savepoint.
 */
export async function countLeftBehind(batch: Batch, key: ForeignKey): Promise<number> {
  const [row] = await batch.session.query(sql`
    select pg_catalog.count(*) as rows from ${qualified(key.child)} as ${child}
     where pg_catalog.age(${child}.xmin) operator(pg_catalog.<=)
           pg_catalog.age((pg_catalog.txid_current() operator(pg_catalog.%) 4294967296)::pg_catalog.text::pg_catalog.xid)
       and ${orphanPredicate(key, child)}`);
  return count(row, 'rows');
}
