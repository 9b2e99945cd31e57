import { sql, type Sql } from '../sql';

/**
 * A common table expression `table_under_build(oid)`: tables that another session builds an index of.
 *
 * `pg_stat_progress_create_index` hides from other roles which table a session works on, but not its pid, and
 * `pg_locks` hides nothing.
 */
export const tablesUnderBuild: Sql = sql`
table_under_build as (
  select distinct held.relation as oid
  from pg_catalog.pg_locks held
  join pg_catalog.pg_stat_progress_create_index build on build.pid = held.pid
  where held.locktype = 'relation' and held.pid <> pg_backend_pid()
    and held.database = (select oid from pg_catalog.pg_database where datname = current_database())
)`;
