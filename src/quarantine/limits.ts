import { count, text } from '../catalog/row';
import type { RowLimits } from '../changes/change';
import type { Session } from '../db';
import { FkGuardError } from '../errors';
import { tableId } from '../names';
import type { TableName } from '../schema';
import { literal, qualified, sql, type Sql } from '../sql';

/** Counts what goes from each table, cascades included, and stops before too much is gone. */
export interface RowBudget {
  /** Adds what one batch has copied; throws `LIMIT`, so that the batch rolls back, when a table loses too much. */
  spend(rowsByTable: ReadonlyMap<string, number>): void;
}

/** Reads how large the tables are and what this run, and the interrupted ones that it resumes, have taken already. */
export async function openBudget(session: Session, ledger: Sql, runId: string, tables: readonly TableName[], limits: RowLimits): Promise<RowBudget> {
  const taken = await takenBefore(session, ledger, runId);
  const sizes = new Map<string, number>();
  for (const table of tables) {
    const [row] = await session.query(sql`select pg_catalog.count(*) as rows from ${qualified(table)}`);
    sizes.set(tableId(table), count(row, 'rows') + (taken.get(tableId(table)) ?? 0));
  }
  return {
    spend(rowsByTable) {
      for (const [table, rows] of rowsByTable) {
        const all = (taken.get(table) ?? 0) + rows;
        const size = sizes.get(table) ?? 0;
        if (all > limits.rows && all > size * limits.fraction) throw tooMany(table, all, size, limits);
      }
      for (const [table, rows] of rowsByTable) taken.set(table, (taken.get(table) ?? 0) + rows);
    },
  };
}

/** Rows of a run and of the chain of interrupted runs before it. */
async function takenBefore(session: Session, ledger: Sql, runId: string): Promise<Map<string, number>> {
  const rows = await session.query(sql`
    with recursive chain as (
      select r.id, r.resumes from ${ledger}.run r where r.id = ${literal(runId)}::uuid
      union select r.id, r.resumes from ${ledger}.run r join chain c on r.id = c.resumes)
    select q.table_schema, q.table_name, pg_catalog.count(*) as rows
      from ${ledger}.quarantine q join chain c on c.id = q.run_id group by 1, 2`);
  return new Map(rows.map((row) => [tableId({ schema: text(row, 'table_schema'), name: text(row, 'table_name') }), count(row, 'rows')]));
}

const tooMany = (table: string, rows: number, size: number, limits: RowLimits): FkGuardError =>
  new FkGuardError(
    'LIMIT',
    `${rows} of the ${size} rows of ${table} would go, more than ${limits.rows} and more than ${limits.fraction * 100} % of it.`,
    'Look at the rows first. If they are to go, raise limits: { rows, fraction }.',
  );
