import { text } from '../../catalog/row';
import type { Session } from '../../db';
import { setLocal } from '../../execution/session-settings';
import { tableId } from '../../names';
import type { TableName } from '../../schema';
import { literal, sql } from '../../sql';
import { readTargetKeys, type TargetKey } from './target-keys';
import { nameNow, readTargetTable, type TargetTable } from './target-columns';
import type { Copy } from './copies';
import type { Reason } from './reason';

/** A table that rows are put back into. */
export interface Target extends TargetTable {
  readonly name: TableName;
  /** The keys of the table that are enforced. */
  readonly keys: readonly TargetKey[];
}

/** Finds the table of a copy, or the reason why there is none. Each is read once. */
export type FindTarget = (copy: Pick<Copy, 'table' | 'sourceOid'>) => Promise<Target | Reason>;

/** `forbidden` are the guard's own schema and the server's: a copy of a row of theirs was made by nobody. */
export function createFindTarget(session: Session, ledgerSchema: string): FindTarget {
  const known = new Map<string, Target | Reason>();
  return async ({ table, sourceOid }) => {
    const id = JSON.stringify([table.schema, table.name]);
    const before = known.get(id);
    if (before) return before;
    const found = isForbidden(table, ledgerSchema)
      ? { text: `${tableId(table)} is no table that rows were ever taken from` }
      : await readTarget(session, table, sourceOid);
    known.set(id, found);
    return found;
  };
}

/** True for a target, and not the reason why there is none. */
export const isTarget = (found: Target | Reason): found is Target => 'columns' in found;

const isForbidden = ({ schema }: TableName, ledgerSchema: string): boolean =>
  schema === ledgerSchema || schema === 'information_schema' || schema.startsWith('pg_');

async function readTarget(session: Session, name: TableName, oid: string): Promise<Target | Reason> {
  const table = await readTargetTable(session, name);
  if (table) return { ...table, name, keys: await readTargetKeys(session, table.oid) };
  const now = await nameNow(session, oid);
  return {
    text: now
      ? `the table is gone; what may be the same one is called ${tableId(now)} now`
      : 'the table is gone',
  };
}

/**
 * Runs a statement that may fire the application's triggers, along its own search_path; PostgreSQL's names come first,
 * as they do where a path does not name them. Our own statements name all schemas.
 */
export async function alongPath<T>(session: Session, searchPath: string, run: () => Promise<T>): Promise<T> {
  const [row] = await session.query(
    sql`select pg_catalog.set_config('search_path', pg_catalog.concat_ws(', ', 'pg_catalog', nullif(${literal(searchPath)}, '')), true) as path`,
  );
  text(row, 'path');
  const result = await run();
  await session.query(setLocal({ search_path: 'pg_catalog, pg_temp' }));
  return result;
}
