import { flag, text } from '../catalog/row';
import type { Server } from '../catalog/catalog';
import type { Session } from '../db';
import { wireError, type FkGuardError } from '../errors';
import type { Settings } from '../options';
import { sql } from '../sql';
import { ledgerState, mayNot, type LedgerState } from './ledger-state';
import { lookInto } from './look';
import { milliseconds } from './runs';
import { runLockHolder } from './runner';

/** The server's time in milliseconds, and whether a guard holds the lock of the single runner. */
export interface Clock {
  readonly now: number;
  readonly atWork: boolean;
}

/** What a look at the ledger gives: what was read of it, or the error that says why nothing could be. */
export interface LedgerLook<T> {
  readonly server: Server;
  readonly clock: Clock;
  readonly state: LedgerState['state'];
  readonly content: T | FkGuardError | undefined;
}

/** Reads the ledger in one transaction that cannot write, if there is one that can be read. */
export const readLedger = <T>(
  session: Session,
  settings: Settings,
  read: (clock: Clock, server: Server) => Promise<T>,
): Promise<LedgerLook<T>> =>
  lookInto(session, { settings, deadline: Infinity }, async (server) => {
    const clock = await readClock(session);
    const found = await ledgerState(session, settings.quarantine.schema);
    if (found.state === 'unusable') return { server, clock, state: found.state, content: found.error };
    if (found.state !== 'ready') return { server, clock, state: found.state, content: undefined };
    try {
      return { server, clock, state: found.state, content: await read(clock, server) };
    } catch (error) {
      // A policy on a table of ours raises this under row_security = off, whatever was granted.
      if (wireError(error).code !== '42501') throw error;
      const rights = [`the right to read all rows of ${settings.quarantine.schema}`];
      return { server, clock, state: 'unusable', content: mayNot(server.role, rights, error) };
    }
  });

async function readClock(session: Session): Promise<Clock> {
  const [row] = await session.query(
    sql`select ${milliseconds(sql`pg_catalog.clock_timestamp()`)} as now, exists (${runLockHolder}) as at_work`,
  );
  return { now: Number(text(row, 'now')), atWork: flag(row, 'at_work') };
}
