import { requestCancel, type Cancellable } from './cancel-request';
import { connectionError, endsConnection, lostConnection } from './connection-error';
import type { Sql } from './sql';

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
  /** How many of its kind may be at work at once where no option says it. */
  readonly atOnce: number;
  /** Opens another one of the same kind: the same server, role and settings. */
  another(): Promise<Session>;
  /** Asks the server to cancel the statement in hand; a driver may not know how (`pg-native`). */
  cancel(): Promise<void>;
  close(): Promise<void>;
}

const rawText = { getTypeParser: () => (value: string) => value };

/** What `pg` and `pg-native` clients have in common. */
export interface PgClient extends Cancellable {
  query(config: { text: string; values?: unknown[]; types: typeof rawText }): Promise<unknown>;
  on(event: 'error' | 'end', listener: (error?: unknown) => void): unknown;
  removeAllListeners(event: 'error'): unknown;
  end(): Promise<void>;
}

/** Opens a connection; `connect` is the driver's. Throws `CONNECTION`. */
export async function openSession(
  label: string,
  atOnce: number,
  connect: () => Promise<unknown>,
): Promise<Session> {
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
    atOnce,
    another: () => openSession(label, atOnce, connect),
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
