import { catalogSearchPath } from '../catalog/session-guards';
import type { Lock } from '../changes/statement';
import { transaction, type Row, type Session } from '../db';
import { sql } from '../sql';
import { labelOf } from './blocker-label';
import { CONFLICTS, holdersOf } from './queue';

/** Who is in the way of these locks; where no lock of a table is, who may hold rows of it. */
export const describeBlockers = (session: Session, locks: readonly Lock[]): Promise<string> =>
  asked(session, async () => {
    const found = await holdersOf(session, locks, (mode) => CONFLICTS[mode]);
    return found.length > 0 ? found : holdersOf(session, locks, () => BESIDE_READING);
  });

/** The same for what takes no transaction: it waits for snapshots too, whatever tables they are of. */
export const describeBlockersOutside = async (session: Session, locks: readonly Lock[]): Promise<string> =>
  (await describeBlockers(session, locks)) || (await asked(session, () => session.query(snapshots)));

/** Who keeps readers away from some table, in the same words. */
export const describeExclusiveLocks = (session: Session): Promise<string> =>
  asked(session, () => session.query(exclusive));

const asked = (session: Session, ask: () => Promise<readonly Row[]>): Promise<string> =>
  transaction(session, 'read only', [catalogSearchPath], async () => (await ask()).map(labelOf).join(', '));

/** Whoever locks a row has one of these on its table. */
const BESIDE_READING = CONFLICTS['ACCESS EXCLUSIVE'].filter((mode) => mode !== 'AccessShareLock');

const session = sql`
  a.pid, a.application_name, a.backend_type, a.state,
  pg_catalog.floor(extract(epoch from pg_catalog.statement_timestamp() - a.xact_start) * 1000)::bigint as ms`;

const exclusive = sql`
  select distinct ${session}
    from pg_catalog.pg_locks l join pg_catalog.pg_stat_activity a on a.pid = l.pid
   where l.granted and l.locktype = 'relation' and l.mode = 'AccessExclusiveLock' and a.pid <> pg_catalog.pg_backend_pid()
     and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database())
   order by a.pid`;

const snapshots = sql`
  select ${session} from pg_catalog.pg_stat_activity a
   where a.backend_xmin is not null and a.pid <> pg_catalog.pg_backend_pid() and a.datname = pg_catalog.current_database()
   order by a.xact_start nulls last`;
