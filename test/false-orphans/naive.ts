import { connect } from '../quarantine/setup';

/** How many rows a statement would delete here and now, under this connection's own role and defaults; rolled back. */
export async function naively(url: string, statement: string): Promise<number> {
  const client = await connect(url, 'naive');
  await client.query('begin');
  try {
    return (await client.query(statement)).rowCount ?? 0;
  } finally {
    await client.query('rollback');
    await client.end();
  }
}

/** The clean-up that people write, word for word. */
export const notIn = (child: string, key: string, parent: string, id = 'id'): string =>
  `delete from ${child} where ${key} not in (select ${id} from ${parent})`;

/** Holds a table so that a step of the guard has to wait. */
export async function holding(url: string, table: string) {
  const client = await connect(url);
  await client.query('begin');
  await client.query(`lock table ${table} in row exclusive mode`);
  return {
    /** Does something and lets go; returns how many rows a statement would have deleted right after that. */
    async finish(done: readonly string[], statement: string): Promise<number> {
      for (const each of done) await client.query(each);
      await client.query('savepoint naive');
      const { rowCount } = await client.query(statement);
      await client.query('rollback to naive');
      await client.query('commit');
      await client.end();
      return rowCount ?? 0;
    },
  };
}
