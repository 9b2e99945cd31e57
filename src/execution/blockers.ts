import type { Lock } from '../changes/statement';
import type { Row, Session } from '../db';
import { sql } from '../sql';

const holders = sql`
  select distinct a.pid, a.application_name, a.state,
         pg_catalog.round(extract(epoch from pg_catalog.clock_timestamp() - a.xact_start))::text as seconds
    from pg_catalog.pg_locks l
    join pg_catalog.pg_stat_activity a on a.pid = l.pid
    join pg_catalog.pg_class c on c.oid = l.relation
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
   where l.granted and l.locktype = 'relation' and a.pid <> pg_catalog.pg_backend_pid()
     and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database())
     and (n.nspname, c.relname) in (select t ->> 'schema', t ->> 'name' from pg_catalog.jsonb_array_elements($1::jsonb) t)
   order by a.pid`;

const exclusive = sql`
  select distinct a.pid, a.application_name, a.state,
         pg_catalog.round(extract(epoch from pg_catalog.clock_timestamp() - a.xact_start))::text as seconds
    from pg_catalog.pg_locks l join pg_catalog.pg_stat_activity a on a.pid = l.pid
   where l.granted and l.locktype = 'relation' and l.mode = 'AccessExclusiveLock' and a.pid <> pg_catalog.pg_backend_pid()
     and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database())
   order by a.pid`;

/** Who holds locks on the tables, as `pid 4711 (app, idle in transaction, for 12 s)`; never their SQL, which may hold data. */
export async function describeBlockers(session: Session, locks: readonly Lock[]): Promise<string> {
  return named(await session.query(holders, [JSON.stringify(locks.map(({ table }) => table))]));
}

/** Who keeps readers away from some table, in the same words. */
export const describeExclusiveLocks = async (session: Session): Promise<string> =>
  named(await session.query(exclusive));

const named = (rows: readonly Row[]): string =>
  rows
    .map(
      (row) =>
        `pid ${row['pid']} (${[row['application_name'], row['state'], row['seconds'] && `for ${row['seconds']} s`].filter(Boolean).join(', ')})`,
    )
    .join(', ');
