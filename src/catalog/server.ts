import type { Session } from '../db';
import type { Server } from './catalog';
import { sql } from '../sql';
import { count, flag, json, text } from './row';

/**
 * Asks the server about itself and about this session.
 *
 * It has to be the first question of a transaction: `catalogSearchPath` replaces the search_path that it reads.
 */
export async function readServer(session: Session): Promise<Server> {
  const [row] = await session.query(serverQuery);
  return {
    version: count(row, 'version'),
    database: text(row, 'database'),
    role: text(row, 'role'),
    inRecovery: flag(row, 'in_recovery'),
    searchPath: json<string[]>(row, 'search_path'),
    mayCreateSchema: flag(row, 'may_create_schema'),
  };
}

// Runs under the application's own search_path: no name here may be looked up along it.
const serverQuery = sql`
select
  pg_catalog.current_setting('server_version_num') as version,
  pg_catalog.current_database() as database,
  current_user as role,
  pg_catalog.pg_is_in_recovery() as in_recovery,
  pg_catalog.to_json(pg_catalog.current_schemas(false)) as search_path,
  pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE') as may_create_schema`;
