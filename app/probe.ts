import { Client } from 'pg';

/** Asks the database whether it is there. */
export interface Probe {
  /** True when it answers now. Never rejects, and never takes much longer than the limit. */
  answers(): Promise<boolean>;
  close(): Promise<void>;
}

/**
 * A connection of the probes' own, kept open while it answers: they take none of the pool's, which are all in use
 * under load, and whoever asks while a question is under way waits for the same answer.
 */
export function databaseProbe(connectionString: string, limitMs = 1_000): Probe {
  let client: Client | undefined;
  let asking: Promise<boolean> | undefined;

  const forget = async (): Promise<void> => {
    const last = client;
    client = undefined;
    await last?.end().catch(() => undefined);
  };

  const ask = async (): Promise<boolean> => {
    try {
      if (client === undefined) {
        client = new Client({
          connectionString,
          application_name: 'booknexus probe',
          connectionTimeoutMillis: limitMs,
          query_timeout: limitMs,
        });
        const opened = client;
        // The end of an idle connection is told by this event only, and without a listener it ends the process.
        opened.on('error', () => void (client = client === opened ? undefined : client));
        await opened.connect();
      }
      await client.query('select 1');
      return true;
    } catch {
      // Not awaited: a server that does not answer does not say goodbye either.
      void forget();
      return false;
    }
  };

  return {
    answers: () => (asking ??= ask().finally(() => (asking = undefined))),
    async close() {
      await asking;
      await forget();
    },
  };
}
