import { setTimeout as sleep } from 'node:timers/promises';
import type { Database, Session } from './db';
import { FkGuardError, wireError } from './errors';

/**
 * A database whose work ends when the signal says so: the statement in hand is cancelled, no other one is begun, and who
 * asks for one gets `CANCELLED`. So nothing is committed after it either; transactions are rolled back.
 */
export function cancellable(database: Database, signal: AbortSignal | undefined): Database {
  if (signal === undefined) return database;
  return {
    label: database.label,
    signal,
    async open(limit) {
      const opening = database.open(limit);
      try {
        return gated(await orCancelled(opening, signal), signal);
      } catch (error) {
        // Nobody waits any more for a server that does not answer.
        if (signal.aborted) opening.then((session) => session.close()).catch(() => undefined);
        throw error;
      }
    },
  };
}

/** The same connection for what ends the work: a rollback, the ledger's last word. It waits until the cancelling is over. */
export const lastly = (session: Session): Session => WITHOUT_GATE.get(session) ?? session;

const WITHOUT_GATE = new WeakMap<Session, Session>();

/** A request that comes between two statements is lost, so it is repeated until the statement has ended. */
const AGAIN_MS = 100;

function gated(session: Session, signal: AbortSignal): Session {
  let inHand = 0;
  const cancelling = onAbort(signal, async () => {
    while (inHand > 0 && session.isAlive()) {
      await session.cancel();
      await sleep(AGAIN_MS);
    }
  });
  const close = (): Promise<void> => {
    cancelling.forget();
    return session.close();
  };
  const query: Session['query'] = async (text, values) => {
    if (signal.aborted) throw cancelled();
    inHand++;
    try {
      return await session.query(text, values);
    } catch (error) {
      throw signal.aborted && wireError(error).code === '57014' ? cancelled(error) : error;
    } finally {
      inHand--;
    }
  };
  const afterwards: Session['query'] = async (text, values) => {
    await cancelling.done();
    return session.query(text, values);
  };
  const another = async (): Promise<Session> => gated(await orCancelled(session.another(), signal), signal);
  const gate = { ...session, another, close, query };
  WITHOUT_GATE.set(gate, { ...session, another, close, query: afterwards });
  return gate;
}

/** Does something once, when the signal says so, and knows when that is done. */
function onAbort(signal: AbortSignal, act: () => Promise<void>) {
  let acting: Promise<void> | undefined;
  const begin = (): void => void (acting ??= act());
  signal.addEventListener('abort', begin, { once: true });
  return {
    done: () => acting ?? Promise.resolve(),
    forget: () => signal.removeEventListener('abort', begin),
  };
}

const orCancelled = <T>(work: Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    const stop = (): void => reject(cancelled());
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });

const cancelled = (cause?: unknown): FkGuardError =>
  new FkGuardError(
    'CANCELLED',
    'Cancelled: what was in hand was rolled back.',
    'Run it again to go on; what is done stays done.',
    cause,
  );
