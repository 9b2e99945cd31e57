import { Client } from 'pg';

/** One value of a row, as `pg` reads it. */
export type Row = Readonly<Record<string, unknown>>;

/** Plain SQL beside Sequelize and beside the guard: what the demo claims is judged with it. */
export interface Sql {
  rows(text: string): Promise<readonly Row[]>;
  /** The only value of the only row, as a number. */
  number(text: string): Promise<number>;
  /** The only value of the only row, as text. */
  text(text: string): Promise<string>;
}

/** Connects, works, disconnects: a database can only be copied while nobody is connected to it. */
export async function withSql<T>(url: string, work: (sql: Sql) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const rows = async (text: string): Promise<readonly Row[]> => (await client.query<Row>(text)).rows;
  const value = async (text: string): Promise<unknown> => Object.values((await rows(text))[0] ?? {})[0];
  try {
    return await work({
      rows,
      number: async (text) => Number(await value(text)),
      text: async (text) => String(await value(text)),
    });
  } finally {
    await client.end();
  }
}
