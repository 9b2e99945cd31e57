import type { Session } from '../db';
import { sql } from '../sql';
import { among } from './among';
import type { Table } from './catalog';
import { byBytes } from './byte-order';
import { columnsFrom, type ReadColumn } from './columns';
import { indexesFrom } from './indexes';
import { json } from './row';
import { tableQuery, type TableLists } from './table-query';
import { rightsFrom } from './table-rights';

/** A table with its columns by number, as keys refer to them. */
export interface ReadTable {
  readonly table: Table;
  readonly columns: readonly ReadColumn[];
}

/** Reads every table, view and foreign table outside of PostgreSQL's own schemas, or in some schemas, in order of their names. */
export async function readTables(
  session: Session,
  schemas?: readonly string[],
): Promise<readonly ReadTable[]> {
  const rows = await session.query(tableQuery(schemas && among(sql`namespace.nspname`, schemas)));
  return rows
    .map((row) => json<TableLists>(row, 'relation'))
    .sort((a, b) => a.place - b.place)
    .map(tableFrom);
}

const KINDS = {
  r: 'table',
  p: 'partitioned table',
  v: 'view',
  m: 'materialized view',
  f: 'foreign table',
} as const;

function tableFrom(lists: TableLists): ReadTable {
  const columns = columnsFrom(lists.columns);
  const { may, lacks } = rightsFrom(lists.rights);
  const { uniqueIndexes, indexes } = indexesFrom(lists.indexes, columns);
  const table: Table = {
    oid: lists.oid,
    name: { schema: lists.schema, name: lists.name },
    kind: KINDS[lists.kind],
    columns: columns.map(({ column }) => column),
    uniqueIndexes,
    indexes,
    ...(lists.partitionOf && { partitionOf: lists.partitionOf }),
    ...(lists.partitionKey && { partitionKey: lists.partitionKey }),
    ...(lists.foreignPartitions && { foreignPartitions: lists.foreignPartitions }),
    inherited: lists.inherited,
    rowSecurity: lists.rowSecurity,
    ...(lists.subscribed && { subscribed: lists.subscribed }),
    estimatedRows: lists.estimatedRows,
    triggers: lists.triggers ?? [],
    rules: lists.rules ?? [],
    may,
    owner: lists.owner,
    lacks,
    ...(lists.closedSequences && { closedSequences: lists.closedSequences }),
    constraints: [...(lists.constraints ?? [])].sort(byBytes),
  };
  return { table, columns };
}
