import type { Session } from '../db';
import type { TableName } from '../schema';
import { identifier, integer, join, qualified, sql, type Sql } from '../sql';
import { count, json } from './row';

/** Rows whose composite key is null in some columns and not in all of them. */
export interface HalfNullCount {
  readonly rows: number;
  /** Text forms of some keys, such as `(1, null)`; empty unless asked for. */
  readonly samples: readonly string[];
}

/** Counts the rows that a MATCH SIMPLE key does not look at although they name a part of a parent (manual, 5.4.5). */
export async function countHalfNull(
  session: Session,
  table: TableName,
  columns: readonly string[],
  samples: number,
): Promise<HalfNullCount> {
  const [row] = await session.query(halfNullQuery(table, columns, samples));
  return { rows: count(row, 'rows'), samples: json<string[]>(row, 'samples') };
}

const child = sql`"fk_guard_child"`;

function halfNullQuery(table: TableName, columns: readonly string[], samples: number): Sql {
  const each = (test: Sql): readonly Sql[] =>
    columns.map((column) => sql`${child}.${identifier(column)} ${test}`);
  const half = sql`from ${qualified(table)} as ${child}
    where (${join(each(sql`is null`), ' or ')}) and (${join(each(sql`is not null`), ' or ')})`;
  if (samples === 0) return sql`select pg_catalog.count(*) as rows, '[]' as samples ${half}`;
  const texts = columns.map(
    (column) => sql`coalesce(${child}.${identifier(column)}::pg_catalog.text, 'null')`,
  );
  return sql`
with half as (
  select pg_catalog.concat('(', pg_catalog.concat_ws(', ', ${join(texts, ', ')}), ')') collate pg_catalog."C" as key
  ${half}
)
select pg_catalog.count(*) as rows,
  coalesce((select pg_catalog.json_agg(key order by key)
    from (select distinct key from half order by key limit ${integer(samples)}) as first), '[]') as samples
from half`;
}
