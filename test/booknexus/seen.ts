import { setTimeout as pause } from 'node:timers/promises';
import request from 'supertest';
import type { Judge } from '../postgres/judge';

/** Asks again until the server answers with this status; where nobody listens the status is 0. */
export async function untilStatus(
  port: number,
  path: string,
  wanted: number,
  withinMs = 30_000,
): Promise<void> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const status = await statusOf(port, path);
    if (status === wanted) return;
    if (Date.now() > deadline) throw new Error(`${path} still answers ${status}, not ${wanted}`);
    await pause(25);
  }
}

export const statusOf = (port: number, path: string): Promise<number> =>
  request(`http://127.0.0.1:${port}`)
    .get(path)
    .then(
      ({ status }) => status,
      () => 0,
    );

/**
 * Resolves when a session waits for a lock of this one's transaction, also where it is a row's; pg_stat_activity would not
 * change within the transaction that holds it.
 */
export async function untilSomebodyWaits(database: Judge): Promise<void> {
  const waiting = `select 1 from pg_locks where not granted and pg_backend_pid() = any (pg_blocking_pids(pid))`;
  while ((await database.query(waiting)).length === 0);
}
