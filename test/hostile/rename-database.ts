import { escapeIdentifier as quoted } from 'pg';
import type { TestDatabase } from '../postgres/database';
import type { Renaming } from './renaming';

interface Named {
  readonly kind: string;
  readonly schema: string;
  readonly table: string;
  readonly name: string;
}

/** Gives every schema, table, column, constraint, index, trigger and rule of a database its hostile name. */
export async function renameDatabase(database: TestDatabase, { rename, renameSql }: Renaming): Promise<void> {
  const things = await database.query<Named>(THINGS);
  // In the order of the old names, so that what goes by order goes on doing so.
  for (const { name } of things.toSorted((a, b) => (a.name < b.name ? -1 : 1))) rename(name);
  for (const { kind, schema, table, name } of things) {
    const [whole, own, made] = [`${quoted(schema)}.${quoted(table)}`, quoted(name), quoted(rename(name))];
    await database.query(statement(kind, whole, schema, own, made));
  }
  await renameInFunctions(database, renameSql);
  // What the cases write without a schema is found as before.
  const path = `search_path to "$user", ${quoted(rename('public'))}`;
  await database.query(`alter database ${quoted(database.name)} set ${path}; set ${path}`);
}

function statement(kind: string, table: string, schema: string, name: string, made: string): string {
  switch (kind) {
    case 'schema':
      return `alter schema ${name} rename to ${made}`;
    case 'table':
      return `alter table ${table} rename to ${made}`;
    case 'index':
      return `alter index ${quoted(schema)}.${name} rename to ${made}`;
    case 'trigger':
    case 'rule':
      return `alter ${kind} ${name} on ${table} rename to ${made}`;
    default:
      return `alter table ${table} rename ${kind} ${name} to ${made}`;
  }
}

/** Their bodies are text, which no rename changes. */
async function renameInFunctions(database: TestDatabase, renameSql: Renaming['renameSql']): Promise<void> {
  const functions = await database.query<{ oid: string; prosrc: string }>(`
    select p.oid, p.prosrc from pg_proc p join pg_language l on l.oid = p.prolang
     where p.oid >= 16384 and l.lanname in ('plpgsql', 'sql')
       and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')`);
  for (const { oid, prosrc } of functions)
    await database.query('update pg_proc set prosrc = $2 where oid = $1', [oid, renameSql(prosrc)]);
}

/** The parts first, the schemas last: each statement names the ones above by what they still are. */
const THINGS = `
  with ours as (
    select c.oid, c.relname, c.relkind, n.nspname
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
       and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e'))
  select kind, schema, "table", name from (
    select 1 as place, 'trigger' as kind, o.nspname as schema, o.relname as table, t.tgname as name
      from pg_trigger t join ours o on o.oid = t.tgrelid where not t.tgisinternal
    union all
    select 2, 'rule', o.nspname, o.relname, r.rulename
      from pg_rewrite r join ours o on o.oid = r.ev_class where r.rulename <> '_RETURN'
    union all
    select 3, 'constraint', o.nspname, o.relname, k.conname
      from pg_constraint k join ours o on o.oid = k.conrelid
     where k.contype not in ('n', 't') and (k.contype <> 'c' or k.coninhcount = 0)
    union all
    select 4, 'column', o.nspname, o.relname, a.attname
      from pg_attribute a join ours o on o.oid = a.attrelid and o.relkind in ('r', 'p', 'v', 'm', 'f')
     where a.attnum > 0 and not a.attisdropped and a.attinhcount = 0
    union all
    select 5, 'index', o.nspname, o.relname, o.relname
      from ours o
     where o.relkind in ('i', 'I')
       and not exists (select from pg_constraint k where k.conindid = o.oid and k.contype in ('p', 'u', 'x'))
    union all
    select 6, 'table', o.nspname, o.relname, o.relname from ours o where o.relkind in ('r', 'p', 'v', 'm', 'f')
    union all
    select 7, 'schema', n.nspname, n.nspname, n.nspname
      from pg_namespace n where n.nspname !~ '^pg_' and n.nspname <> 'information_schema') as things
   order by place, schema, "table", name`;
