import type { Column } from '../catalog/catalog';
import { identifier, join, literal, sql, type Sql } from '../sql';

/**
 * One row as a jsonb object of column → text form.
 *
 * The text comes from the type's own output function (`format('%s')`), never from a cast: `::text` trims `char(n)`
 * and can be replaced by a user's own cast. `is distinct from null` and not `is not null`, because a composite value
 * whose fields are all null *is null* and yet is a value (manual, 9.2). Every setting that a text form depends on
 * must be pinned (`exactTextForms`).
 */
export function rowText(alias: Sql, columns: readonly Pick<Column, 'name' | 'type'>[]): Sql {
  const names = columns.map(({ name }) => literal(name));
  const values = columns.map(({ name, type }) => {
    const value = sql`${alias}.${identifier(name)}`;
    return sql`case when ${value} is distinct from null then pg_catalog.format('%s', ${faithful(value, type)}) end`;
  });
  return sql`pg_catalog.jsonb_object(array[${join(names, ', ')}]::text[], array[${join(values, ', ')}]::text[])`;
}

/**
 * The few types whose output function loses something: `xml` its declaration, and the names of overloaded functions
 * and operators, which cannot be read back (42725) while their oid can.
 */
function faithful(value: Sql, type: string): Sql {
  if (type === 'xml') return sql`${value}::text`;
  return type === 'regproc' || type === 'regoper' ? sql`${value}::oid` : value;
}
