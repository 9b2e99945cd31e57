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

/** The same for tables of some schemas; a key is read with its child. */
export async function readSchemas(
  session: Session,
  server: Server,
  schemas: readonly string[],
): Promise<Catalog> {
  const tables = await readTables(session, schemas);
  const foreignKeys = await readForeignKeys(session, server, schemas);
  return { server, tables, foreignKeys };
}
