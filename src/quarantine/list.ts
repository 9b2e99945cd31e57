import { orphanPredicate } from '../catalog/orphans';
import { count } from '../catalog/row';
import type { OrphanCondition } from '../changes/change';
import type { Session } from '../db';
import { FkGuardError } from '../errors';
import { smallHash } from '../execution/small-hash';
import { wholeTables } from '../execution/whole-tables';
import { integer, qualified, sql, type Sql } from '../sql';
import { child } from './taken';

/**
 * Writes down where the orphans are. The list is only a hint: each row is judged again before it is removed.
 *
 * That is done by the parent's index, which may have lost rows: the C library's collations change, and some minor
 * versions built wrong indexes. So the list is made without any: to go, a row has to be an orphan by both.
 */
export async function listOrphans(session: Session, ledger: Sql, orphans: OrphanCondition): Promise<number> {
  await session.query(wholeTables.read);
  await session.query(smallHash.begin(orphans.child));
  const from = sql`${qualified(orphans.child)} as ${child}`;
  return listRows(session, ledger, from, child, orphanPredicate(orphans, child));
}

/**
 * Writes down where rows are, numbered, by one scan; `create table as` is what lets it run in parallel. Windows over
 * keys or ctid ranges instead of a list are 20 to 30 times slower.
 */
export async function listRows(
  session: Session,
  ledger: Sql,
  from: Sql,
  alias: Sql,
  condition: Sql,
): Promise<number> {
  await session.query(dropList(ledger));
  await session.query(sql`
    create unlogged table ${list(ledger)} as
    select pg_catalog.row_number() over () as number, ${alias}.tableoid as source_oid, ${alias}.ctid as source_ctid
      from ${from} where ${condition}`);
  await session.query(sql`create unique index on ${list(ledger)} (number)`);
  const [row] = await session.query(sql`select pg_catalog.count(*) as rows from ${list(ledger)}`);
  return count(row, 'rows');
}

/** The list's rows from one number to another, as (source_oid, source_ctid). */
export const listedRows = (ledger: Sql, from: number, to: number): Sql =>
  sql`select l.source_oid, l.source_ctid from ${list(ledger)} l where l.number between ${integer(from)} and ${integer(to)}`;

export const dropList = (ledger: Sql): Sql => sql`drop table if exists ${list(ledger)}`;

/** Work by a list, which is gone afterwards; where it is broken off by an error that is no end, the next run drops it. */
export async function listWhile(drop: () => Promise<unknown>, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof FkGuardError && error.code === 'CAPPED') await drop().catch(() => undefined);
    throw error;
  }
  await drop();
}

/** The list's table. */
export const list = (ledger: Sql): Sql => sql`${ledger}.orphan_list`;
