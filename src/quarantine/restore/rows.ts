import { flag, json, text } from '../../catalog/row';
import type { Session } from '../../db';
import { tableId } from '../../names';
import { sql, type Sql } from '../../sql';
import { isConverted, leftBy } from '../conversion-copy';
import type { Left, Values } from './find-row';
import { isReason, reasonOf, type Reason } from './reason';
import type { SchemaUndo } from './schema-undo';
import { readTarget, type RestoreTarget } from './target';
import type { RestoreTask } from './task';

/** What came back, and what did not. */
export interface GivenBack {
  readonly restored: number;
  readonly failed: readonly { readonly table: string; readonly row: string; readonly reason: Reason }[];
}

/** Puts the open copies of a run back; `inTransaction` is what each of its transactions runs in. */
export const giveRowsBack = (
  { session, ledger, runId }: RestoreTask,
  inTransaction: (run: () => Promise<GivenBack>) => Promise<GivenBack>,
  _undo?: SchemaUndo,
): Promise<GivenBack> =>
  inTransaction(async () => {
    const rows = await quarantined(session, ledger, runId);
    const failed = await restoreRows(session, ledger, rows);
    return { restored: rows.length - failed.length, failed };
  });

interface QuarantinedRow {
  readonly id: string;
  readonly action: 'delete' | 'change';
  readonly schema: string;
  readonly table: string;
  readonly changed: readonly string[];
  readonly values: Values;
  /** What the guard wrote into the changed columns, where that is not null. */
  readonly left: Left;
}

/** Goes round until nothing more comes back: a row with two parents may be read before one of them. */
async function restoreRows(
  session: Session,
  ledger: Sql,
  rows: readonly QuarantinedRow[],
): Promise<GivenBack['failed']> {
  const targets = new Map<string, RestoreTarget | undefined>();
  let failed: { readonly row: QuarantinedRow; readonly table: string; readonly reason: Reason }[] = [];
  for (
    let left = rows, before = Infinity;
    left.length > 0 && left.length < before;
    left = failed.map(({ row }) => row)
  ) {
    before = left.length;
    failed = [];
    for (const row of left) {
      const name = { schema: row.schema, name: row.table };
      const table = tableId(name);
      if (!targets.has(table)) targets.set(table, await readTarget(session, name));
      const reason = await restoreRow(session, ledger, row, targets.get(table));
      if (reason !== undefined) failed.push({ row, table, reason });
    }
  }
  return failed.map(({ row, table, reason }) => ({ table, row: row.id, reason }));
}

async function quarantined(session: Session, ledger: Sql, runId: string): Promise<readonly QuarantinedRow[]> {
  // What was done last is undone first: a row may have been changed by one batch and deleted by a later one.
  const rows = await session.query(
    sql`select q.id, q.action, q.table_schema, q.table_name, pg_catalog.to_jsonb(q.changed_columns) as changed, q.row_data,
               coalesce(pg_catalog.to_jsonb(q) -> 'given', '{}') as given, ${isConverted(sql`q`)} as converted
          from ${ledger}.quarantine q where q.run_id::text = $1 and q.restored_at is null
         order by pg_catalog.max(q.id) over (partition by q.step, q.batch) desc, q.level, q.id`,
    [runId],
  );
  return rows.map((row) => ({
    id: text(row, 'id'),
    action: text(row, 'action') === 'change' ? 'change' : 'delete',
    schema: text(row, 'table_schema'),
    table: text(row, 'table_name'),
    changed: json(row, 'changed'),
    values: json(row, 'row_data'),
    left: leftBy(flag(row, 'converted'), json<Values | null>(row, 'given') ?? {}),
  }));
}

/** Restores one row under a savepoint; the reason when it cannot be. */
async function restoreRow(
  session: Session,
  ledger: Sql,
  row: QuarantinedRow,
  target: RestoreTarget | undefined,
): Promise<Reason | undefined> {
  if (!target) return { text: 'the table is gone' };
  await session.query(sql`savepoint fk_guard_row`);
  try {
    const reason =
      row.action === 'delete'
        ? await target.insert(row.values)
        : await target.giveBack(row.values, row.changed, row.left);
    if (reason !== undefined) {
      await session.query(sql`rollback to savepoint fk_guard_row`);
      return { text: reason };
    }
    await session.query(
      sql`update ${ledger}.quarantine q set restored_at = pg_catalog.clock_timestamp() where q.id = $1::bigint`,
      [row.id],
    );
    await session.query(sql`release savepoint fk_guard_row`);
    return undefined;
  } catch (error) {
    if (!isReason(error)) throw error;
    await session.query(sql`rollback to savepoint fk_guard_row`);
    return reasonOf(error);
  }
}
