import { flag, text } from '../catalog/row';
import type { Session } from '../db';
import { FkGuardError } from '../errors';
import { identifier, literal, sql, type Sql } from '../sql';
import { restrictRun } from './restrict-run';

/** The error for a table of an application under a name of ours. */
export const notOurs = (schema: string, table: string): FkGuardError =>
  new FkGuardError(
    'OPTIONS',
    `The schema ${schema} has a table ${table} that is not the guard's.`,
    'Give the guard a schema of its own: quarantine: { schema }. Nothing was changed.',
  );

/** A table of an application under a name of ours, if there is one. */
export async function foreignTableIn(session: Session, schema: string): Promise<string | undefined> {
  const [foreign] = await session.query(foreignTable, [schema]);
  return foreign && text(foreign, 'name');
}

const foreignTable = sql`
  select c.relname as name
    from pg_catalog.pg_class c
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    join (values ('run', array['resumes', 'figures']), ('step', array['run_id', 'undone_at']),
                 ('quarantine', array['row_data', 'source_ctid']), ('orphan_list', array['source_oid', 'source_ctid'])) as ours(name, columns)
      on ours.name = c.relname
   where n.nspname = $1
     and not ours.columns <@ array(select a.attname::text from pg_catalog.pg_attribute a where a.attrelid = c.oid and not a.attisdropped)
   order by 1 limit 1`;

/** True when the schema is there; making it again would want CREATE on the database all the same (42501). */
export async function ledgerExists(session: Session, schema: string): Promise<boolean> {
  const [row] = await session.query(
    sql`select exists (select from pg_catalog.pg_namespace n where n.nspname operator(pg_catalog.=) $1) as found`,
    [schema],
  );
  return flag(row, 'found');
}

/**
 * The guard's own tables, in a schema of their own. `quarantine` holds the copy of every row that was removed or
 * changed, each column as its own text form; nothing is purged by itself. Instead of a key it has `restrictRun`.
 */
export function createLedger(name: string, exists: boolean): readonly Sql[] {
  const schema = identifier(name);
  return [
    ...(exists ? [] : [sql`create schema if not exists ${schema}`]),
    runTable(schema),
    stepTable(schema),
    quarantineTable(schema),
    withGiven(name),
    restrictRun(name),
  ];
}

/** A quarantine of an earlier version has no `given`. Only then: the statement takes ACCESS EXCLUSIVE even where the column is there. */
const withGiven = (name: string): Sql => sql`
  do ${literal(`begin
    if not exists (select from pg_catalog.pg_attribute a where a.attrelid = ${literal(`${identifier(name)}.quarantine`)}::pg_catalog.regclass and a.attname = 'given') then
      alter table ${identifier(name)}.quarantine add column given jsonb;
    end if;
  end`)}`;

const runTable = (schema: Sql): Sql => sql`
  create table if not exists ${schema}.run (
    id uuid primary key,
    resumes uuid references ${schema}.run (id),
    origin text,
    started_at timestamptz not null default pg_catalog.now(),
    finished_at timestamptz,
    status text not null default 'running',
    role text not null default current_user,
    figures jsonb not null default '{}')`;

const stepTable = (schema: Sql): Sql => sql`
  create table if not exists ${schema}.step (
    run_id uuid not null references ${schema}.run (id),
    id text not null,
    title text not null,
    change jsonb not null,
    sql text not null,
    status text not null,
    rows bigint not null,
    duration_ms bigint not null,
    finished_at timestamptz not null default pg_catalog.clock_timestamp(),
    undone_at timestamptz,
    primary key (run_id, id))`;

const quarantineTable = (schema: Sql): Sql => sql`
  create table if not exists ${schema}.quarantine (
    id bigint generated always as identity primary key,
    run_id uuid not null,
    step text not null,
    batch integer not null,
    action text not null check (action in ('delete', 'change')),
    level integer not null,
    via text,
    table_schema text not null,
    table_name text not null,
    changed_columns text[] not null default '{}',
    given jsonb,
    row_data jsonb not null,
    source_oid oid not null,
    source_ctid tid not null,
    taken_at timestamptz not null default pg_catalog.clock_timestamp(),
    restored_at timestamptz,
    unique (run_id, step, batch, source_oid, source_ctid))`;
