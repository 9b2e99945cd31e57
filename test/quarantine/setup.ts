import { once } from 'node:events';
import { Client, escapeIdentifier } from 'pg';
import { createGuard, type FkGuardOptions } from 'sequelize-fk-guard';
import type { TestDatabase } from '../postgres/database';
import type { Judge } from '../postgres/judge';

/** A foreign key as `createGuard` takes it. */
export type Key = Parameters<typeof guardAt>[1][number];

export const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** A guard for keys that are declared by hand, on a connection string. */
export const guardAt = (
  url: string,
  foreignKeys: Extract<Parameters<typeof createGuard>[0], { url: string }>['foreignKeys'],
  options: FkGuardOptions = {},
) => createGuard({ url, foreignKeys }, { logger: silent, ...options });

/** A relation whose orphans are deleted, as an author's CASCADE says. */
export const cascade = (child: string, parent: string): Key => ({ child, parent, onDelete: 'CASCADE' });

/** One more client of the application; `end` it, or let the database's drop say that it was left open. */
export async function connect(url: string, name = 'application'): Promise<Client> {
  const client = new Client({ connectionString: url, application_name: name });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

export const pidOf = async (client: Client): Promise<number> =>
  Number((await client.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]?.pid);

/** Asks until the query's first row has `ok`. */
export async function until(database: Judge, query: string, values: unknown[] = []): Promise<void> {
  for (const deadline = Date.now() + 20_000; Date.now() < deadline;) {
    const [row] = await database.query<{ ok: boolean }>(query, values);
    if (row?.ok) return;
    await once(AbortSignal.timeout(5), 'abort');
  }
  throw new Error(`never true: ${query}`);
}

/** Until somebody waits for a lock that the given backend holds. */
export const untilBlockedBy = (database: TestDatabase, pid: number): Promise<void> =>
  until(
    database,
    'select exists (select from pg_stat_activity where $1 = any (pg_blocking_pids(pid))) as ok',
    [pid],
  );

/** Until somebody has waited that long for a lock that the given backend holds. */
export const untilBlockedFor = (database: TestDatabase, pid: number, ms: number): Promise<void> =>
  until(
    database,
    `select exists (select from pg_stat_activity where $1 = any (pg_blocking_pids(pid))
        and clock_timestamp() - query_start > make_interval(secs => $2 / 1000.0)) as ok`,
    [pid, ms],
  );

/** Every row of a table in its own text form, in byte order. */
export const rowsOf = async (database: TestDatabase, table: string): Promise<string[]> =>
  (
    await database.query<{ row: string }>(
      `select t::text as row from ${table} t order by t::text collate "C"`,
    )
  ).map(({ row }) => row);

/** How many copies there are of each table and action, as `table action rows`. */
export const copies = async (database: TestDatabase, schema = 'fk_guard'): Promise<string[]> =>
  (
    await database.query<{ line: string }>(
      `select concat_ws(' ', table_name, action, count(*)) as line from ${escapeIdentifier(schema)}.quarantine
        group by table_name, action order by 1`,
    )
  ).map(({ line }) => line);

/** Column → text form of every copy of one table, in the order of one column. */
export const copiedRows = async (database: TestDatabase, table: string): Promise<Record<string, string>[]> =>
  (
    await database.query<{ row_data: Record<string, string> }>(
      `select row_data from fk_guard.quarantine where table_name = $1 order by row_data::text collate "C"`,
      [table],
    )
  ).map(({ row_data }) => row_data);

/** Jest's own matchers are `any`, which would switch off the types of whatever holds them. */
export const containing = (part: string): unknown => expect.stringContaining(part);
export const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);
