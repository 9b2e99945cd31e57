import { dump } from '../../postgres/dump';
import type { Judge } from '../../postgres/judge';
import type { TestDatabase } from '../../postgres/database';
import { canonical, takePicture, type Picture } from '../../quarantine/accounted';

/** Everything in which a run that was cut off must not differ from one that was not. */
export interface State {
  readonly application: readonly string[];
  readonly quarantine: readonly string[];
  /** Tables, indexes and functions in the guard's schema. */
  readonly guardsOwn: readonly string[];
}

/** Read by catalog queries and `select`, and not by the guard. */
export const stateOf = async (database: Judge): Promise<State> => ({
  application: (await dump(database)).split('\n'),
  quarantine: await lines(
    database,
    `select concat_ws(' ', table_schema, table_name, action, level, via, changed_columns, given, row_data) from fk_guard.quarantine`,
  ),
  guardsOwn: await lines(
    database,
    `select relkind::text || ' ' || relname from pg_class where relnamespace = 'fk_guard'::regnamespace
     union all select 'function ' || proname from pg_proc where pronamespace = 'fk_guard'::regnamespace`,
  ),
});

/** Rows that were there and are not any more as they were, and the copies: each as table and columns. */
export async function goneAndCopied(
  database: TestDatabase,
  before: Picture,
): Promise<{ readonly gone: readonly string[]; readonly copied: readonly string[] }> {
  const after = await takePicture(database);
  const gone = [...before].flatMap(([table, rows]) => {
    const left = [...(after.get(table) ?? [])];
    return rows.flatMap((row) => {
      const at = left.indexOf(row);
      if (at < 0) return [`${table} ${row}`];
      left.splice(at, 1);
      return [];
    });
  });
  const copies = await database.query<{ id: string; row: object }>(
    `select format('%I.%I', table_schema, table_name) as id, row_data as row from fk_guard.quarantine`,
  );
  const copied = copies.map(({ id, row }) => `${id} ${canonical(row)}`);
  return { gone: gone.sort(), copied: copied.sort() };
}

const lines = async (database: Judge, query: string): Promise<readonly string[]> =>
  (
    await database.query<{ line: string }>(`select line from (${query}) as l(line) order by line collate "C"`)
  ).map(({ line }) => line);
