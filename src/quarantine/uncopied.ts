import { count, text } from '../catalog/row';
import type { Session } from '../db';
import { tableId } from '../names';
import { sql } from '../sql';
import { uncopied } from './batch-stops';
import { asDeleted, ofBatch, type Batch } from './taken';

/** How many rows each child of a key has lost in this session, by the oid of its table: the server's own count. */
export type RemovedRows = ReadonlyMap<string, number>;

/**
 * Asks the server. What a key takes along is in its count, however it came about. The numbers may hold what earlier
 * transactions did, so only a difference means something. Under `track_counts = off` they stay as they are.
 */
export async function countRemoved(session: Session): Promise<RemovedRows> {
  const rows = await session.query(removed);
  return new Map(rows.map((row) => [text(row, 'oid'), count(row, 'rows')]));
}

const removed = sql`
  select key.oid, pg_catalog.pg_stat_get_xact_tuples_deleted(key.oid) as rows
    from (select distinct c.conrelid as oid from pg_catalog.pg_constraint c where c.contype operator(pg_catalog.=) 'f') key`;

/**
 * Throws when more rows have gone than were copied. A session that checks no keys (`session_replication_role =
 * replica`: a subscription, a restore) can put a row below one that is about to go, after the look at its level.
 */
export async function assertAllCopied(batch: Batch, before: RemovedRows): Promise<void> {
  const copied = await countCopied(batch);
  for (const [oid, rows] of await countRemoved(batch.session)) {
    const more = rows - (before.get(oid) ?? 0) - (copied.get(oid)?.rows ?? 0);
    if (more > 0) throw uncopied(copied.get(oid)?.name ?? (await nameOf(batch.session, oid)), more);
  }
}

/** A row that is changed and so moves to another partition is deleted in this one. */
async function countCopied(batch: Batch): Promise<ReadonlyMap<string, { name: string; rows: number }>> {
  const rows = await batch.session.query(sql`
    select q.source_oid as oid, pg_catalog.min(q.table_schema) as schema, pg_catalog.min(q.table_name) as name, pg_catalog.count(*) as rows
      from ${batch.ledger}.quarantine q join pg_catalog.pg_class c on c.oid operator(pg_catalog.=) q.source_oid
     where ${ofBatch(batch)} and (${asDeleted} or c.relispartition) group by 1`);
  return new Map(
    rows.map((row) => [
      text(row, 'oid'),
      { name: tableId({ schema: text(row, 'schema'), name: text(row, 'name') }), rows: count(row, 'rows') },
    ]),
  );
}

async function nameOf(session: Session, oid: string): Promise<string> {
  const [row] = await session.query(
    sql`select n.nspname as schema, c.relname as name from pg_catalog.pg_class c
          join pg_catalog.pg_namespace n on n.oid operator(pg_catalog.=) c.relnamespace
         where c.oid operator(pg_catalog.=) $1::pg_catalog.oid`,
    [oid],
  );
  return tableId({ schema: text(row, 'schema'), name: text(row, 'name') });
}
