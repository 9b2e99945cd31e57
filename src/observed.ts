import type { Database, Session } from './db';
import { wireError } from './errors';
import type { Events } from './events';

/** A database that tells of every statement and of how long it took. */
export const observed = (database: Database, events: Events): Database => ({
  ...database,
  open: async (limit) => telling(await database.open(limit), events),
});

const telling = (session: Session, events: Events): Session => ({
  ...session,
  another: async () => telling(await session.another(), events),
  async query(sql, values) {
    const started = performance.now();
    const tell = (error?: unknown): void => {
      const { code } = error === undefined ? {} : wireError(error);
      events.emit('statement', {
        sql,
        ms: performance.now() - started,
        ...(error !== undefined && { failed: code ?? 'unknown' }),
      });
    };
    try {
      const rows = await session.query(sql, values);
      tell();
      return rows;
    } catch (error) {
      tell(error);
      throw error;
    }
  },
});
