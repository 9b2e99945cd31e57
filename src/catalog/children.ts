import type { Session } from '../db';
import { identifier, integer, join, operator, parameter, qualified, sql } from '../sql';
import type { ForeignKey, Table } from './catalog';
import { keyMatch } from './orphans';
import { count } from './row';

/** How many rows refer to one parent by a key, counted up to `most`; `values` are text forms by the parent's columns. */
export async function countChildren(
  session: Session,
  key: ForeignKey,
  parent: Table,
  values: Readonly<Record<string, string>>,
  most: number,
): Promise<number> {
  const named = key.parentColumns.map((name, i) => {
    const column = parent.columns.find((candidate) => candidate.name === name);
    if (!column) throw new Error(`${parent.name.name} has no column ${name}`);
    return sql`p.${identifier(name)} ${operator(column.equality)} ${parameter(i + 1)}`;
  });
  const match = keyMatch({ ...key, parent: sql`p`, child: sql`c` });
  const [row] = await session.query(
    sql`select pg_catalog.count(*) as children from (
      select from ${qualified(key.parent)} p join ${qualified(key.child)} c on ${match}
       where ${join(named, ' and ')} limit ${integer(most)}) as found`,
    key.parentColumns.map((name) => values[name]),
  );
  return count(row, 'children');
}
