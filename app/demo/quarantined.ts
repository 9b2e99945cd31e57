import type { Sql } from './sql';

/** How many rows of one table the guard keeps. */
export interface Kept {
  readonly table: string;
  readonly rows: number;
}

/** Counts the kept rows table by table, with plain SQL. */
export async function quarantined(sql: Sql): Promise<readonly Kept[]> {
  const rows = await sql.rows(`
    select table_name, count(*)::int as rows from fk_guard.quarantine
     where table_schema = 'public' and action = 'delete' group by table_name order by table_name`);
  return rows.map(({ table_name: table, rows: count }) => ({ table: String(table), rows: Number(count) }));
}
