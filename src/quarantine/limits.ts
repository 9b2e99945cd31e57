import type { RowLimits } from '../changes/change';
import { countRows } from '../catalog/count-rows';
import { count, json, text } from '../catalog/row';
import type { Session } from '../db';
import { FkGuardError } from '../errors';
import type { Work } from '../execution/work';
import { isConverted } from './conversion-copy';
import { tableId } from '../names';
import { enoughRows } from '../policy/breaker';
import type { TableName } from '../schema';
import { literal, sql, type Sql } from '../sql';

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
  /**
   * Throws, so that the batch rolls back: `LIMIT` when a table would lose too much with it, `NotCounted` where the table
   * has not been counted far enough to tell. Reads nothing, since a count takes long and the batch holds its locks.
   */
  assertWithin(batch: TakenRows): void;
  /** The same between batches: counts what has to be counted, with room for `ahead` times as many rows, and throws `LIMIT`. */
  measure(batch: TakenRows, ahead?: number): Promise<void>;
  /** Adds a batch that was committed. */
  spend(batch: TakenRows): void;
}

/** Nobody knows yet whether the tables are large enough for a batch. */
export class NotCounted extends Error {
  constructor(readonly batch: TakenRows) {
    super('a table is not counted as far as the batch asks for it');
  }
}

/** What a table has at least, with the rows that are gone already; `whole` when it has no more. */
interface Counted {
  readonly rows: number;
  readonly whole: boolean;
}

/** What is less than this is counted with it: it takes a millisecond. */
const LEAST_AHEAD = 1_000;

/** Reads what this run, and the interrupted ones that it resumes, have taken already. */
export async function openBudget(
  read: <T>(run: () => Promise<T>) => Promise<T>,
  { session, ledger, settings }: Pick<Work, 'session' | 'ledger' | 'settings'>,
  tables: readonly TableName[],
): Promise<RowBudget> {
  const { limits } = settings;
  const taken = await read(() => takenBefore(session, ledger.schema, ledger.runId));
  // Where all of a table may go, its size is nothing that anybody has to know.
  const unread: Counted = limits.fraction < 1 ? { rows: 0, whole: false } : { rows: Infinity, whole: true };
  const sizes = new Map(tables.map((table) => [tableId(table), unread]));
  const sizeOf = (id: string): Counted => sizes.get(id) ?? { rows: 0, whole: true };
  const withBatch = (id: string, batch: TakenRows): number =>
    (taken.get(id)?.rows ?? 0) + (batch.get(id)?.rows ?? 0);
  // Divided, and not multiplied: 100 * 0.29 is less than 29.
  const isWithin = (id: string, all: number): boolean =>
    all <= limits.rows || all / sizeOf(id).rows <= limits.fraction;
  const budget: RowBudget = {
    assertWithin(batch) {
      for (const id of batch.keys()) {
        const all = withBatch(id, batch);
        if (isWithin(id, all)) continue;
        throw sizeOf(id).whole ? tooMany(id, all, sizeOf(id).rows, limits) : new NotCounted(batch);
      }
    },
    async measure(batch, ahead = 0) {
      for (const table of tables) {
        const id = tableId(table);
        const all = withBatch(id, batch);
        if (isWithin(id, all) || sizeOf(id).whole) continue;
        const most = enoughRows(Math.max(all, LEAST_AHEAD, all * ahead), limits);
        const rows = await read(() => countRows(session, table, most));
        sizes.set(id, { rows: rows + (taken.get(id)?.deleted ?? 0), whole: rows < most });
      }
      budget.assertWithin(batch);
    },
    spend: (batch) => batch.forEach((rows, table) => add(taken, table, rows)),
  };
  return budget;
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
