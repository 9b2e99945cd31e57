import { escapeIdentifier, escapeLiteral } from 'pg';
import { tableId } from '../../../src/names';
import type { Random } from '../../generator/random';
import type { Judge } from '../../postgres/judge';

/** A row by its primary key, and the statement that deletes it. */
export interface RandomRow {
  readonly table: string;
  readonly key: Readonly<Record<string, string>>;
  readonly statement: string;
}

/** Rows of all tables that have a primary key, each table as likely as the next. */
export async function randomRows(
  database: Judge,
  random: Random,
  count: number,
): Promise<readonly RandomRow[]> {
  const tables = await database.query<{ schema: string; name: string; columns: string[] }>(`
    select n.nspname as schema, c.relname as name, (
        select json_agg(a.attname order by a.attnum) from pg_attribute a
         where a.attrelid = c.oid and a.attnum = any (i.indkey)) as columns
      from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
     where i.indisprimary and not c.relispartition
       and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast', 'fk_guard', 'real_before') order by 1, 2`);
  const all: RandomRow[][] = [];
  for (const { schema, name, columns } of tables) {
    const id = `${escapeIdentifier(schema)}.${escapeIdentifier(name)}`;
    const list = columns.map((column) => `${escapeIdentifier(column)}::text as ${escapeIdentifier(column)}`);
    const rows = await database.query<Record<string, string>>(
      `select ${list.join()} from ${id} order by ${columns.map(escapeIdentifier).join()}`,
    );
    if (rows.length > 0)
      all.push(rows.map((key) => ({ table: tableId({ schema, name }), key, statement: removing(id, key) })));
  }
  return Array.from({ length: count }, () => random.pick(random.pick(all)));
}

const removing = (id: string, key: Readonly<Record<string, string>>): string =>
  `delete from ${id} where ${Object.entries(key)
    .map(([column, value]) => `${escapeIdentifier(column)} = ${escapeLiteral(value)}`)
    .join(' and ')}`;
