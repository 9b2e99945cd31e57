import type { Client } from 'pg';
import type { Book } from './book';

/** Writes what a client knows into the tables of `judge`. */
export async function handIn(client: Client, { children, lows, parents }: Book): Promise<void> {
  const insert = (table: string, columns: string, rows: readonly unknown[]): Promise<unknown> =>
    client.query(`insert into judge.${table} select * from jsonb_to_recordset($1) as r(${columns})`, [
      JSON.stringify(rows),
    ]);
  await insert(
    'child',
    'id integer, parent_id integer, note text, fate text',
    [...children].map(([id, { parent, ...rest }]) => ({ id, parent_id: parent, ...rest })),
  );
  await insert(
    'low',
    'id integer, child_id integer, note text',
    [...lows].map(([id, { child, note }]) => ({ id, child_id: child, note })),
  );
  await insert(
    'parent',
    'id integer, here boolean, back_at timestamptz',
    [...parents].map(([id, { here, back }]) => ({ id, here, back_at: back ?? null })),
  );
}
