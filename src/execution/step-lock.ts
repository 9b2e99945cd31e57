import type { Session } from '../db';
import { FkGuardError } from '../errors';
import { sql } from '../sql';

/** In the class of the run's lock. */
const tryStepLock = sql`select pg_catalog.pg_try_advisory_xact_lock(6712167, 2) as held`;

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
