import { keyMatch } from '../catalog/orphans';
import type { Session } from '../db';
import type { ForeignKey } from '../catalog/catalog';
import type { TakenRows } from './limits';
import { columns, integer, literal, qualified, sql, type Sql } from '../sql';

/** One transaction's share of a clean-up; its rows in the quarantine are also its list of what is to be removed. */
export interface Batch {
  readonly session: Session;
  /** The guard's own schema, quoted. */
  readonly ledger: Sql;
  readonly runId: string;
  readonly step: string;
  readonly number: number;
}

/** Which rows a batch is to take. */
export interface ToTake {
  /** Where they stood when they were listed, as (source_oid, source_ctid). */
  readonly listed: Sql;
  /** Throws when the run, or a table, has no room for so many. */
  readonly assertRoom: (taken: TakenRows) => void;
}

/** What a batch has taken. */
export interface TakenByBatch {
  /** Orphans that were deleted, or got another value. */
  readonly rows: number;
  /** Those, and all that went with them. */
  readonly taken: TakenRows;
  /** True when somebody may wait for its locks. */
  readonly awaited: boolean;
}

/** A key as far as rows can follow it; a relation without a key can be followed too. */
export type Path = Pick<ForeignKey, 'child' | 'childColumns' | 'parent' | 'parentColumns' | 'equality'>;

/** A way from row to row, and what to call it; with its relation, where a word about that would decide. */
export type NamedPath = Path & { readonly name: string; readonly relation?: string };

export const child = sql`"fk_guard_child"`;
const gone = sql`"fk_guard_gone"`;
const parent = sql`"fk_guard_parent_row"`;

const place = sql`"fk_guard_place"`;

/**
 * What to join a table with, so that only rows of a list of (tableoid, ctid) are left, which has each of them once.
 *
 * How many an array holds the planner never knows and takes for ten: it goes to each place by a TID scan, however large
 * the table, and reads the list once. `ctid = any (array)` is compared with the whole array for each row. Everything is
 * qualified because the deleting statement runs under the application's search_path.
 */
export const places = (rows: Sql): Sql => sql`
  pg_catalog.unnest(array(select row(r.source_oid, r.source_ctid) from (${rows}) r))
    as ${place}(source_oid pg_catalog.oid, source_ctid pg_catalog.tid)`;

/** Where a row of `places` stood. */
export const placeTid: Sql = sql`${place}.source_ctid`;

/**
 * True for the row at a place; the tableoid keeps partitions apart, which share ctids.
 *
 * A row that a writer has moved while this waited for it stands elsewhere, and that has to be seen in its new version. A
 * search by `ctid =` does not ask again (PostgreSQL 12, and no version is bound to), while a comparison that is no search does.
 */
export const standsAt = (row: Sql): Sql => sql`
  ${placeTid} operator(pg_catalog.=) ${row}.ctid
  and ${placeTid} operator(pg_catalog.<=) ${row}.ctid and ${placeTid} operator(pg_catalog.>=) ${row}.ctid
  and ${place}.source_oid operator(pg_catalog.=) ${row}.tableoid`;

/** The rows that this batch has copied, as (source_oid, source_ctid). */
export const takenRows = (batch: Batch, which: Sql): Sql =>
  sql`select q.source_oid, q.source_ctid from ${batch.ledger}.quarantine q where ${ofBatch(batch)} and ${which}`;

/** True for a row `q` of the quarantine that this batch has copied. */
export const ofBatch = (batch: Batch): Sql => sql`
  q.run_id operator(pg_catalog.=) ${literal(batch.runId)}::pg_catalog.uuid
  and q.step operator(pg_catalog.=) ${literal(batch.step)}
  and q.batch operator(pg_catalog.=) ${integer(batch.number)}`;

export const asDeleted = sql`q.action operator(pg_catalog.=) 'delete'`;
export const asChanged = sql`q.action operator(pg_catalog.=) 'change'`;
export const atLevel = (level: number): Sql => sql`q.level operator(pg_catalog.=) ${integer(level)}`;

/** A CTE with the keys of the parents that this batch takes: those that it deletes, unless other ones are meant. */
export const goneParents = (batch: Batch, path: Path, which: Sql = asDeleted): Sql => sql`
  with ${gone} as materialized (
    select ${columns(path.parentColumns)} from ${qualified(path.parent)} as ${parent}, ${places(takenRows(batch, which))}
     where ${standsAt(parent)})`;

/** True for a child of one of `goneParents`. */
export const pointsAtGone = (path: Path): Sql =>
  sql`exists (select from ${gone} where ${keyMatch({ ...path, parent: gone, child })})`;

/** True for a child that is not itself deleted by this batch. */
export const isNotGone = (batch: Batch): Sql => sql`
  not exists (select from (${takenRows(batch, asDeleted)}) r
               where r.source_oid operator(pg_catalog.=) ${child}.tableoid and r.source_ctid operator(pg_catalog.=) ${child}.ctid)`;
