import { identifier, join, sql, type Sql } from '../sql';

/**
 * The text form of a row's key: `a`, or `(a, b)` for a composite one. It sorts by code point, which is the same
 * in every database.
 */
export function keyText(alias: Sql, columns: readonly string[]): Sql {
  const [single, ...others] = columns.map((column) => sql`${alias}.${identifier(column)}::pg_catalog.text`);
  if (single === undefined) throw new Error('a key needs a column');
  const composite = [single, ...others.flatMap((form) => [sql`', '`, form])];
  const text = others.length === 0 ? single : sql`pg_catalog.concat('(', ${join(composite, ', ')}, ')')`;
  return sql`${text} collate pg_catalog."C"`;
}
