import { count, text } from '../catalog/row';
import type { Row, Session } from '../db';
import { milliseconds } from '../execution/runs';
import { tableId } from '../names';
import { sql, type Sql } from '../sql';
import { isConverted } from './conversion-copy';

/** The copies that one run has made of one table's rows. Times are milliseconds since 1970; `undefined` is infinity. */
export interface Copies {
  readonly runId: string;
  readonly table: string;
  readonly rows: number;
  /** Those among them that were put back. */
  readonly restored: number;
  /** Of the values, as they are stored. */
  readonly bytes: number;
  readonly oldest: number | undefined;
  readonly newest: number | undefined;
  /** What clean-ups did to these rows themselves; only for runs that did not live to write it down. */
  readonly deleted: number;
  readonly nullified: number;
  readonly reparented: number;
  /** Values of another type; of every run. */
  readonly converted: number;
}

/** What is in the quarantine, by one scan. */
export const readContents = async (session: Session, ledger: Sql): Promise<readonly Copies[]> =>
  (await session.query(contentsQuery(ledger))).map(copiesOf);

/** All that the quarantine takes on disk, indexes and the room that purged copies have left included. */
export async function readDiskSize(session: Session, ledger: Sql): Promise<number> {
  const [row] = await session.query(
    sql`select pg_catalog.pg_total_relation_size(c.oid) as bytes from pg_catalog.pg_class c
         where c.oid = pg_catalog.to_regclass($1)`,
    [`${ledger}.quarantine`],
  );
  return count(row, 'bytes');
}

const isOwn = sql`q.level = 0 and not ${isConverted(sql`q`)}`;

/** A clean-up's own rows, by what it did to them; a quarantine of an earlier version has no column `given`. */
export const treated = {
  deleted: sql`${isOwn} and q.action = 'delete'`,
  nullified: sql`${isOwn} and q.action = 'change' and coalesce(pg_catalog.jsonb_typeof(pg_catalog.to_jsonb(q) -> 'given'), 'null') = 'null'`,
  reparented: sql`${isOwn} and q.action = 'change' and pg_catalog.jsonb_typeof(pg_catalog.to_jsonb(q) -> 'given') = 'object'`,
  converted: isConverted(sql`q`),
} as const;

const contentsQuery = (ledger: Sql): Sql => sql`
  select q.run_id, q.table_schema, q.table_name, pg_catalog.count(*) as rows, pg_catalog.count(q.restored_at) as restored,
         pg_catalog.sum(pg_catalog.pg_column_size(q.row_data)) as bytes,
         ${milliseconds(sql`pg_catalog.min(q.taken_at)`)} as oldest, ${milliseconds(sql`pg_catalog.max(q.taken_at)`)} as newest,
         ${unwritten(treated.deleted)} as deleted, ${unwritten(treated.nullified)} as nullified, ${unwritten(treated.reparented)} as reparented,
         pg_catalog.count(*) filter (where ${treated.converted}) as converted
    from ${ledger}.quarantine q join ${ledger}.run r on r.id = q.run_id
   group by 1, 2, 3 order by 2, 3, 1`;

const unwritten = (which: Sql): Sql =>
  sql`pg_catalog.count(*) filter (where case when not r.figures ? 'deleted' then ${which} else false end)`;

const copiesOf = (row: Row): Copies => ({
  runId: text(row, 'run_id'),
  table: tableId({ schema: text(row, 'table_schema'), name: text(row, 'table_name') }),
  rows: count(row, 'rows'),
  restored: count(row, 'restored'),
  bytes: count(row, 'bytes'),
  oldest: row['oldest'] ? Number(row['oldest']) : undefined,
  newest: row['newest'] ? Number(row['newest']) : undefined,
  deleted: count(row, 'deleted'),
  nullified: count(row, 'nullified'),
  reparented: count(row, 'reparented'),
  converted: count(row, 'converted'),
});
