import { announced } from './rare-parts';
import { join, literal, sql, type Sql } from '../sql';

/**
 * Common table expressions that end in `relation` and `foreign_relation`: what is described.
 *
 * A key may lead out of the schemas that are read: of such a parent its columns are needed and nothing else.
 */
export const relations = (wanted: Sql): Sql => sql`
schema as materialized (
  select namespace.oid, namespace.nspname, has_schema_privilege(namespace.oid, 'USAGE') as usable,
    array_remove(array[
      case when not has_schema_privilege(namespace.oid, 'USAGE') then 'USAGE' end,
      case when not has_schema_privilege(namespace.oid, 'CREATE') then 'CREATE' end], null) as lacks
  from pg_catalog.pg_namespace namespace
  where namespace.nspname <> 'information_schema' and namespace.nspname !~ '^pg_' and ${wanted}
),
relation as materialized (
  select class.*, schema.nspname, schema.usable
  from pg_catalog.pg_class class join schema on schema.oid = class.relnamespace
  where class.relkind in ('r', 'p', 'v', 'm', 'f')
)`;

/**
 * The parts `schema` and `owner`, which many tables have in common; `superuser`, which is about whoever asks; and
 * `subscribed`: a table that a subscription fills does not announce it.
 */
export const sharedParts: Sql = sql`
select 'schema', schema.oid, schema.nspname::text, to_json(schema.lacks)::text, null, null from schema
union all
select 'owner', owner.oid, pg_get_userbyid(owner.oid)::text, pg_has_role(owner.oid, 'USAGE')::text, null, null
from (select distinct relowner as oid from relation) as owner
union all
select 'superuser', oid, null, null, null, null from schema where current_setting('is_superuser')::bool
union all
select 'subscribed', srrelid, null, null, null, null from pg_catalog.pg_subscription_rel`;

/**
 * The part `table`: each relation with its place in the order of names, and the rights on it where they are not all.
 *
 * pg_inherits is asked, and not relhassubclass: that flag stays true after the last child has gone.
 */
export const tableParts: Sql = sql`
select 'table', relation.oid, relation.relname::text,
  concat_ws(' ', row_number() over (order by relation.nspname, relation.relname), relation.relnamespace, relation.relowner,
    relation.relkind, ${estimatedRows()},
    relation.relkind <> 'p' and relation.oid in (select inhparent from pg_catalog.pg_inherits),
    coalesce(relation.relrowsecurity and row_security_active(relation.oid), false), ${announced}),
  case when not ${holdsAll()} then ${rights()}::text end, null
from relation`;

/** Before 14, a table that was never analysed has 0 pages and 0 rows instead of -1. */
function estimatedRows(): Sql {
  return sql`case when relation.reltuples = 0 and relation.relpages = 0
      and current_setting('server_version_num')::int < 140000 then -1 else relation.reltuples end`;
}

/** A superuser and, until something was granted, a table's owner may do everything with it: that need not be asked right by right. */
function holdsAll(): Sql {
  return sql`(pg_has_role(relation.relowner, 'USAGE')
    and (relation.relacl is null or current_setting('is_superuser')::bool))`;
}

/** Null for a table dropped in the meantime. */
function rights(): Sql {
  return sql`json_build_object(
    'select', coalesce(has_table_privilege(relation.oid, 'SELECT'), false),
    'lock', coalesce(${mayLock()}, false),
    'lacks', ${lacking()})`;
}

/** MAINTAIN, which is of PostgreSQL 17, locks as well (manual, LOCK). */
function mayLock(): Sql {
  return sql`(has_table_privilege(relation.oid, 'UPDATE, DELETE, TRUNCATE')
    or case when current_setting('server_version_num')::int >= 170000 then has_table_privilege(relation.oid, 'MAINTAIN') else false end)`;
}

/** Each right on the table itself that the role does not have. */
function lacking(): Sql {
  const each = (['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'REFERENCES'] as const).map(
    (right) =>
      sql`case when not has_table_privilege(relation.oid, ${literal(right)}) then ${literal(right)} end`,
  );
  return sql`array_remove(array[${join(each, ', ')}, case when not ${mayLock()} then 'LOCK' end], null)`;
}
