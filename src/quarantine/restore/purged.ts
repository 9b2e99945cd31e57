import { json } from '../../catalog/row';
import type { Session } from '../../db';
import type { Figures } from '../../execution/runs';
import type { RestoreOutcome } from '../../quarantine-outcome';
import { sql, type Sql } from '../../sql';

/** What was purged of a run's copies, by its ledger: these rows cannot come back, and a restore has to say so. */
export async function purgedOf(
  session: Session,
  ledger: Sql,
  runId: string,
): Promise<Pick<RestoreOutcome, 'purged'>> {
  const [run] = await session.query(sql`select r.figures from ${ledger}.run r where r.id::text = $1`, [
    runId,
  ]);
  const { purged } = json<Figures>(run, 'figures');
  return purged ? { purged: { rows: purged.rows, at: purged.at } } : {};
}
