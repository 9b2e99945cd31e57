import type { TableName } from '../schema';
import { sql, type Sql } from '../sql';
import type { Table } from './catalog';
import { columnLists, type ColumnLists } from './columns';
import { indexLists, type IndexLists } from './index-query';
import { ruleLists, triggerLists } from './side-effects';
import { ownersAndSchemas, rights, type RightsLists } from './table-rights';

/** One table as the query has it: lists beside each other, and null for what is not there. */
export interface TableLists {
  /** Among all of them in order of their names: to sort the rows with all that they hold takes longer. */
  readonly place: number;
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly kind: 'r' | 'p' | 'v' | 'm' | 'f';
  readonly columns: ColumnLists | null;
  readonly indexes: IndexLists | null;
  readonly partitionOf: TableName | null;
  readonly partitionKey: readonly string[] | null;
  readonly foreignPartitions: true | null;
  readonly inherited: boolean;
  readonly rowSecurity: boolean;
  readonly subscribed: true | null;
  readonly estimatedRows: number;
  readonly triggers: Table['triggers'] | null;
  readonly rules: readonly string[] | null;
  readonly rights: RightsLists;
  readonly owner: string;
  readonly closedSequences: readonly TableName[] | null;
  readonly constraints: readonly string[] | null;
}

// Each list is gathered for all tables at once and joined by oid; what few tables have is asked of those alone.
// pg_inherits is asked, and not relhassubclass: that flag stays true after the last child has gone.
/** One row for each table, view and foreign table: `relation` is a `TableLists`. */
export const tableQuery = (wanted = sql`true`): Sql => sql`
with recursive
relation as materialized (
  select class.oid, class.relname, class.relnamespace, class.relkind, class.relowner, class.relacl, class.reltuples,
         class.relpages, class.relispartition, class.relrowsecurity, namespace.nspname,
         row_number() over (order by namespace.nspname, class.relname) as place
  from pg_catalog.pg_class class join pg_catalog.pg_namespace namespace on namespace.oid = class.relnamespace
  where class.relkind in ('r', 'p', 'v', 'm', 'f')
    and namespace.nspname <> 'information_schema' and namespace.nspname !~ '^pg_'
    and ${wanted}
),
${descriptions}`;

/** A sequence belongs to a column by an entry in pg_depend (serial: a, identity: i). Of what is none the question itself would fail (42809). */
const closedSequences = sql`
closed_sequence as (
  select link.refobjid as oid,
    json_agg(json_build_object('schema', own_schema.nspname, 'name', own.relname) order by own.relname) as sequences
  from pg_catalog.pg_class own
  join pg_catalog.pg_depend link on link.classid = 'pg_catalog.pg_class'::regclass and link.objid = own.oid
    and link.refclassid = 'pg_catalog.pg_class'::regclass and link.deptype in ('a', 'i')
  join pg_catalog.pg_namespace own_schema on own_schema.oid = own.relnamespace
  where case when own.relkind = 'S' then not has_sequence_privilege(own.oid, 'USAGE') else false end
  group by link.refobjid
)`;

const descriptions = sql`
${ownersAndSchemas},
${columnLists},
${indexLists},
${triggerLists},
${ruleLists},
${closedSequences},
constraint_list as (
  select conrelid as oid, array_agg(conname) as names
  from pg_catalog.pg_constraint where conrelid <> 0 group by conrelid
),
parent_with_children as (select distinct inhparent as oid from pg_catalog.pg_inherits)
select json_build_object(
  'place', relation.place,
  'oid', relation.oid::bigint,
  'schema', relation.nspname,
  'name', relation.relname,
  'kind', relation.relkind,
  'columns', column_list.columns,
  'indexes', index_list.indexes,
  'partitionOf', case when relation.relispartition then (
    select json_build_object('schema', whole_schema.nspname, 'name', whole.relname)
      from pg_catalog.pg_inherits link
      join pg_catalog.pg_class whole on whole.oid = link.inhparent
      join pg_catalog.pg_namespace whole_schema on whole_schema.oid = whole.relnamespace
     where link.inhrelid = relation.oid) end,
  'partitionKey', case when relation.relkind = 'p' then (
    select json_agg(coalesce(attribute.attname, '') order by part.position)
      from pg_catalog.pg_partitioned_table partitioned
      cross join lateral unnest(partitioned.partattrs::int2[]) with ordinality as part(attnum, position)
      left join pg_catalog.pg_attribute attribute on attribute.attrelid = relation.oid and attribute.attnum = part.attnum
     where partitioned.partrelid = relation.oid) end,
  'foreignPartitions', case when relation.relkind = 'p' and exists (
      select from pg_partition_tree(relation.oid) part join pg_catalog.pg_class class on class.oid = part.relid
       where class.relkind = 'f') then true end,
  'inherited', relation.relkind <> 'p' and parent_with_children.oid is not null,
  'rowSecurity', relation.relrowsecurity and row_security_active(relation.oid),
  'subscribed', nullif(relation.oid in (select srrelid from pg_catalog.pg_subscription_rel), false),
  'estimatedRows', ${estimatedRows()},
  'triggers', trigger_list.triggers,
  'rules', rule_list.names,
  'rights', ${rights()},
  'owner', owner.name,
  'closedSequences', closed_sequence.sequences,
  'constraints', constraint_list.names) as relation
from relation
join owner on owner.oid = relation.relowner
join home on home.oid = relation.relnamespace
left join column_list on column_list.oid = relation.oid
left join index_list on index_list.oid = relation.oid
left join trigger_list on trigger_list.oid = relation.oid
left join rule_list on rule_list.oid = relation.oid
left join closed_sequence on closed_sequence.oid = relation.oid
left join constraint_list on constraint_list.oid = relation.oid
left join parent_with_children on parent_with_children.oid = relation.oid`;

/** Before 14, a table that was never analysed has 0 pages and 0 rows instead of -1. */
function estimatedRows() {
  return sql`case when relation.reltuples = 0 and relation.relpages = 0
      and current_setting('server_version_num')::int < 140000 then -1 else relation.reltuples end`;
}
