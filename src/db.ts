import { Client } from 'pg';
import { addressOf } from './address';
import { lastly } from './cancel';
import { requestCancel, type Cancellable } from './cancel-request';
import { connectionError, endsConnection, lostConnection } from './connection-error';
import type { SequelizeLike } from './model/sequelize-like';
import { sql, type Sql } from './sql';

/** One row, every value in PostgreSQL's own text form, so that no driver setting can change it. */
export type Row = Readonly<Record<string, string | null>>;

/** One connection of the guard's own, outside of any pool. */
export interface Session {
  /** Runs one statement. Throws what the server said, untouched. */
  query(text: Sql, values?: readonly unknown[]): Promise<readonly Row[]>;
  /** False once the connection is known to be gone. */
  isAlive(): boolean;
  /** The process that was said to answer when the session began; `undefined` where the driver keeps that to itself. */
  readonly backend: number | undefined;
  /** Asks the server to cancel the statement in hand; a driver may not know how (`pg-native`). */
  cancel(): Promise<void>;
  close(): Promise<void>;
}

/** Where sessions come from. */
export interface Database {
  /** Host and database, for messages; never a password. */
  readonly label: string;
  /** Aborted once no work is to be done any more. */
  readonly signal?: AbortSignal;
  /** With a limit in milliseconds it gives up a connection that takes longer; a driver may not know how (`pg-native`). */
  open(limit?: number): Promise<Session>;
}

const rawText = { getTypeParser: () => (value: string) => value };

/** Sessions with the application's own settings (ssl, `beforeConnect`, tokens), beside its pool and on the primary. */
export function databaseOf(sequelize: SequelizeLike): Database {
  const manager = sequelize.connectionManager;
  const config = manager.config.replication
    ? (manager.config.replication.write ?? manager.config)
    : manager.config;
  const label = `${config.host ?? 'localhost'}/${config.database ?? ''}`;
  return {
    label,
    open: (limit) =>
      openSession(label, async () =>
        manager._connect(
          limit === undefined
            ? config
            : { ...config, dialectOptions: { ...config.dialectOptions, connectionTimeoutMillis: limit } },
        ),
      ),
  };
}

/** Sessions for a connection string, for databases whose application does not use Sequelize. Throws `CONFIG`. */
export function databaseAt(url: string): Database {
  const { hostname, pathname } = addressOf(url);
  const label = `${hostname}${pathname}`;
  return {
    label,
    open: (limit = 0) =>
      openSession(label, async () => {
        const client = new Client({ connectionString: url, connectionTimeoutMillis: limit });
        await client.connect();
        return client;
      }),
  };
}

/** What `pg` and `pg-native` clients have in common. */
export interface PgClient extends Cancellable {
  query(config: { text: string; values?: unknown[]; types: typeof rawText }): Promise<unknown>;
  on(event: 'error' | 'end', listener: (error?: unknown) => void): unknown;
  removeAllListeners(event: 'error'): unknown;
  end(): Promise<void>;
}

async function openSession(label: string, connect: () => Promise<unknown>): Promise<Session> {
  const client = (await connect().catch((error: unknown) =>
    Promise.reject(connectionError(label, error)),
  )) as PgClient;
  let alive = true;
  const lost = (): void => void (alive = false);
  // Sequelize's own listener would ask its pool to destroy a connection that the pool has never seen.
  client.removeAllListeners('error');
  client.on('error', lost);
  client.on('end', lost);
  return {
    isAlive: () => alive,
    backend: client.processID ?? undefined,
    cancel: () => requestCancel(client),
    async query(text, values = []) {
      const answer = client.query({
        text,
        ...(values.length > 0 && { values: [...values] }),
        types: rawText,
      });
      const result = (await answer.catch((error: unknown) =>
        Promise.reject(alive && !endsConnection(error) ? error : lostConnection(label, error)),
      )) as { rows: Row[] } | { rows: Row[] }[];
      return Array.isArray(result) ? (result.at(-1)?.rows ?? []) : result.rows;
    },
    async close() {
      if (alive) await client.end().catch(lost);
    },
  };
}

const begin = {
  'read only': sql`begin isolation level read committed read only`,
  /** Every question sees the same rows. */
  snapshot: sql`begin isolation level repeatable read read only`,
  'read write': sql`begin isolation level read committed read write`,
} as const;

/** Runs `work` between BEGIN and COMMIT; rolls back and rethrows when it fails. */
export async function transaction<T>(
  session: Session,
  access: keyof typeof begin,
  settings: readonly Sql[],
  work: () => Promise<T>,
): Promise<T> {
  await session.query(begin[access]);
  try {
    for (const setting of settings) await session.query(setting);
    const result = await work();
    await session.query(sql`commit`);
    return result;
  } catch (error) {
    // The first error is the one that matters; a rollback can only fail when the connection is gone.
    await lastly(session)
      .query(sql`rollback`)
      .catch(() => undefined);
    throw error;
  }
}

/** Opens a session for `work` and closes it whatever happens. */
export async function withSession<T>(database: Database, work: (session: Session) => Promise<T>): Promise<T> {
  const session = await database.open();
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}
