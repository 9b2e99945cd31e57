import type { Database, Session } from '../../db';
import { setLocal } from '../../execution/session-settings';
import { sql } from '../../sql';

/** The third lock of our class ("fkg" in ASCII), beside those of the runner and of its steps. */
const tryScanLock = sql`select pg_catalog.pg_try_advisory_xact_lock(6712167, 3) as held`;

const noTimeouts = setLocal({
  idle_in_transaction_session_timeout: '0',
  statement_timeout: '0',
  transaction_timeout: '0',
});

/**
 * Being the one monitor that counts on this database; `undefined` where another one is at it. The lock is a transaction's,
 * for poolers, on a connection of its own: it holds no snapshot, so that it keeps no row from being vacuumed.
 */
export async function tryScanning(database: Database): Promise<Session | undefined> {
  const session = await database.open();
  try {
    await session.query(sql`begin isolation level read committed read only`);
    await session.query(noTimeouts);
    const [row] = await session.query(tryScanLock);
    if (row?.['held'] === 't') return session;
  } catch (error) {
    await session.close();
    throw error;
  }
  await session.close();
  return undefined;
}
