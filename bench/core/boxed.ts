import { withSql, type Sql } from '../../app/demo/sql';
import { Stopped, timed } from './measure';

/** Statements that are given so many milliseconds in all. The longest of them is cut off by the server. */
export function boxed(url: string, limit: number, statements: readonly string[]): Promise<number> {
  return withSql(url, async (sql) => {
    const begun = performance.now();
    return timed(async () => {
      for (const statement of statements)
        await inTime(sql, statement, limit, limit - (performance.now() - begun));
    });
  });
}

async function inTime(sql: Sql, statement: string, limit: number, left: number): Promise<void> {
  try {
    await sql.rows(`set statement_timeout = ${Math.max(1, Math.round(left))}`);
    await sql.rows(statement);
  } catch (error) {
    // "query_canceled": its time was up.
    if ((error as { code?: string }).code !== '57014') throw error;
    throw new Stopped(limit);
  }
}
