import type { TableName } from '../schema';
import { columns, join, literal, qualified, sql } from '../sql';
import type { Statement } from './statement';

/** A parent that comes back by itself meanwhile is left alone; another unique key that is taken is an error (23505). */
export function insertParent(
  parent: TableName,
  key: readonly string[],
  values: Readonly<Record<string, string | null>>,
): Statement {
  const given = Object.values(values).map((value) => (value === null ? sql`null` : literal(value)));
  return {
    sql: sql`insert into ${qualified(parent)} (${columns(Object.keys(values))}) overriding system value values (${join(given, ', ')}) on conflict (${columns(key)}) do nothing`,
    locks: [{ table: parent, mode: 'ROW EXCLUSIVE' }],
    transactional: true,
  };
}
