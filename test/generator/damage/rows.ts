import { escapeIdentifier, escapeLiteral } from 'pg';
import type { Judge } from '../../postgres/judge';

/** The schemas of the application, in a query that calls `pg_namespace` n. */
export const OURS = `n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'fk_guard')`;

/** The keys that every table gets a row for: each column of a row holds its key, so that every parent is there. */
const KEYS = [1, 2, 3];

/** A key in the form of a column's type; nothing for types that are no keys. */
export function keyAs(type: string, key: number): string | undefined {
  if (type === 'integer' || type === 'bigint') return String(key);
  if (type === 'uuid') return `00000000-0000-4000-8000-${String(key).padStart(12, '0')}`;
  // Two characters, because a country has no more.
  if (type.startsWith('character')) return `k${key}`;
  return type.startsWith('timestamp') ? '2026-01-01T00:00:00Z' : undefined;
}

/** Puts one row for each key into every table. */
export async function fillTables(database: Judge): Promise<void> {
  const tables = await database.query<{ table: string; columns: { name: string; type: string }[] }>(`
    select format('%I.%I', n.nspname, c.relname) as table,
           json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, null))) as columns
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.relkind = 'r' and ${OURS} group by 1`);
  const inserts = tables.flatMap(({ table, columns }) =>
    KEYS.map((key) => {
      const values = columns.map(({ type }) => escapeLiteral(keyAs(type, key) ?? ''));
      return `insert into ${table} (${columns.map(({ name }) => escapeIdentifier(name)).join()}) values (${values.join()})`;
    }),
  );
  // Without it every parent would have to come before its children, and circles could not be filled at all.
  await database.query(
    `set session_replication_role = replica; ${inserts.join(';')}; reset session_replication_role`,
  );
}
