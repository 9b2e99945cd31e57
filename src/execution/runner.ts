import { setTimeout as sleep } from 'node:timers/promises';
import { lastly } from '../cancel';
import { text } from '../catalog/row';
import type { Database, Session } from '../db';
import { FkGuardError } from '../errors';
import type { Events } from '../events';
import type { Settings } from '../options';
import { sql } from '../sql';
import { isAround, noteHolder } from './surroundings';
import { setLocal } from './session-settings';

/** Being the one guard that may write to this database. */
export interface Runner {
  /** Throws `RUNNER_LOST` when the connection that holds the lock is gone: another guard may be at work. */
  assertHeld(): void;
  /** True when another guard was at work at first: what was seen before that is out of date. */
  readonly hasWaited: boolean;
  /** Aborted when the lock is lost, and when the work is cancelled. */
  readonly signal: AbortSignal;
  release(): Promise<void>;
}

/** An advisory lock in a class of our own ("fkg" in ASCII). */
const tryRunLock = sql`select pg_catalog.pg_try_advisory_xact_lock(6712167, 1) as held`;

export const runLockHolder = sql`
  select l.pid from pg_catalog.pg_locks l
   where l.locktype operator(pg_catalog.=) 'advisory' and l.classid operator(pg_catalog.=) 6712167 and l.objid operator(pg_catalog.=) 1 and l.granted
     and l.database operator(pg_catalog.=) (select d.oid from pg_catalog.pg_database d where d.datname operator(pg_catalog.=) pg_catalog.current_database())`;

const HEARTBEAT_MS = 5_000;
const LONGEST_POLL_MS = 1_000;

/**
 * Waits, at most `waitTimeout`, until no other guard is at work on this database. The lock belongs to a transaction
 * on a connection of its own, so that a pooler cannot hand it to somebody else; it is polled and never waited for,
 * because a session that waits for an advisory lock has a snapshot and holds up every `create index concurrently`.
 */
export async function becomeRunner(database: Database, settings: Settings, events: Events): Promise<Runner> {
  const { session, hasWaited } = await poll(database, settings.waitTimeout, events);
  try {
    const [row] = await session.query(sql`select pg_catalog.pg_backend_pid() as pid`);
    return { hasWaited, ...hold(session, noteHolder(text(row, 'pid')), database.signal) };
  } catch (error) {
    await session.close();
    throw error;
  }
}

/** The role's own time limits were made for the application; the lock is held as long as the run lasts. */
const noTimeouts = setLocal({
  idle_in_transaction_session_timeout: '0',
  statement_timeout: '0',
  transaction_timeout: '0',
});

/** A session that holds the lock, and whether somebody else had it at first. */
async function poll(database: Database, waitTimeout: number, events: Events) {
  const started = performance.now();
  let hasWaited = false;
  let session = await database.open();
  try {
    for (let pause = 50; ; pause = Math.min(LONGEST_POLL_MS, pause * 1.5)) {
      const state = await tryToHold(session);
      if (state === 'held') return { session, hasWaited };
      hasWaited = true;
      const waitedMs = Math.round(performance.now() - started);
      if (waitedMs + pause > waitTimeout) throw busy(waitTimeout);
      events.emit('wait', { waitedMs });
      // Who cancels it is told so by the next try.
      await sleep(pause * (0.5 + Math.random()), undefined, { signal: database.signal }).catch(
        () => undefined,
      );
      if (state === 'lost') {
        await session.close();
        session = await database.open();
      }
    }
  } catch (error) {
    await session.close();
    throw error;
  }
}

/** The server may end a session that idles between two tries (`idle_session_timeout`); it has held nothing. */
const tryToHold = (session: Session): Promise<'held' | 'waiting' | 'lost'> =>
  tryOnce(session).catch((error: unknown) => {
    if (error instanceof FkGuardError && error.code === 'CONNECTION') return 'lost';
    throw error;
  });

/** Each try is a transaction of its own: one that waits must not keep a connection of a pooler that the holder needs. */
async function tryOnce(session: Session): Promise<'held' | 'waiting'> {
  await session.query(sql`begin isolation level read committed read write`);
  await session.query(noTimeouts);
  const [row] = await session.query(tryRunLock);
  if (row?.['held'] === 't') return 'held';
  const [holder] = await session.query(runLockHolder);
  await session.query(sql`rollback`);
  if (holder && isAround(text(holder, 'pid'))) throw around();
  return 'waiting';
}

function hold(
  session: Session,
  forget: () => void,
  cancelled: AbortSignal | undefined,
): Omit<Runner, 'hasWaited'> {
  const lost = new AbortController();
  const beat = setInterval(() => {
    session.query(sql`select 1`).catch(() => lost.abort());
  }, HEARTBEAT_MS);
  beat.unref();
  return {
    signal: cancelled ? AbortSignal.any([lost.signal, cancelled]) : lost.signal,
    assertHeld() {
      if (!session.isAlive()) lost.abort();
      if (lost.signal.aborted)
        throw new FkGuardError(
          'RUNNER_LOST',
          'The connection that holds the single-runner lock is gone.',
          'Run again: what is done stays done.',
        );
    },
    async release() {
      forget();
      clearInterval(beat);
      await lastly(session)
        .query(sql`commit`)
        .catch(() => undefined);
      await session.close();
    },
  };
}

const around = (): FkGuardError =>
  new FkGuardError(
    'RUNNER_BUSY',
    'A sync() around this call is at work on this database, and it goes on only when this call has ended.',
    'Call it after that sync().',
  );

const busy = (waited: number): FkGuardError =>
  new FkGuardError(
    'RUNNER_BUSY',
    `Another guard has been at work on this database for ${waited} ms.`,
    'Run again when it has ended, or raise waitTimeout.',
  );
