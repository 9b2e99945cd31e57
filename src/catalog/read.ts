import type { Session } from '../db';
import type { Catalog, Server } from './catalog';
import { readForeignKeys } from './foreign-keys';
import { readTables } from './tables';

/**
 * Reads everything outside of PostgreSQL's own schemas, with two queries whatever the number of tables.
 *
 * The caller has read `server` with `readServer` and has then set `catalogSearchPath`.
 */
export async function readCatalog(session: Session, server: Server): Promise<Catalog> {
  const tables = await readTables(session);
  const foreignKeys = await readForeignKeys(session, server);
  return { server, tables, foreignKeys };
}
