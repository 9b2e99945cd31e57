import type { Session } from '../db';
import type { Catalog, Server } from './catalog';
import { contentsQuery } from './contents';
import { inWords, numbered, type Contents } from './numbered';
import { bothOf, partsOf, type Parts } from './parts';
import { rareParts } from './rare-parts';
import { isComplete, wordParts } from './word-parts';
import { join, sql } from '../sql';

/**
 * Reads everything outside of PostgreSQL's own schemas, with two queries whatever the number of tables.
 *
 * The caller has read `server` with `readServer` and has then set `catalogSearchPath`.
 */
export const readCatalog = (session: Session, server: Server): Promise<Catalog> => read(session, server);

/** The same for tables of some schemas; a key is read with its child. */
export const readSchemas = (session: Session, server: Server, schemas: readonly string[]): Promise<Catalog> =>
  read(session, server, schemas);

/** How often something may go between the two queries until it is told as an error. */
const TRIES = 3;

async function read(session: Session, server: Server, schemas?: readonly string[]): Promise<Catalog> {
  for (let tries = 0; tries < TRIES; tries++) {
    const parts = partsOf(await session.query(contentsQuery(server.version, schemas)));
    const contents = numbered(parts);
    const details = await readDetails(session, contents);
    if (isComplete(contents, details)) return { server, ...inWords(contents, bothOf(parts, details)) };
  }
  throw new Error('types or indexes went away each time that the catalog was read');
}

/** The words of the numbers, and what only some tables have. */
async function readDetails(session: Session, contents: Contents): Promise<Parts> {
  const asked = [...wordParts(contents).map(({ of }) => of), ...rareParts(contents.parts)];
  if (asked.length === 0) return partsOf([]);
  return partsOf(
    await session.query(
      sql`select part, oid, one, two from (${join(asked, ' union all ')}) as found(part, oid, one, two)`,
    ),
  );
}
