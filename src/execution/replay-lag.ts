import { flag, text } from '../catalog/row';
import type { Session } from '../db';
import { FkGuardError } from '../errors';
import { sql } from '../sql';

/** The standby that is furthest behind, and how far. */
export interface ReplayLag {
  readonly standby: string;
  readonly ms: number;
}

/**
 * The largest replay lag of all standbys; none where there are none. Throws `PRIVILEGE` where this role may not see it.
 * To be asked under `catalogSearchPath`.
 */
export async function replayLag(session: Session): Promise<ReplayLag> {
  const rows = await session.query(lags);
  const hidden = rows.find((row) => flag(row, 'hidden'));
  if (hidden) throw notShown(text(hidden, 'role'));
  return rows.reduce<ReplayLag>(
    (most, row) => {
      const ms = Number(row['lag'] ?? 0);
      return ms > most.ms ? { standby: row['application_name'] ?? '', ms } : most;
    },
    { standby: '', ms: 0 },
  );
}

/**
 * The view goes on showing the last lag that was measured when nothing is written any more: who has replayed all that
 * there is lags by nothing. Whose state is null is somebody that this role may not look at.
 */
const lags = sql`
  select r.application_name, r.state is null as hidden, current_user as role,
         case when r.replay_lsn < pg_catalog.pg_current_wal_lsn()
              then pg_catalog.floor(extract(epoch from r.replay_lag) * 1000)::bigint end as lag
    from pg_catalog.pg_stat_replication r`;

const notShown = (role: string): FkGuardError =>
  new FkGuardError(
    'PRIVILEGE',
    `"maxLag": the role ${role} may not see how far the standbys are behind (pg_stat_replication).`,
    'Grant it pg_monitor, or take maxLag away. The run does not go on without it.',
  );
