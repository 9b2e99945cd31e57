import type { RowLimits } from '../changes/change';
import { count, json, text } from '../catalog/row';
import type { Session } from '../db';
import { FkGuardError } from '../errors';
import { isConverted } from './conversion-copy';
import { tableId } from '../names';
import type { TableName } from '../schema';
import { literal, qualified, sql, type Sql } from '../sql';

/** How many rows of each table were taken, and how many of those are gone and not only changed. */
export type TakenRows = ReadonlyMap<string, Taken>;

interface Taken {
  readonly rows: number;
  readonly deleted: number;
}

/** All rows of all tables. */
export const rowsIn = (taken: TakenRows): number =>
  [...taken.values()].reduce((sum, { rows }) => sum + rows, 0);

/** Counts what goes from each table, cascades included, and stops before too much is gone. */
export interface RowBudget {
  /** Throws `LIMIT`, so that the batch rolls back, when a table would lose too much with it. */
  assertWithin(batch: TakenRows): void;
  /** Adds a batch that was committed. */
  spend(batch: TakenRows): void;
}

/** Reads how large the tables are and what this run, and the interrupted ones that it resumes, have taken already. */
export async function openBudget(
  session: Session,
  ledger: Sql,
  runId: string,
  tables: readonly TableName[],
  limits: RowLimits,
): Promise<RowBudget> {
  const taken = await takenBefore(session, ledger, runId);
  const sizes = new Map<string, number>();
  for (const table of tables) {
    const [row] = await session.query(sql`select pg_catalog.count(*) as rows from ${qualified(table)}`);
    sizes.set(tableId(table), count(row, 'rows') + (taken.get(tableId(table))?.deleted ?? 0));
  }
  return {
    assertWithin(batch) {
      for (const [table, { rows }] of batch) {
        const all = (taken.get(table)?.rows ?? 0) + rows;
        const size = sizes.get(table) ?? 0;
        // Divided, and not multiplied: 100 * 0.29 is less than 29.
        if (all > limits.rows && all / size > limits.fraction) throw tooMany(table, all, size, limits);
      }
    },
    spend: (batch) => batch.forEach((rows, table) => add(taken, table, rows)),
  };
}

function add(sums: Map<string, Taken>, table: string, { rows, deleted }: Taken): void {
  const before = sums.get(table);
  sums.set(table, { rows: (before?.rows ?? 0) + rows, deleted: (before?.deleted ?? 0) + deleted });
}

/** Writes down what a batch takes where no copy will tell of it, so that the limits can count it. */
export async function recordTaken(
  session: Session,
  { ledger, runId }: { readonly ledger: Sql; readonly runId: string },
  batch: TakenRows,
): Promise<void> {
  const entries = [...batch].map(([table, taken]) => ({ table, ...taken }));
  await session.query(
    sql`update ${ledger}.run set figures = pg_catalog.jsonb_set(figures, '{taken}', coalesce(figures -> 'taken', '[]') || $1::jsonb) where id = $2`,
    [JSON.stringify(entries), runId],
  );
}

/** Rows of a run and of the chain of interrupted runs before it; those that were put back, or only have a value of another type, do not count. */
async function takenBefore(session: Session, ledger: Sql, runId: string): Promise<Map<string, Taken>> {
  const chain = sql`
    with recursive chain as (
      select r.id, r.resumes, r.figures from ${ledger}.run r where r.id = ${literal(runId)}::uuid
      union select r.id, r.resumes, r.figures from ${ledger}.run r join chain c on r.id = c.resumes)`;
  const copied = await session.query(sql`${chain}
    select q.table_schema, q.table_name, pg_catalog.count(*) as rows, pg_catalog.count(*) filter (where q.action = 'delete') as deleted
      from ${ledger}.quarantine q join chain c on c.id = q.run_id where q.restored_at is null and not ${isConverted(sql`q`)} group by 1, 2`);
  const [uncopied] = await session.query(sql`${chain}
    select coalesce(pg_catalog.jsonb_agg(t), '[]') as entries from chain c cross join pg_catalog.jsonb_array_elements(c.figures -> 'taken') t`);
  const sums = new Map<string, Taken>();
  for (const row of copied)
    add(sums, tableId({ schema: text(row, 'table_schema'), name: text(row, 'table_name') }), {
      rows: count(row, 'rows'),
      deleted: count(row, 'deleted'),
    });
  for (const { table, ...taken } of json<readonly (Taken & { table: string })[]>(uncopied, 'entries'))
    add(sums, table, taken);
  return sums;
}

const tooMany = (table: string, rows: number, size: number, limits: RowLimits): FkGuardError =>
  new FkGuardError(
    'LIMIT',
    `${rows} of the ${size} rows of ${table} would go, more than ${limits.rows} and more than ${limits.fraction * 100} % of it.`,
    'Look at the rows first. If they are to go, raise limits: { rows, fraction }.',
  );
