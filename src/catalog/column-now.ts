import type { Session } from '../db';
import type { TableName } from '../schema';
import { sql } from '../sql';
import { columnUsers } from './column-users';
import { json } from './row';

/** A column as it is under the lock of its conversion. */
export interface ColumnNow {
  readonly type: string | undefined;
  /** As `pg_get_expr` prints it. */
  readonly default: string | undefined;
  readonly users: readonly string[];
}

/** Reads what a conversion was planned by once more. */
export async function readColumnNow(session: Session, table: TableName, column: string): Promise<ColumnNow> {
  const [row] = await session.query(nowQuery, [table.schema, table.name, column]);
  return {
    type: row?.['type'] ?? undefined,
    default: row?.['default'] ?? undefined,
    users: row ? json(row, 'users') : [],
  };
}

const nowQuery = sql`
select pg_catalog.format_type(a.atttypid, a.atttypmod) as type, pg_catalog.pg_get_expr(d.adbin, d.adrelid) as default,
  ${columnUsers} as users
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attname = $3 and not a.attisdropped
left join pg_catalog.pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum and a.attgenerated = ''
where n.nspname = $1 and c.relname = $2`;
