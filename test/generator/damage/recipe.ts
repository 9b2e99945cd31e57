import { escapeLiteral } from 'pg';
import { dumpSchema } from '../../postgres/dump';
import type { Judge } from '../../postgres/judge';
import { OURS } from './rows';

/** How to make tables again as they were, and how to tell that they are. */
export interface Recipe {
  /** Drops and makes these tables (`schema.table`, quoted) anew, with their rows and all keys from and to them. */
  restore(tables: readonly string[]): Promise<void>;
  /** The whole database as text: structure and rows. */
  state(): Promise<string>;
}

interface Part {
  /** The tables without which this statement makes no sense. */
  readonly tables: readonly string[];
  readonly sql: string;
}

/** Reads, in PostgreSQL's own words, everything that is needed to make any table again. */
export async function readRecipe(database: Judge): Promise<Recipe> {
  const parts: Part[] = [];
  for (const query of [TABLES, ROWS, CONSTRAINTS, INDEXES, FOREIGN_KEYS])
    parts.push(...(await (query === ROWS ? rowsOf(database, parts) : database.query<Part>(query))));
  const tables = parts.flatMap(({ tables, sql }) => (sql.startsWith('create table') ? tables : []));
  const rows = `select coalesce(string_agg(line, e'\\n' order by line), '') as rows from (${tables
    .map((table) => `select ${escapeLiteral(table)} || (t.*)::text as line from ${table} t`)
    .join(' union all ')}) as lines`;
  return {
    async restore(wanted) {
      const drops = wanted.map((table) => `drop table if exists ${table} cascade`);
      const again = parts.filter((part) => part.tables.some((table) => wanted.includes(table)));
      await database.query([...drops, ...again.map(({ sql }) => sql)].join(';\n'));
    },
    state: async () =>
      `${await dumpSchema(database)}\n${(await database.query<{ rows: string }>(rows))[0]?.rows}`,
  };
}

async function rowsOf(database: Judge, tables: readonly Part[]): Promise<readonly Part[]> {
  const parts: Part[] = [];
  for (const [table] of tables.map((part) => part.tables)) {
    const [row] = await database.query<{ rows: string }>(`select json_agg(t)::text as rows from ${table} t`);
    const rows = escapeLiteral(row?.rows ?? '[]');
    parts.push({
      tables: [table as string],
      sql: `insert into ${table} select * from json_populate_recordset(null::${table}, ${rows})`,
    });
  }
  return parts;
}

const NAME = `format('%I.%I', n.nspname, c.relname)`;

const TABLES = `
  select array[${NAME}] as tables, format('create table %s (%s)', ${NAME}, string_agg(
           format('%I %s%s%s', a.attname,
             case when pg_get_expr(d.adbin, d.adrelid) !~ '^nextval' or d.adbin is null then format_type(a.atttypid, a.atttypmod)
                  when a.atttypid = 'bigint'::regtype then 'bigserial' else 'serial' end,
             ' default ' || case when pg_get_expr(d.adbin, d.adrelid) !~ '^nextval' then pg_get_expr(d.adbin, d.adrelid) end,
             case when a.attnotnull then ' not null' else '' end), ', ' order by a.attnum)) as sql
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
   where c.relkind = 'r' and ${OURS} group by n.nspname, c.relname`;

const ROWS = 'rows';

const constraints = (tables: string, types: string) => `
  select ${tables} as tables,
         format('alter table %s add constraint %I %s', ${NAME}, k.conname, pg_get_constraintdef(k.oid)) as sql
    from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
    left join pg_class p on p.oid = k.confrelid left join pg_namespace pn on pn.oid = p.relnamespace
   where k.contype in (${types}) and ${OURS}`;

const CONSTRAINTS = constraints(`array[${NAME}]`, `'p', 'u', 'c'`);
const FOREIGN_KEYS = constraints(`array[${NAME}, format('%I.%I', pn.nspname, p.relname)]`, `'f'`);

const INDEXES = `
  select array[${NAME}] as tables, pg_get_indexdef(i.indexrelid) as sql
    from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
   where ${OURS} and c.relkind = 'r' and not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u'))`;
