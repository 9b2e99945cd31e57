import type { Session } from '../db';
import type { Catalog, Server } from './catalog';
import { readForeignKeys } from './foreign-keys';
import { readTables } from './tables';

/**
 * Reads everything outside of PostgreSQL's own schemas, with three queries whatever the number of tables.
 *
 * The caller has read `server` with `readServer` and has then set `catalogSearchPath`.
 */
export const readCatalog = (session: Session, server: Server): Promise<Catalog> => read(session, server);

/** The same for tables of some schemas; a key is read with its child. */
export const readSchemas = (session: Session, server: Server, schemas: readonly string[]): Promise<Catalog> =>
  read(session, server, schemas);

async function read(session: Session, server: Server, schemas?: readonly string[]): Promise<Catalog> {
  const tables = await readTables(session, schemas);
  const foreignKeys = await readForeignKeys(session, server, tables, schemas);
  return { server, tables: tables.map(({ table }) => table), foreignKeys };
}
