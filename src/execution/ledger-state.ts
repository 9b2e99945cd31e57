import { flag, json, text } from '../catalog/row';
import type { Session } from '../db';
import { FkGuardError } from '../errors';
import { sql } from '../sql';
import { foreignTableIn, notOurs } from './ledger-schema';

/** Whether there is a ledger to read: no schema, none of our tables in it, something that cannot be used, or all of it. */
export type LedgerState =
  | { readonly state: 'none' | 'empty' | 'ready' }
  | { readonly state: 'unusable'; readonly error: FkGuardError };

/** Judges the guard's schema by the catalog, which every role may read: nothing of the schema itself is asked. */
export async function ledgerState(session: Session, schema: string): Promise<LedgerState> {
  const [row] = await session.query(tablesOfOurs, [schema]);
  if (!flag(row, 'found')) return { state: 'none' };
  const tables = json<readonly FoundTable[]>(row, 'tables');
  if (tables.every(({ there }) => !there)) return { state: 'empty' };
  const foreign = await notOursIn(session, schema, tables);
  if (foreign) return { state: 'unusable', error: foreign };
  const missing = tables.flatMap((table) => (table.there ? missingColumns(table) : [table.name]));
  if (missing.length > 0) return { state: 'unusable', error: incomplete(schema, missing) };
  const hidden = [
    ...(flag(row, 'usable') ? [] : [`USAGE on the schema ${schema}`]),
    ...tables.flatMap(({ name, readable }) => (readable ? [] : [`SELECT on ${schema}.${name}`])),
  ];
  if (hidden.length > 0) return { state: 'unusable', error: mayNot(text(row, 'role'), hidden) };
  return { state: 'ready' };
}

/**
 * To be asked before tables that are missing are made: throws `OPTIONS` or `LEDGER` for one that is there and not as it
 * has to be. It may be an application's, or hold the only copies of rows.
 */
export async function assertUsable(session: Session, schema: string): Promise<void> {
  const [row] = await session.query(tablesOfOurs, [schema]);
  const tables = json<readonly FoundTable[]>(row, 'tables').filter(({ there }) => there);
  const foreign = await notOursIn(session, schema, tables);
  if (foreign) throw foreign;
  const missing = tables.flatMap(missingColumns);
  if (missing.length > 0) throw incomplete(schema, missing);
  const fleeting = tables.find(({ lasting }) => lasting === false);
  if (fleeting) throw unlogged(`${schema}.${fleeting.name}`);
}

const notOursIn = async (
  session: Session,
  schema: string,
  tables: readonly FoundTable[],
): Promise<FkGuardError | undefined> => {
  const foreign = (await foreignTableIn(session, schema)) ?? tables.find(isNoTable)?.name;
  return foreign === undefined ? undefined : notOurs(schema, foreign);
};

const missingColumns = ({ name, lacks }: FoundTable): readonly string[] =>
  lacks.map((column) => `${name}.${column}`);

/** Throws `PRIVILEGE` when this role may not take copies away. */
export async function assertMayPurge(session: Session, schema: string): Promise<void> {
  const [row] = await session.query(tablesOfOurs, [schema]);
  const lacks = json<readonly FoundTable[]>(row, 'tables').flatMap(({ name, lacksForPurge }) =>
    lacksForPurge.map((right) => `${right} on ${schema}.${name}`),
  );
  if (lacks.length > 0) throw mayNot(text(row, 'role'), lacks);
}

/** The error for a role that may not do what is asked. */
export const mayNot = (role: string, lacks: readonly string[], cause?: unknown): FkGuardError =>
  new FkGuardError(
    'PRIVILEGE',
    `The role ${role} lacks: ${lacks.join('; ')}.`,
    "Grant this, or connect with the role that owns the guard's schema. Nothing was changed.",
    cause,
  );

const incomplete = (schema: string, missing: readonly string[]): FkGuardError =>
  new FkGuardError(
    'LEDGER',
    `The schema ${schema} lacks parts of the guard's ledger: ${missing.join(', ')}.`,
    `The next run makes tables that are missing, and no columns. What stands in ${schema}.quarantine may be the only copy of rows: look at it before you drop anything. Nothing was changed.`,
  );

/** The rows would stay deleted after a crash, and their copies would be gone. */
const unlogged = (table: string): FkGuardError =>
  new FkGuardError(
    'LEDGER',
    `${table} is unlogged: a crash would empty it.`,
    `Run alter table ${table} set logged. Nothing was changed.`,
  );

interface FoundTable {
  readonly name: string;
  readonly there: boolean;
  readonly table: boolean | null;
  /** False where a crash empties it. */
  readonly lasting: boolean | null;
  /** Columns that are not there, or of another type. */
  readonly lacks: readonly string[];
  readonly readable: boolean | null;
  readonly lacksForPurge: readonly string[];
}

const isNoTable = ({ there, table }: FoundTable): boolean => there && !table;

const tablesOfOurs = sql`
  select n.oid is not null as found, current_user as role,
         n.oid is not null and pg_catalog.has_schema_privilege(n.oid, 'USAGE') as usable,
         (select pg_catalog.json_agg(pg_catalog.json_build_object(
                   'name', o.name, 'there', c.oid is not null, 'table', c.relkind in ('r', 'p'), 'lasting', c.relpersistence = 'p',
                   'readable', pg_catalog.has_table_privilege(c.oid, 'SELECT'),
                   'lacks', (select coalesce(pg_catalog.json_agg(wanted.name order by wanted.name), '[]')
                               from unnest(o.columns, o.types) wanted(name, type)
                              where not exists (select from pg_catalog.pg_attribute a
                                                 where a.attrelid = c.oid and a.attname = wanted.name and not a.attisdropped
                                                   and pg_catalog.format_type(a.atttypid, null) = wanted.type)),
                   'lacksForPurge', (select coalesce(pg_catalog.json_agg(needed.right), '[]') from unnest(o.rights) needed("right")
                                      where not pg_catalog.has_table_privilege(c.oid, needed.right))) order by o.position)
            from (values
              (1, 'run', array['id', 'resumes', 'origin', 'started_at', 'finished_at', 'status', 'role', 'figures'],
                 array['uuid', 'uuid', 'text', 'timestamp with time zone', 'timestamp with time zone', 'text', 'text', 'jsonb'],
                 array['UPDATE']),
              (2, 'step', array['run_id', 'id', 'title', 'change', 'sql', 'status', 'rows', 'duration_ms', 'finished_at', 'undone_at'],
                 array['uuid', 'text', 'text', 'jsonb', 'text', 'text', 'bigint', 'bigint', 'timestamp with time zone', 'timestamp with time zone'],
                 array[]::text[]),
              (3, 'quarantine', array['id', 'run_id', 'step', 'batch', 'action', 'level', 'via', 'table_schema', 'table_name', 'changed_columns', 'row_data', 'source_oid', 'source_ctid', 'taken_at', 'restored_at'],
                 array['bigint', 'uuid', 'text', 'integer', 'text', 'integer', 'text', 'text', 'text', 'text[]', 'jsonb', 'oid', 'tid', 'timestamp with time zone', 'timestamp with time zone'],
                 array['DELETE'])) o(position, name, columns, types, rights)
            left join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = o.name) as tables
    from (select) one left join pg_catalog.pg_namespace n on n.nspname = $1`;
