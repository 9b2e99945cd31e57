import { flag, json, text } from '../catalog/row';
import { transaction, type Session } from '../db';
import { FkGuardError } from '../errors';
import { exactTextForms, writing } from '../execution/session-settings';
import { assertStepLock } from '../execution/runner';
import type { Settings } from '../options';
import { tableId } from '../names';
import type { RestoreOutcome } from '../outcome';
import { identifier, sql, type Sql } from '../sql';
import { parentsOf } from './created-parents';
import { purgedOf } from './purged';
import { reasonOf } from './restore-reason';
import { isConverted, leftBy } from './conversion-copy';
import type { Left, Values } from './find-row';
import { readTarget, type RestoreTarget } from './restore-target';

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

/**
 * Puts the rows of one run back: changed rows get their old values, deleted rows come back, the last batch first. A
 * row that cannot come back is reported with its reason and stops no other. A dry run does it all and rolls it back.
 */
export async function restoreRun(
  session: Session,
  settings: Settings,
  runId: string,
  dryRun: boolean,
): Promise<RestoreOutcome> {
  const ledger = identifier(settings.quarantine.schema);
  let outcome: RestoreOutcome = { runId, restored: 0, failed: [] };
  const work = async (): Promise<void> => {
    await assertStepLock(session);
    const rows = await quarantined(session, ledger, runId);
    const failed = await restoreRows(session, ledger, rows);
    const createdParents = await parentsOf(session, ledger, runId);
    outcome = {
      runId,
      restored: rows.length - failed.length,
      failed,
      ...(createdParents.length > 0 && { createdParents }),
      ...(await purgedOf(session, ledger, runId)),
    };
    if (dryRun) throw new DryRun();
  };
  await transaction(session, 'read write', [writing(settings), exactTextForms], work).catch(
    (error: unknown) => {
      if (!(error instanceof DryRun)) throw error;
    },
  );
  return outcome;
}

/** Goes round until nothing more comes back: a row with two parents may be read before one of them. */
async function restoreRows(
  session: Session,
  ledger: Sql,
  rows: readonly QuarantinedRow[],
): Promise<RestoreOutcome['failed']> {
  const targets = new Map<string, RestoreTarget | undefined>();
  let failed: { readonly row: QuarantinedRow; readonly table: string; readonly reason: string }[] = [];
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

/** Ends the transaction of a dry run. */
class DryRun extends Error {}

async function quarantined(session: Session, ledger: Sql, runId: string): Promise<readonly QuarantinedRow[]> {
  const unknown = (cause?: unknown): FkGuardError =>
    new FkGuardError(
      'NO_SUCH_RUN',
      `There is no run ${runId} in the ledger.`,
      'Look up the id in fk_guard.run.',
      cause,
    );
  const [run] = await session
    .query(sql`select 1 as found from ${ledger}.run r where r.id::text = $1`, [runId])
    .catch((error: unknown) => Promise.reject(unknown(error)));
  if (!run) throw unknown();
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
): Promise<string | undefined> {
  if (!target) return 'the table is gone';
  await session.query(sql`savepoint fk_guard_row`);
  try {
    const reason =
      row.action === 'delete'
        ? await target.insert(row.values)
        : await target.giveBack(row.values, row.changed, row.left);
    if (reason !== undefined) {
      await session.query(sql`rollback to savepoint fk_guard_row`);
      return reason;
    }
    await session.query(
      sql`update ${ledger}.quarantine q set restored_at = pg_catalog.clock_timestamp() where q.id = $1::bigint`,
      [row.id],
    );
    await session.query(sql`release savepoint fk_guard_row`);
    return undefined;
  } catch (error) {
    await session.query(sql`rollback to savepoint fk_guard_row`);
    return reasonOf(error);
  }
}
