import { identifier, join, literal, sql, type Sql } from '../sql';

/**
 * One row as a jsonb object of column → text form.
 *
 * The text comes from the type's own output function (`format('%s')`), never from a cast: `::text` trims `char(n)`
 * and can be replaced by a user's own cast. `is distinct from null` and not `is not null`, because a composite value
 * whose fields are all null *is null* and yet is a value (manual, 9.2). Every setting that a text form depends on
 * must be pinned (`exactTextForms`).
 */
export function rowText(alias: Sql, columns: readonly string[]): Sql {
  const names = columns.map((column) => literal(column));
  const values = columns.map((column) => {
    const value = sql`${alias}.${identifier(column)}`;
    return sql`case when ${value} is distinct from null then pg_catalog.format('%s', ${value}) end`;
  });
  return sql`pg_catalog.jsonb_object(array[${join(names, ', ')}]::text[], array[${join(values, ', ')}]::text[])`;
}
