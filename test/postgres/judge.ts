import { Client } from 'pg';

/** A row as plain `pg` gives it. */
export type PlainRow = Record<string, unknown>;

/** A plain client that tells what is in a database, independent of the code under test. */
export interface Judge {
  /** Runs one or more statements as superuser, on one connection; gives the last one's rows. */
  query<Row extends object = PlainRow>(text: string, values?: readonly unknown[]): Promise<Row[]>;
}

/** One connection, opened when it is first needed and again after a test has killed it. */
export function reconnectingClient(url: string): Judge & { end(): Promise<void> } {
  let connection: Promise<Client> | undefined;
  const connect = (): Promise<Client> => {
    const client = new Client({ connectionString: url, application_name: 'judge' });
    const opened = client.connect().then(() => client);
    const forget = (): void => void (connection === opened && (connection = undefined));
    client.on('error', forget);
    client.on('end', forget);
    return opened;
  };
  return {
    async query<Row extends object = PlainRow>(text: string, values?: readonly unknown[]) {
      const current = (connection ??= connect());
      try {
        const result = (await (await current).query(text, values && [...values])) as
          Result<Row> | Result<Row>[];
        return Array.isArray(result) ? (result.at(-1)?.rows ?? []) : result.rows;
      } catch (error) {
        // FATAL, or no word from the server at all: the client itself may learn only later that it is dead.
        if ((error as { severity?: string }).severity !== 'ERROR' && connection === current)
          connection = undefined;
        throw error;
      }
    },
    async end() {
      const client = await connection?.catch(() => undefined);
      await client?.end();
    },
  };
}

interface Result<Row> {
  readonly rows: Row[];
}
