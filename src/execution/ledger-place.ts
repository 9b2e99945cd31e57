import { json, text } from '../catalog/row';
import type { Session } from '../db';
import { missingOnSchema, missingOwnership, missingRight, type MissingRight, type Right } from '../rights';
import { tableId } from '../names';
import type { TableName } from '../schema';
import { qualified, sql } from '../sql';
import type { LedgerPlace } from './privileges';

/** Looks whether the guard's schema is there, and what the role may not do in it. A missing schema is no matter of rights here. */
export async function ledgerPlace(session: Session, schema: string): Promise<LedgerPlace> {
  const [row] = await session.query(rightsInSchema, [schema]);
  if (!row) return { schema, exists: false, missing: [] };
  const role = text(row, 'role');
  const onSchema = json<readonly ('USAGE' | 'CREATE')[]>(row, 'lacks');
  const tables = json<readonly FoundTable[]>(row, 'tables');
  return {
    schema,
    exists: true,
    missing: [
      ...onSchema.map((right) => missingOnSchema(right, schema, role)),
      ...tables.flatMap((table) => missingOn({ schema, name: table.name }, table, role)),
    ],
  };
}

interface FoundTable {
  readonly name: string;
  /** Set where the table has to be the role's own and is not: the list of orphans is made anew each time. */
  readonly owner: string | null;
  readonly lacks: readonly Right[];
  /** A policy on it applies to the role. */
  readonly secured: boolean;
}

const missingOn = (
  table: { readonly schema: string; readonly name: string },
  { owner, lacks, secured }: FoundTable,
  role: string,
): readonly MissingRight[] => [
  ...(owner === null ? [] : [missingOwnership(table, owner, role)]),
  ...lacks.map((right) => missingRight(right, table, role)),
  ...(secured ? [missingSight(table)] : []),
];

/** A policy that applies to the role: under `row_security = off` every statement on the table fails then (42501). */
const missingSight = (table: TableName): MissingRight => ({
  words: `sight of all rows of ${tableId(table)} (row security)`,
  mend: sql`alter table ${qualified(table)} disable row level security`,
});

const rightsInSchema = sql`
  select current_user as role,
         pg_catalog.to_json(pg_catalog.array_remove(array[
           case when not pg_catalog.has_schema_privilege(n.oid, 'USAGE') then 'USAGE' end,
           case when not pg_catalog.has_schema_privilege(n.oid, 'CREATE') then 'CREATE' end], null)) as lacks,
         (select coalesce(pg_catalog.json_agg(pg_catalog.json_build_object(
                   'name', c.relname,
                   'owner', case when o.own and not pg_catalog.pg_has_role(c.relowner, 'USAGE') then pg_catalog.pg_get_userbyid(c.relowner) end,
                   'secured', pg_catalog.row_security_active(c.oid),
                   'lacks', (select coalesce(pg_catalog.json_agg(needed.name), '[]') from unnest(o.rights) needed(name)
                              where not pg_catalog.has_table_privilege(c.oid, needed.name))) order by o.position), '[]')
            from (values
              (1, 'run', array['SELECT', 'INSERT', 'UPDATE'], false),
              (2, 'step', array['SELECT', 'INSERT'], false),
              (3, 'quarantine', array['SELECT', 'INSERT', 'UPDATE', 'DELETE'], false),
              (4, 'orphan_list', array[]::text[], true)) o(position, name, rights, own)
            join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = o.name) as tables
    from pg_catalog.pg_namespace n where n.nspname = $1`;
