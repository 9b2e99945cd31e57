import { escapeIdentifier } from 'pg';
import type { Judge } from './judge';

/** The whole database as comparable text: structure first, then every row. */
export async function dump(client: Judge): Promise<string> {
  return `${await dumpSchema(client)}\n\n${await dumpRows(client)}`;
}

/** Columns, constraints and indexes of all tables, in PostgreSQL's own words (`pg_get_constraintdef` and so on). */
export async function dumpSchema(client: Judge): Promise<string> {
  const sections = await schemaLines(client);
  return sections.map((section) => section.join('\n')).join('\n\n');
}

/** The same piece by piece, for names that have line breaks in them. */
export const schemaLines = (client: Judge): Promise<readonly string[][]> =>
  sectionsOf(client, [COLUMNS, CONSTRAINTS, INDEXES]);

/** Every row of every table in its text form, as an ordered list below the table's name. */
export async function dumpRows(client: Judge): Promise<string> {
  const tables = await tableRows(client);
  return tables.map(({ table, rows }) => [`${table}: ${rows.length}`, ...rows].join('\n')).join('\n\n');
}

/** The same table by table. */
export async function tableRows(
  client: Judge,
): Promise<readonly { readonly table: string; readonly rows: readonly string[] }[]> {
  const found = await client.query<{ schema: string; name: string }>(TABLES);
  const tables = found.map(({ schema, name }) => `${escapeIdentifier(schema)}.${escapeIdentifier(name)}`);
  // `(t.*)` and not `t`, which would be the column of a table that has one of that name.
  const queries = tables.map((table) => ordered(`select (t.*)::text as line from only ${table} t`));
  const sections = await sectionsOf(client, queries);
  return tables.map((table, i) => ({ table, rows: sections[i] ?? [] }));
}

/** The lines of several queries, each in its own order, in one round trip. */
async function sectionsOf(client: Judge, queries: readonly string[]): Promise<readonly string[][]> {
  if (queries.length === 0) return [];
  const parts = queries.map((query, i) => `select ${i} as part, array(${query}) as lines`);
  const found = await client.query<{ lines: string[] }>(`${parts.join(' union all ')} order by part`);
  return found.map(({ lines }) => lines);
}

/** Byte order, so that two servers with different locales agree. */
const ordered = (query: string): string => `select line from (${query}) as lines order by line collate "C"`;

/** The guard's own schema, whatever its name, is left out: a repair must differ from "never damaged" in nothing else. */
const OURS = `n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'fk_guard')
   and not exists (select from pg_class own where own.relnamespace = n.oid and own.relname = 'quarantine')`;

const TABLES = `
  select n.nspname as schema, c.relname as name
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
   where c.relkind = 'r' and ${OURS}
   order by n.nspname collate "C", c.relname collate "C"`;

const COLUMNS = `
  select format('%I.%I %I %s%s%s', n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
                case when a.attnotnull then ' not null' else '' end,
                ' default ' || pg_get_expr(d.adbin, d.adrelid)) as line
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
   where c.relkind in ('r', 'p') and ${OURS}
   order by n.nspname collate "C", c.relname collate "C", a.attnum`;

/** NOT NULL is a column's property above; as constraints they exist from PostgreSQL 18 on only. */
const CONSTRAINTS = `
  select format('%I.%I %I: %s%s', n.nspname, c.relname, k.conname, pg_get_constraintdef(k.oid),
                case when exists (select from pg_trigger t where t.tgconstraint = k.oid and t.tgenabled <> 'O')
                     then ' (triggers not enabled)' else '' end) as line
    from pg_constraint k
    join pg_class c on c.oid = k.conrelid
    join pg_namespace n on n.oid = c.relnamespace
   where k.contype not in ('n', 't') and ${OURS}
   order by n.nspname collate "C", c.relname collate "C", k.conname collate "C"`;

const INDEXES = ordered(`
  select format('%s%s', pg_get_indexdef(i.indexrelid), case when i.indisvalid then '' else ' (invalid)' end) as line
    from pg_index i
    join pg_class c on c.oid = i.indrelid
    join pg_namespace n on n.oid = c.relnamespace
   where c.relkind in ('r', 'p') and ${OURS}`);
