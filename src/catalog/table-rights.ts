import type { Right } from '../rights';
import { join, literal, sql, type Sql } from '../sql';
import type { Table } from './catalog';

/**
 * Common table expressions for what the connected role may do: `owner(oid, name, own)` and `home(oid, usage, create)`,
 * each asked once for all tables of one owner and of one schema.
 */
export const ownersAndSchemas: Sql = sql`
owner as (
  select relowner as oid, pg_get_userbyid(relowner) as name, pg_has_role(relowner, 'USAGE') as own
  from (select distinct relowner from relation) as every
),
home as (
  select relnamespace as oid, has_schema_privilege(relnamespace, 'USAGE') as usage, has_schema_privilege(relnamespace, 'CREATE') as create
  from (select distinct relnamespace from relation) as every
)`;

/** What `rights` gives of one table. */
export interface RightsLists {
  readonly own: boolean;
  readonly usage: boolean | null;
  readonly create: boolean | null;
  /** Null where the role has every right. */
  readonly table: null | {
    readonly select: boolean | null;
    readonly lock: boolean | null;
    readonly lacks: readonly Right[];
  };
}

/** Without grants (`relacl`) the owner's roles have every right on a table (manual, 5.8); only then nobody has to ask. */
export const rights =
  (): Sql => sql`json_build_object('own', owner.own, 'usage', home.usage, 'create', home.create,
    'table', case when not (owner.own and relation.relacl is null) then ${onTable()} end)`;

const onTable = (): Sql => sql`json_build_object(
      'select', has_table_privilege(relation.oid, 'SELECT'), 'lock', ${mayLock()},
      'lacks', array_remove(array[${join(lacking(), ', ')}, case when not ${mayLock()} then 'LOCK' end], null))`;

const lacking = (): readonly Sql[] =>
  (['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'REFERENCES'] satisfies Right[]).map(
    (right) =>
      sql`case when not has_table_privilege(relation.oid, ${literal(right)}) then ${literal(right)} end`,
  );

/** MAINTAIN, which is of PostgreSQL 17, locks as well (manual, LOCK). */
const mayLock = (): Sql => sql`(has_table_privilege(relation.oid, 'UPDATE, DELETE, TRUNCATE')
    or case when current_setting('server_version_num')::int >= 170000 then has_table_privilege(relation.oid, 'MAINTAIN') else false end)`;

/** A table privilege is worth nothing without USAGE on the schema. Null is said of a table that was dropped meanwhile. */
export function rightsFrom({ own, usage, create, table }: RightsLists): Pick<Table, 'may' | 'lacks'> {
  return {
    may: {
      own,
      select: usage === true && (table === null || table.select === true),
      lock: usage === true && (table === null || table.lock === true),
    },
    lacks: [
      ...(usage === false ? (['USAGE'] as const) : []),
      ...(create === false ? (['CREATE'] as const) : []),
      ...(table?.lacks ?? []),
    ],
  };
}
