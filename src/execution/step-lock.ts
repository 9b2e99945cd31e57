import { lastly } from '../cancel';
import { transaction, type Session } from '../db';
import { FkGuardError } from '../errors';
import { join, sql, type Sql } from '../sql';
import type { Runner } from './runner';

/** In the class of the run's lock. */
const tryStepLock = sql`select pg_catalog.pg_try_advisory_xact_lock(6712167, 2) as held`;

/**
 * Every writing transaction takes a second lock: should the connection that holds the first one die unseen, there
 * are still never two writers at once. One that has lost the first lock on the way is undone (`RUNNER_LOST`).
 */
export const asOnlyWriter = <T>(
  session: Session,
  runner: Pick<Runner, 'assertHeld'>,
  settings: readonly Sql[],
  work: () => Promise<T>,
): Promise<T> =>
  transaction(session, 'read write', [], async () => {
    const [row] = await session.query(join([...settings, tryStepLock], ';\n'));
    if (row?.['held'] !== 't') throw writing();
    const result = await work();
    runner.assertHeld();
    return result;
  });

/** The same for what takes no transaction: the lock is the session's, until it is given back. */
export async function withSessionStepLock<T>(session: Session, work: () => Promise<T>): Promise<T> {
  const [row] = await session.query(sql`select pg_catalog.pg_try_advisory_lock(6712167, 2) as held`);
  if (row?.['held'] !== 't') throw writing();
  try {
    return await work();
  } finally {
    // Where this fails the session is gone, and the lock with it.
    await lastly(session)
      .query(sql`select pg_catalog.pg_advisory_unlock(6712167, 2)`)
      .catch(() => undefined);
  }
}

const writing = (): FkGuardError =>
  new FkGuardError(
    'RUNNER_LOST',
    'Another guard is writing to this database.',
    'Run again when it has ended; what is done stays done.',
  );
