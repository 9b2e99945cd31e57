import { flag, json, text } from '../catalog/row';
import type { Session } from '../db';
import { tableId } from '../names';
import type { TableName } from '../schema';
import { join, qualified, sql } from '../sql';
import { uncopied } from './batch-stops';
import type { TakenRows } from './limits';
import { asDeleted, child, ofBatch, places, standsAt, takenRows, type Batch } from './taken';

/** How many rows each child of a key has lost in this session, by the oid of its table: the server's own count. */
type RemovedRows = Readonly<Record<string, number>>;

/** Copies of one table or partition. */
interface Copied {
  readonly oid: string;
  readonly schema: string;
  readonly name: string;
  readonly rows: number;
  readonly deleted: number;
  /** A row that is changed and so moves to another partition is deleted in this one. */
  readonly partition: boolean;
}

/** What a batch has copied, and what its session had removed until then. */
export interface Copies {
  readonly copied: readonly Copied[];
  readonly removed: RemovedRows;
}

/**
 * Asks the server. What a key takes along is in its count, however it came about. The numbers may hold what earlier
 * transactions did, so only a difference means something. Under `track_counts = off` they stay as they are.
 */
const removed = sql`(
  select coalesce(pg_catalog.json_object_agg(key.oid, pg_catalog.pg_stat_get_xact_tuples_deleted(key.oid)), '{}')
    from (select distinct c.conrelid as oid from pg_catalog.pg_constraint c where c.contype operator(pg_catalog.=) 'f') key)`;

/** Nothing is copied any more when this is asked. */
export async function countCopies(batch: Batch): Promise<Copies> {
  const [row] = await batch.session.query(sql`
    select ${removed} as removed, (
      select coalesce(pg_catalog.json_agg(pg_catalog.json_build_object('oid', n.oid::pg_catalog.text, 'schema', n.schema, 'name', n.name,
               'rows', n.rows, 'deleted', n.deleted, 'partition', coalesce(c.relispartition, false))), '[]')
        from (select q.source_oid as oid, q.table_schema as schema, q.table_name as name, pg_catalog.count(*) as rows,
                     pg_catalog.count(*) filter (where ${asDeleted}) as deleted
                from ${batch.ledger}.quarantine q where ${ofBatch(batch)} group by 1, 2, 3) n
        left join pg_catalog.pg_class c on c.oid operator(pg_catalog.=) n.oid) as copied`);
  return { copied: json<readonly Copied[]>(row, 'copied'), removed: json<RemovedRows>(row, 'removed') };
}

/** The same by the names under which they were copied. */
export function takenOf({ copied }: Copies): TakenRows {
  const taken = new Map<string, { rows: number; deleted: number }>();
  for (const { rows, deleted, ...name } of copied) {
    const sums = taken.get(tableId(name)) ?? { rows: 0, deleted: 0 };
    taken.set(tableId(name), { rows: sums.rows + rows, deleted: sums.deleted + deleted });
  }
  return taken;
}

/** How it is after the removal. */
export interface Aftermath {
  readonly removed: RemovedRows;
  /** Copied rows that still stand where they stood, by the place of their table in the list. */
  readonly survivors: readonly number[];
  /** True while some session waits for a lock; who that is does not matter. */
  readonly awaited: boolean;
}

/** One look at all of that. */
export async function lookAfter(batch: Batch, tables: readonly TableName[]): Promise<Aftermath> {
  const survivors = tables.map(
    (table) => sql`(
      select pg_catalog.count(*) from ${qualified(table)} as ${child}, ${places(takenRows(batch, sql`true`))} where ${standsAt(child)})`,
  );
  const [row] = await batch.session.query(sql`
    select ${removed} as removed, pg_catalog.json_build_array(${join(survivors, ', ')}) as survivors,
           exists (select from pg_catalog.pg_locks l where not l.granted) as awaited`);
  return {
    removed: json<RemovedRows>(row, 'removed'),
    survivors: json<readonly number[]>(row, 'survivors'),
    awaited: flag(row, 'awaited'),
  };
}

/**
 * Throws when more rows have gone than were copied. A session that checks no keys (`session_replication_role =
 * replica`: a subscription, a restore) can put a row below one that is about to go, after the look at its level.
 */
export async function assertAllCopied(session: Session, before: Copies, after: Aftermath): Promise<void> {
  const copied = new Map<string, { name: string; rows: number }>();
  for (const { oid, rows, deleted, partition, ...name } of before.copied)
    copied.set(oid, {
      name: tableId(name),
      rows: (copied.get(oid)?.rows ?? 0) + (partition ? rows : deleted),
    });
  for (const [oid, rows] of Object.entries(after.removed)) {
    const more = rows - (before.removed[oid] ?? 0) - (copied.get(oid)?.rows ?? 0);
    if (more > 0) throw uncopied(copied.get(oid)?.name ?? (await nameOf(session, oid)), more);
  }
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
