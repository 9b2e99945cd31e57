import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openLibrary } from '../../app/database';
import { createHttp } from '../../app/http';
import { databaseProbe } from '../../app/probe';
import { createDatabase, type TestDatabase } from '../postgres/database';

/** BookNexus on a port and a database of its own. */
export interface Served {
  readonly database: TestDatabase;
  readonly url: string;
  /** As it was at the beginning. */
  refill(): Promise<unknown>;
  close(): Promise<void>;
}

/** Two books and two readers; Ada has had one book twice, with fines, and has said what she thinks of both. */
const FILL = `
  truncate "Users", "Books" restart identity cascade;
  insert into "Users" (id, name, email, "createdAt", "updatedAt") values
    (1, 'Ada', 'ada@example.org', now(), now()), (2, 'Grace', 'grace@example.org', now(), now());
  insert into "Books" (id, title, isbn, "createdAt", "updatedAt") values
    (1, 'Notes', '978-1', now(), now()), (2, 'Engines', '978-2', now(), now());
  insert into "Checkouts" (id, "userId", "bookId", "dueAt", "returnedAt", "createdAt", "updatedAt") values
    (1, 1, 1, now(), now(), now(), now()), (2, 1, 1, now(), now(), now(), now()), (3, 2, 2, now(), now(), now(), now());
  insert into "Fines" (id, "checkoutId", cents, "createdAt", "updatedAt") values
    (1, 1, 100, now(), now()), (2, 2, 200, now(), now()), (3, 3, 300, now(), now());
  insert into "Reviews" (id, "userId", "bookId", stars, text, "createdAt", "updatedAt") values
    (1, 1, 1, 5, '', now(), now()), (2, 1, 2, 4, '', now(), now()), (3, 2, 1, 3, '', now(), now());
  select setval(pg_get_serial_sequence('"Users"', 'id'), 2), setval(pg_get_serial_sequence('"Checkouts"', 'id'), 3);`;

export async function serveLibrary(): Promise<Served> {
  const database = await createDatabase('library');
  const library = openLibrary(database.url);
  const probe = databaseProbe(database.url);
  await library.sequelize.sync();
  const server = createServer(createHttp(library, { probe, readiness: () => ({ state: 'ready' }) }));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    database,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    refill: () => database.query(FILL),
    async close() {
      server.closeAllConnections();
      server.close();
      await Promise.all([probe.close(), library.sequelize.close()]);
      await database.drop();
    },
  };
}

/** How many rows the tables have, and how many reviews nobody wrote: judged by SQL alone. */
export async function rowsOf(database: TestDatabase): Promise<Readonly<Record<string, number>>> {
  const [rows = {}] = await database.query<Record<string, number>>(`select
    (select count(*)::int from "Users") "Users", (select count(*)::int from "Books") "Books",
    (select count(*)::int from "Checkouts") "Checkouts", (select count(*)::int from "Fines") "Fines",
    (select count(*)::int from "Reviews") "Reviews",
    (select count(*)::int from "Reviews" where "userId" is null) "Anonymous"`);
  return rows;
}
