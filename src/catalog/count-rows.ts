import type { Session } from '../db';
import type { TableName } from '../schema';
import { integer, qualified, sql } from '../sql';
import { count } from './row';

/**
 * Counts a table's rows exactly; with `most` it stops there: so many and more are one answer. To walk so far takes less
 * than to count so far, and a table that ends before is counted with its workers.
 */
export async function countRows(session: Session, table: TableName, most = Infinity): Promise<number> {
  const all = sql`select pg_catalog.count(*) from ${qualified(table)}`;
  const [row] = await session.query(
    Number.isSafeInteger(most)
      ? sql`select case when exists (select from ${qualified(table)} offset ${integer(most - 1)}) then ${integer(most)} else (${all}) end as rows`
      : sql`select (${all}) as rows`,
  );
  return count(row, 'rows');
}
