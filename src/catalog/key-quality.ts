import type { Session } from '../db';
import type { TableName } from '../schema';
import { columns as columnList, identifier, join, qualified, sql, type Sql } from '../sql';
import { keyText } from './key-text';
import { count, json } from './row';

/** What stands between a list of columns and a primary or unique key. */
export interface KeyQuality {
  /** Rows with a null in at least one of the columns. */
  readonly nullRows: number;
  /** Different complete keys that more than one row has. */
  readonly duplicateKeys: number;
  /** Text forms of up to five duplicate keys. */
  readonly samples: readonly string[];
}

/** Measures whether columns could be a key. Keys are equal as an index would see them: GROUP BY asks the same operator class. */
export async function measureKey(
  session: Session,
  table: TableName,
  columns: readonly string[],
): Promise<KeyQuality> {
  const [row] = await session.query(keyQuery(table, columns));
  return {
    nullRows: count(row, 'null_rows'),
    duplicateKeys: count(row, 'duplicate_keys'),
    samples: json<string[]>(row, 'samples'),
  };
}

const keyQuery = (table: TableName, columns: readonly string[]): Sql => sql`
with duplicate as (
  select ${keyText(keyed, columns)} as key
  from ${qualified(table)} as ${keyed}
  where ${eachColumn(columns, sql`is not null`, ' and ')}
  group by ${columnList(columns)}
  having pg_catalog.count(*) operator(pg_catalog.>) 1
)
select
  (select pg_catalog.count(*) from ${qualified(table)} as ${keyed}
    where ${eachColumn(columns, sql`is null`, ' or ')}) as null_rows,
  (select pg_catalog.count(*) from duplicate) as duplicate_keys,
  coalesce((select pg_catalog.json_agg(key order by key)
    from (select key from duplicate order by key limit 5) as first), '[]') as samples`;

const keyed = sql`"fk_guard_row"`;

const eachColumn = (columns: readonly string[], test: Sql, glue: ' and ' | ' or '): Sql =>
  join(
    columns.map((column) => sql`${keyed}.${identifier(column)} ${test}`),
    glue,
  );
