import type { Session } from '../db';
import { sql } from '../sql';
import { among } from './among';
import { count, text } from './row';

/** A schema outside of PostgreSQL's own. */
export interface SchemaSize {
  readonly name: string;
  readonly tables: number;
}

/** Reads which schemas there are and how many tables each has, in order of their names. */
export async function readSchemaSizes(session: Session): Promise<readonly SchemaSize[]> {
  const rows = await session.query(sql`
    select namespace.nspname as name, pg_catalog.count(class.oid) as tables
      from pg_catalog.pg_namespace namespace
      left join pg_catalog.pg_class class on class.relnamespace = namespace.oid and class.relkind in ('r', 'p', 'v', 'm', 'f')
     where namespace.nspname <> 'information_schema' and namespace.nspname !~ '^pg_'
     group by namespace.nspname order by namespace.nspname`);
  return rows.map((row) => ({ name: text(row, 'name'), tables: count(row, 'tables') }));
}

/** The names of tables that at least one of the schemas has, each once. */
export async function readTableNames(
  session: Session,
  schemas: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await session.query(sql`
    select distinct class.relname as name
      from pg_catalog.pg_class class join pg_catalog.pg_namespace namespace on namespace.oid = class.relnamespace
     where class.relkind in ('r', 'p', 'v', 'm', 'f') and ${among(sql`namespace.nspname`, schemas)}`);
  return new Set(rows.map((row) => text(row, 'name')));
}

/** From one schema to those whose tables lose or change rows when rows of its tables do. */
export type SchemaLinks = ReadonlyMap<string, readonly string[]>;

/** Reads which schemas hang on another one: by a key of theirs, or because a part of a table lies in them. */
export async function readSchemaLinks(session: Session): Promise<SchemaLinks> {
  const rows = await session.query(sql`
    select distinct above_schema.nspname as above, below_schema.nspname as below
      from (select confrelid, conrelid from pg_catalog.pg_constraint where contype = 'f'
            union all select inhparent, inhrelid from pg_catalog.pg_inherits) link (above, below)
      join pg_catalog.pg_class above on above.oid = link.above
      join pg_catalog.pg_class below on below.oid = link.below and below.relnamespace <> above.relnamespace
      join pg_catalog.pg_namespace above_schema on above_schema.oid = above.relnamespace
      join pg_catalog.pg_namespace below_schema on below_schema.oid = below.relnamespace
     order by 1, 2`);
  const links = new Map<string, string[]>();
  for (const row of rows)
    links.set(text(row, 'above'), [...(links.get(text(row, 'above')) ?? []), text(row, 'below')]);
  return links;
}

/** True while the schema is there. */
export async function hasSchema(session: Session, name: string): Promise<boolean> {
  const rows = await session.query(
    sql`select from pg_catalog.pg_namespace namespace where ${among(sql`namespace.nspname`, [name])}`,
  );
  return rows.length > 0;
}
