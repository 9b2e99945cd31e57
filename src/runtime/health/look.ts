import { connectionError } from '../../connection-error';
import type { Database } from '../../db';
import type { Examination } from '../../examine';
import type { Task } from '../../execution/carry-out';
import type { examineAny } from '../../tenants/examine-any';

/** What vitals look at. The models are read anew each time, and that may throw. */
export interface Subject {
  readonly database: Database;
  task(): Task;
}

/** What the client waits beyond the server's own limit, which tells more. */
const GRACE_MS = 250;

/** One look at the catalog, in a session of its own, in so many milliseconds. Throws `CONNECTION` where nobody answers. */
export async function lookAtSurface(subject: Subject, limit: number): Promise<Pick<Examination, 'report'>> {
  // Before the clock starts: how long the code takes to load says nothing of the database.
  const { examineAny } = await import('../../tenants/examine-any');
  const clock = new AbortController();
  const timer = setTimeout(() => clock.abort(), limit + GRACE_MS);
  try {
    return await Promise.race([
      look(examineAny, subject, limit, clock.signal),
      silence(subject, clock.signal),
    ]);
  } finally {
    clearTimeout(timer);
  }
}

async function look(
  examine: typeof examineAny,
  { database, task }: Subject,
  limit: number,
  signal: AbortSignal,
): Promise<Pick<Examination, 'report'>> {
  const deadline = performance.now() + limit;
  const session = await database.open(limit);
  // A session whose statement nobody answers is cut off: closing it does not wait for the server then.
  const cut = (): void => void session.close();
  signal.addEventListener('abort', cut, { once: true });
  try {
    if (signal.aborted) throw tooLate(database);
    return await examine(session, withoutSamples({ ...task(), deadline }), 'surface');
  } finally {
    signal.removeEventListener('abort', cut);
    await session.close();
  }
}

/** What is found for a health check holds no values, whatever a report may show. */
export const withoutSamples = (task: Task): Task => ({
  ...task,
  settings: { ...task.settings, sampleKeys: 0 },
});

const silence = ({ database }: Subject, signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(tooLate(database)), { once: true });
  });

const tooLate = ({ label }: Database): Error => connectionError(label, new Error('no answer in time'));
