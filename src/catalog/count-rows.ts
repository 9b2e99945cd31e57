import type { Session } from '../db';
import type { TableName } from '../schema';
import { integer, qualified, sql } from '../sql';
import { count } from './row';

/** Counts a table's rows exactly; with `most` it stops there: so many and more are one answer. */
export async function countRows(session: Session, table: TableName, most = Infinity): Promise<number> {
  const bound = Number.isSafeInteger(most) ? sql` limit ${integer(most)}` : sql``;
  const [row] = await session.query(
    sql`select pg_catalog.count(*) as rows from (select from ${qualified(table)}${bound}) as counted`,
  );
  return count(row, 'rows');
}
