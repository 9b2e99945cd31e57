import type { Session } from '../db';
import type { Table } from './catalog';
import { join, literal, sql, type Sql } from '../sql';
import { among } from './among';
import { columnLists } from './columns';
import { indexLists } from './indexes';
import { json } from './row';
import { ruleLists, triggerLists } from './side-effects';

/** Reads every table, view and foreign table outside of PostgreSQL's own schemas, or in some schemas, in order of their names. */
export async function readTables(session: Session, schemas?: readonly string[]): Promise<readonly Table[]> {
  const rows = await session.query(tableQuery(schemas && among(sql`namespace.nspname`, schemas)));
  return rows.map((row) => json<Table>(row, 'relation'));
}

/** A sequence belongs to a column by an entry in pg_depend (serial: a, identity: i). Of what is none the question itself would fail (42809). */
const closedSequences = sql`(
  select json_agg(json_build_object('schema', own_schema.nspname, 'name', own.relname) order by own.relname)
    from pg_catalog.pg_depend link
    join pg_catalog.pg_class own on own.oid = link.objid
    join pg_catalog.pg_namespace own_schema on own_schema.oid = own.relnamespace
   where link.classid = 'pg_catalog.pg_class'::regclass and link.refclassid = 'pg_catalog.pg_class'::regclass
     and link.refobjid = relation.oid and link.deptype in ('a', 'i') 
     and case when own.relkind = 'S' then not has_sequence_privilege(own.oid, 'USAGE') else false end)`;

// Each list is gathered for all tables at once and joined by oid. pg_inherits is asked, and not relhassubclass:
// that flag stays true after the last child has gone.
const tableQuery = (wanted = sql`true`): Sql => sql`
with recursive
relation as materialized (
  select class.*, namespace.nspname
  from pg_catalog.pg_class class join pg_catalog.pg_namespace namespace on namespace.oid = class.relnamespace
  where class.relkind in ('r', 'p', 'v', 'm', 'f')
    and namespace.nspname <> 'information_schema' and namespace.nspname !~ '^pg_'
    and ${wanted}
),
${descriptions}`;

const descriptions = sql`
${columnLists},
${indexLists},
${triggerLists},
${ruleLists},
constraint_list as (
  select conrelid as oid, json_agg(conname order by conname) as names
  from pg_catalog.pg_constraint where conrelid <> 0 group by conrelid
),
parent_with_children as (select distinct inhparent as oid from pg_catalog.pg_inherits)
select json_strip_nulls(json_build_object(
  'oid', relation.oid::bigint,
  'name', json_build_object('schema', relation.nspname, 'name', relation.relname),
  'kind', case relation.relkind when 'r' then 'table' when 'p' then 'partitioned table' when 'v' then 'view'
    when 'm' then 'materialized view' else 'foreign table' end,
  'columns', coalesce(column_list.columns, '[]'),
  'uniqueIndexes', coalesce(index_list.unique_indexes, '[]'),
  'indexes', coalesce(index_list.indexes, '[]'),
  'partitionOf', case when relation.relispartition
    then json_build_object('schema', whole_schema.nspname, 'name', whole.relname) end,
  'partitionKey', (
    select json_agg(coalesce(attribute.attname, '') order by part.position)
      from pg_catalog.pg_partitioned_table partitioned
      cross join lateral unnest(partitioned.partattrs::int2[]) with ordinality as part(attnum, position)
      left join pg_catalog.pg_attribute attribute on attribute.attrelid = relation.oid and attribute.attnum = part.attnum
     where partitioned.partrelid = relation.oid),
  'foreignPartitions', case when relation.relkind = 'p' and exists (
      select from pg_partition_tree(relation.oid) part join pg_catalog.pg_class class on class.oid = part.relid
       where class.relkind = 'f') then true end,
  'inherited', relation.relkind <> 'p' and parent_with_children.oid is not null,
  'rowSecurity', relation.relrowsecurity and row_security_active(relation.oid),
  'subscribed', nullif(relation.oid in (select srrelid from pg_catalog.pg_subscription_rel), false),
  'estimatedRows', ${estimatedRows()},
  'triggers', coalesce(trigger_list.triggers, '[]'),
  'rules', coalesce(rule_list.names, '[]'),
  'may', ${privileges()},
  'owner', pg_get_userbyid(relation.relowner),
  'lacks', ${lacking()},
  'closedSequences', ${closedSequences},
  'constraints', coalesce(constraint_list.names, '[]'))) as relation
from relation
left join column_list on column_list.oid = relation.oid
left join index_list on index_list.oid = relation.oid
left join trigger_list on trigger_list.oid = relation.oid
left join rule_list on rule_list.oid = relation.oid
left join constraint_list on constraint_list.oid = relation.oid
left join parent_with_children on parent_with_children.oid = relation.oid
left join pg_catalog.pg_inherits link on link.inhrelid = relation.oid and relation.relispartition
left join pg_catalog.pg_class whole on whole.oid = link.inhparent
left join pg_catalog.pg_namespace whole_schema on whole_schema.oid = whole.relnamespace
order by relation.nspname, relation.relname`;

/** Before 14, a table that was never analysed has 0 pages and 0 rows instead of -1. */
function estimatedRows() {
  return sql`case when relation.reltuples = 0 and relation.relpages = 0
      and current_setting('server_version_num')::int < 140000 then -1 else relation.reltuples end`;
}

/** A table privilege is worth nothing without USAGE on the schema. Null for a table dropped in the meantime. */
function privileges() {
  return sql`json_build_object(
    'own', pg_has_role(relation.relowner, 'USAGE'),
    'select', coalesce(has_schema_privilege(relation.relnamespace, 'USAGE')
      and has_table_privilege(relation.oid, 'SELECT'), false),
    'lock', coalesce(has_schema_privilege(relation.relnamespace, 'USAGE') and ${mayLock()}, false))`;
}

/** MAINTAIN, which is of PostgreSQL 17, locks as well (manual, LOCK). */
function mayLock() {
  return sql`(has_table_privilege(relation.oid, 'UPDATE, DELETE, TRUNCATE')
    or case when current_setting('server_version_num')::int >= 170000 then has_table_privilege(relation.oid, 'MAINTAIN') else false end)`;
}

/** Each right that the role does not have. */
function lacking() {
  const tableRights = (['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'REFERENCES'] as const).map(
    (right) =>
      sql`case when not has_table_privilege(relation.oid, ${literal(right)}) then ${literal(right)} end`,
  );
  const schemaRights = (['USAGE', 'CREATE'] as const).map(
    (right) =>
      sql`case when not has_schema_privilege(relation.relnamespace, ${literal(right)}) then ${literal(right)} end`,
  );
  return sql`to_json(array_remove(array[${join([...schemaRights, ...tableRights], ', ')}, case when not ${mayLock()} then 'LOCK' end], null))`;
}
