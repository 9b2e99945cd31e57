import { Client } from 'pg';
import { addressOf } from './address';
import { AT_ONCE, atOnceBeside } from './at-once';
import { lastly } from './cancel';
import type { SequelizeLike } from './model/sequelize-like';
import { openSession, type Session } from './session';
import { join, sql, type Sql } from './sql';

export type { Row, Session } from './session';

/** Where sessions come from. */
export interface Database {
  /** Host and database, for messages; never a password. */
  readonly label: string;
  /** Aborted once no work is to be done any more. */
  readonly signal?: AbortSignal;
  /** With a limit in milliseconds it gives up a connection that takes longer; a driver may not know how (`pg-native`). */
  open(limit?: number): Promise<Session>;
}

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
      openSession(label, atOnceBeside(manager.config.pool), async () =>
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
      openSession(label, AT_ONCE, async () => {
        const client = new Client({ connectionString: url, connectionTimeoutMillis: limit });
        await client.connect();
        return client;
      }),
  };
}

const begin = {
  'read only': sql`begin isolation level read committed read only`,
  /** Every question sees the same rows. */
  snapshot: sql`begin isolation level repeatable read read only`,
  'read write': sql`begin isolation level read committed read write`,
} as const;

/**
 * Runs `work` between BEGIN and COMMIT; rolls back and rethrows when it fails. BEGIN and the settings are sent as one
 * message: PostgreSQL carries them out in order and stops at the first that fails, and each message more is a round trip.
 */
export async function transaction<T>(
  session: Session,
  access: keyof typeof begin,
  settings: readonly Sql[],
  work: () => Promise<T>,
): Promise<T> {
  try {
    await session.query(join([begin[access], ...settings], ';\n'));
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
