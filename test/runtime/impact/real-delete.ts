import { Client, escapeLiteral } from 'pg';
import { tableId } from '../../../src/names';

/** What a delete has really come to, table by table; `error` is the SQLSTATE with which it was refused. */
export interface Real {
  readonly error?: string;
  /** `schema.table`, rows gone, rows with other values; tables where nothing happened are left out. */
  readonly tables: readonly string[];
}

/** Deletes for real, counts by plain SQL what has become of every table, and rolls back. */
export interface RealDeletes {
  remove(statement: string): Promise<Real>;
  close(): Promise<void>;
}

interface Table {
  readonly id: string;
  readonly schema: string;
  readonly name: string;
  readonly copy: string;
  readonly only: string;
}

/** Copies every table first: what a rolled back delete is held against never changes. */
export async function realDeletes(url: string): Promise<RealDeletes> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<Table>(`
    select format('%I.%I', n.nspname, c.relname) as id, n.nspname as schema, c.relname as name,
           format('real_before.%I', c.oid) as copy,
           case when c.relkind = 'r' then 'only ' else '' end as only
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and not c.relispartition
       and n.nspname not in ('pg_catalog', 'information_schema', 'real_before') order by 1`);
  await client.query('create schema real_before');
  for (const { id, copy, only } of rows)
    await client.query(`create table ${copy} as select whole_row::text as row from ${only}${id} whole_row`);
  const counts = rows
    .map(({ id, schema, name, copy, only }) => {
      const gone = `(select count(*) from ${copy}) - (select count(*) from ${only}${id})`;
      const other = `(select count(*) from (select row from ${copy} except all select whole_row::text from ${only}${id} whole_row) as lost)`;
      return `select ${escapeLiteral(tableId({ schema, name }))} as name, ${gone} as gone, ${other} as other`;
    })
    .join(' union all ');
  return {
    async remove(statement) {
      await client.query('begin');
      try {
        await client.query(statement);
        // What waits for COMMIT.
        await client.query('set constraints all immediate');
        const result = await client.query<{ name: string; gone: string; other: string }>(counts);
        return {
          tables: result.rows
            .map(({ name, gone, other }) => `${name} ${gone} ${Number(other) - Number(gone)}`)
            .filter((line) => !line.endsWith(' 0 0'))
            .sort(),
        };
      } catch (error) {
        const { code } = error as { code?: string };
        if (code === undefined) throw error;
        return { error: code, tables: [] };
      } finally {
        await client.query('rollback');
      }
    },
    close: () => client.end(),
  };
}
