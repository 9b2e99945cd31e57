import { setTimeout as sleep } from 'node:timers/promises';
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
  /** Aborted when the lock is lost. */
  readonly signal: AbortSignal;
  release(): Promise<void>;
}

/** Two advisory locks, in a class of their own ("fkg" in ASCII): the run's, and the one that each step takes too. */
const tryRunLock = sql`select pg_catalog.pg_try_advisory_xact_lock(6712167, 1) as held`;
const tryStepLock = sql`select pg_catalog.pg_try_advisory_xact_lock(6712167, 2) as held`;

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
  const session = await poll(database, settings.waitTimeout, events);
  try {
    const [row] = await session.query(sql`select pg_catalog.pg_backend_pid() as pid`);
    return hold(session, noteHolder(text(row, 'pid')));
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

/** A session that holds the lock. */
async function poll(database: Database, waitTimeout: number, events: Events): Promise<Session> {
  const started = performance.now();
  let session = await database.open();
  try {
    for (let pause = 50; ; pause = Math.min(LONGEST_POLL_MS, pause * 1.5)) {
      if (await tryToHold(session)) return session;
      const [holder] = await session.query(runLockHolder);
      if (holder && isAround(text(holder, 'pid'))) throw around();
      const waitedMs = Math.round(performance.now() - started);
      if (waitedMs + pause > waitTimeout) throw busy(waitTimeout);
      events.emit('wait', { waitedMs });
      await sleep(pause * (0.5 + Math.random()));
      // The server may end a session that idles (`idle_session_timeout`); this one has held nothing.
      if (!session.isAlive()) session = await database.open();
    }
  } catch (error) {
    await session.close();
    throw error;
  }
}

/** Each try is a transaction of its own: one that waits must not keep a connection of a pooler that the holder needs. */
async function tryToHold(session: Session): Promise<boolean> {
  await session.query(sql`begin isolation level read committed read write`);
  await session.query(noTimeouts);
  const [row] = await session.query(tryRunLock);
  if (row?.['held'] === 't') return true;
  await session.query(sql`rollback`);
  return false;
}

function hold(session: Session, forget: () => void): Runner {
  const lost = new AbortController();
  const beat = setInterval(() => {
    session.query(sql`select 1`).catch(() => lost.abort());
  }, HEARTBEAT_MS);
  beat.unref();
  return {
    signal: lost.signal,
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
      await session.query(sql`commit`).catch(() => undefined);
      await session.close();
    },
  };
}

/**
 * Every writing transaction takes a second lock: should the connection that holds the first one die unseen, there
 * are still never two writers at once.
 */
export async function assertStepLock(session: Session): Promise<void> {
  if (!(await hasStepLock(session))) throw writing();
}

/** The same lock, where somebody else may have it without harm. */
export async function hasStepLock(session: Session): Promise<boolean> {
  const [row] = await session.query(tryStepLock);
  return row?.['held'] === 't';
}

/** The same for what takes no transaction: the lock is the session's, until it is given back. */
export async function withSessionStepLock<T>(session: Session, work: () => Promise<T>): Promise<T> {
  const [row] = await session.query(sql`select pg_catalog.pg_try_advisory_lock(6712167, 2) as held`);
  if (row?.['held'] !== 't') throw writing();
  try {
    return await work();
  } finally {
    // Where this fails the session is gone, and the lock with it.
    await session.query(sql`select pg_catalog.pg_advisory_unlock(6712167, 2)`).catch(() => undefined);
  }
}

const writing = (): FkGuardError =>
  new FkGuardError(
    'RUNNER_LOST',
    'Another guard is writing to this database.',
    'Run again when it has ended; what is done stays done.',
  );

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
