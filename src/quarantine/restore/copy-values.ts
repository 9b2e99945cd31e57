import { own } from '../../own';
import { identifier, join, literal, sql, type Sql } from '../../sql';
import type { Copy } from './copies';
import type { CopyValues, Values } from './find-row';
import type { TargetColumn } from './target-columns';

/** The copies' values as a table in a statement: `from` it, with each value in the type of its column. */
export interface ValueTable extends CopyValues {
  readonly from: Sql;
  readonly id: Sql;
}

const alias = sql`"fk_guard_copy"`;

/**
 * Constants of a named type are read by the type's own input function, as parameters are. The type is named without its
 * length, or a cast would cut off what does not fit any more.
 */
export function valueTable(copies: readonly Copy[], columns: readonly TargetColumn[]): ValueTable {
  const names = columns.flatMap((_, i) => [`value_${i}`, `given_${i}`, `converted_${i}`]);
  const rows = copies.map(({ id, values, left }) => {
    const parts = columns.flatMap((column) => [
      sql`${constant(values, column)}::${column.input}`,
      sql`${constant(left.given, column)}::${column.input}`,
      sql`${constant(left.converted, column)}::pg_catalog.text`,
    ]);
    return sql`(${join([sql`${literal(id)}::pg_catalog.int8`, ...parts], ', ')})`;
  });
  const of = (kind: string, column: TargetColumn): Sql =>
    sql`${alias}.${identifier(`${kind}_${columns.indexOf(column)}`)}`;
  return {
    from: sql`(values ${join(rows, ', ')}) as ${alias} (${join(['id', ...names].map(identifier), ', ')})`,
    id: sql`${alias}."id"`,
    typed: of,
    text: of,
  };
}

function constant(values: Values, { name }: TargetColumn): Sql {
  const value = own(values, name);
  return typeof value === 'string' ? literal(value) : sql`null`;
}
