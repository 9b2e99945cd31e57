import type { Session } from '../db';

/** A part of some reading, in whichever session is free. */
export type Share<T> = (session: Session) => Promise<T>;

/** How far several sessions may go, and what each of them begins with. */
export interface Crew {
  readonly most: number;
  /** Runs `work` in a session that was opened for it, as the first one runs already. */
  readonly enter: (session: Session, work: () => Promise<void>) => Promise<void>;
}

/** What is done sooner than this is not worth another connection. */
const ALONE_MS = 50;

/**
 * Does all shares in `session` and, where that takes its time, in up to `most - 1` further ones of its kind, which are
 * closed in the end. The results stand in the order of the shares. The first failure is thrown, when those that are
 * still at work have ended theirs.
 *
 * A session that cannot be had is done without. So is one that does not get to begin: behind a pooler it may be
 * waiting for the connection that the first one holds.
 */
export async function shareOut<T>(
  session: Session,
  { most, enter }: Crew,
  shares: readonly Share<T>[],
): Promise<readonly T[]> {
  const board = createBoard(shares);
  const waiting = new Set<Session>();
  const help = async (): Promise<void> => {
    const own = await session.another().catch(() => undefined);
    if (!own) return;
    waiting.add(own);
    const begin = (): Promise<void> => {
      waiting.delete(own);
      return board.work(own);
    };
    if (!board.isDone())
      await enter(own, begin).catch((error: unknown) => waiting.has(own) || board.fail(error));
    await own.close();
  };
  let helpers: readonly Promise<void>[] = [];
  const timer = setTimeout(() => {
    const useful = Math.min(most - 1, board.left());
    helpers = Array.from({ length: Math.max(0, useful) }, help);
  }, ALONE_MS);
  await board.work(session);
  clearTimeout(timer);
  for (const own of waiting) void own.close();
  await Promise.all(helpers);
  return board.results();
}

/** What is still to be done, and what has come of the rest. */
function createBoard<T>(shares: readonly Share<T>[]) {
  const results: T[] = [];
  const failures: unknown[] = [];
  let next = 0;
  const isDone = (): boolean => next >= shares.length || failures.length > 0;
  return {
    isDone,
    left: () => shares.length - next,
    fail: (error: unknown) => void failures.push(error),
    async work(session: Session): Promise<void> {
      while (!isDone()) {
        const place = next++;
        const share = shares[place];
        try {
          if (share) results[place] = await share(session);
        } catch (error) {
          failures.push(error);
        }
      }
    },
    results(): readonly T[] {
      if (failures.length > 0) throw failures[0];
      return results;
    },
  };
}
