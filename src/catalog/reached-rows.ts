import type { Session } from '../db';
import type { TableName } from '../schema';
import { identifier, integer, join, operator, parameter, qualified, sql, type Sql } from '../sql';
import type { Column, ForeignKey, Table } from './catalog';
import { keyMatch } from './orphans';
import { count, text } from './row';

/** Where a row stands: its table (the partition) by oid, and its place in it. */
export interface RowPlace {
  readonly table: number;
  readonly tid: string;
}

/** A row and the one that it refers to. */
export interface Reference {
  readonly parentTid: string;
  readonly child: RowPlace;
}

/** The rows that have these values; `delete from` finds them in partitions and in tables that inherit. */
export async function rowsWith(
  session: Session,
  table: TableName,
  columns: readonly Column[],
  values: readonly string[],
): Promise<readonly RowPlace[]> {
  const conditions = columns.map(
    ({ name, equality }, i) => sql`t.${identifier(name)} ${operator(equality)} ${parameter(i + 1)}`,
  );
  const rows = await session.query(
    sql`select t.tableoid as oid, t.ctid as tid from ${qualified(table)} t where ${join(conditions, ' and ')}`,
    values,
  );
  return rows.map((row) => ({ table: count(row, 'oid'), tid: text(row, 'tid') }));
}

/** One step down a key, from rows of one table to those that refer to them. */
export interface Descent {
  readonly key: ForeignKey;
  /** The table that the rows stand in. */
  readonly parent: Table;
  readonly child: Table;
  readonly tids: readonly string[];
}

/** Who refers to these rows; at most so many. */
export async function rowsReferring(
  session: Session,
  descent: Descent,
  most: number,
): Promise<readonly Reference[]> {
  const rows = await session.query(
    sql`select p.ctid as parent_tid, c.tableoid as oid, c.ctid as tid ${referring(descent)} limit ${integer(most)}`,
    [tidArray(descent.tids)],
  );
  return rows.map((row) => ({
    parentTid: text(row, 'parent_tid'),
    child: { table: count(row, 'oid'), tid: text(row, 'tid') },
  }));
}

/** How many refer to these rows, where nobody has to know which. */
export async function countReferring(session: Session, descent: Descent): Promise<number> {
  const [row] = await session.query(sql`select pg_catalog.count(*) as rows ${referring(descent)}`, [
    tidArray(descent.tids),
  ]);
  return count(row, 'rows');
}

/** A key does not look into tables that inherit from the child, as PostgreSQL's own triggers do not. */
const referring = ({ key, parent, child }: Descent): Sql => sql`
  from only ${qualified(parent.name)} p
  join ${child.kind === 'partitioned table' ? sql`` : sql`only`} ${qualified(child.name)} c
    on ${keyMatch({ ...key, parent: sql`p`, child: sql`c` })}
 where p.ctid operator(pg_catalog.=) any ($1::pg_catalog.tid[])`;

const tidArray = (tids: readonly string[]): string => `{${tids.map((tid) => `"${tid}"`).join(',')}}`;
