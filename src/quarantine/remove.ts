import { orphanPredicate } from '../catalog/orphans';
import { count } from '../catalog/row';
import type { OrphanCondition } from '../changes/change';
import type { TableName } from '../schema';
import { identifier, join, qualified, sql, type Sql } from '../sql';
import { asDeleted, atLevel, child, goneParents, isNotGone, isOneOf, pointsAtGone, takenRows, type Batch, type Path } from './taken';

/** Deletes the batch's orphans; PostgreSQL's own triggers take what is below them. Returns how many went. */
export const deleteOrphans = (batch: Batch, orphans: OrphanCondition): Promise<number> =>
  affected(batch, sql`delete from ${qualified(orphans.child)} as ${child} where ${isCopiedOrphan(batch, orphans)} returning 1`);

/** Sets the key of the batch's orphans to null. Returns how many changed. */
export function nullifyOrphans(batch: Batch, orphans: OrphanCondition): Promise<number> {
  const nulls = orphans.childColumns.map((column) => sql`${identifier(column)} = null`);
  return affected(batch, sql`update ${qualified(orphans.child)} as ${child} set ${join(nulls, ', ')} where ${isCopiedOrphan(batch, orphans)} returning 1`);
}

/** Never by ctid alone: the condition is asked again in the statement that removes. */
const isCopiedOrphan = (batch: Batch, orphans: OrphanCondition): Sql => sql`${isOneOf(child, takenRows(batch, atLevel(0)))} and ${orphanPredicate(orphans, child)}`;

/** Rows that point at this batch's deletes and are not among them. */
export async function countBelow(batch: Batch, path: Path): Promise<number> {
  const [row] = await batch.session.query(sql`
    ${goneParents(batch, path)}
    select pg_catalog.count(*) as rows from ${qualified(path.child)} as ${child} where ${pointsAtGone(path)} and ${isNotGone(batch)}`);
  return count(row, 'rows');
}

/** Rows of a table that this batch has copied as deleted and that are still there: something has kept them. */
export async function countSurvivors(batch: Batch, table: TableName): Promise<number> {
  const [row] = await batch.session.query(sql`
    select pg_catalog.count(*) as rows from ${qualified(table)} as ${child} where ${isOneOf(child, takenRows(batch, asDeleted))}`);
  return count(row, 'rows');
}

async function affected(batch: Batch, statement: Sql): Promise<number> {
  const [row] = await batch.session.query(sql`with affected as (${statement}) select pg_catalog.count(*) as rows from affected`);
  return count(row, 'rows');
}
