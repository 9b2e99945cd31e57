import { count } from '../../catalog/row';
import type { RestoreOutcome } from '../../quarantine-outcome';
import { sql } from '../../sql';
import type { RestoreTask } from './task';

type Where = Pick<RestoreTask, 'session' | 'ledger' | 'runId'>;

/** What earlier restores have put back of a run's rows, and when the last of them. */
export async function earlierOf({ session, ledger, runId }: Where): Promise<Pick<RestoreOutcome, 'earlier'>> {
  const [row] = await session.query(
    sql`select pg_catalog.count(q.restored_at) as rows,
               pg_catalog.to_char(pg_catalog.max(q.restored_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at
          from ${ledger}.quarantine q where q.run_id::text = $1`,
    [runId],
  );
  const at = row?.['at'];
  return at ? { earlier: { rows: count(row, 'rows'), at } } : {};
}

/** The run's rows that are not back. */
export async function countOpen({ session, ledger, runId }: Where): Promise<number> {
  const [row] = await session.query(
    sql`select pg_catalog.count(*) as rows from ${ledger}.quarantine q where q.run_id::text = $1 and q.restored_at is null`,
    [runId],
  );
  return count(row, 'rows');
}

/** Writes down who has put back what, and when; `restored_at` of each copy says which rows. */
export async function recordRestore(
  { session, ledger, runId }: Where,
  { restored, failed, schema }: RestoreOutcome,
): Promise<void> {
  await session.query(
    sql`
    update ${ledger}.run r
       set figures = pg_catalog.jsonb_set(r.figures, '{restores}', coalesce(r.figures -> 'restores', '[]') || pg_catalog.jsonb_build_array($2::jsonb || pg_catalog.jsonb_build_object(
             'by', current_user, 'at', pg_catalog.to_char(pg_catalog.clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))))
     where r.id::text = $1`,
    [runId, JSON.stringify({ rows: restored, failed: failed.length, schema: schema?.undone ?? false })],
  );
}
