import { sql, type Sql } from '../sql';
import { tablesUnderBuild } from './building';

/**
 * Common table expressions that end in `index_list(oid, indexes)`: the indexes of each `relation`, as lists beside
 * each other.
 *
 * A partial index that leaves out the rows without a value serves a key as well as a full one: its own comparison
 * implies IS NOT NULL. An operator class is named where its `=` is not the one of pg_catalog.
 */
export const indexLists: Sql = sql`
${tablesUnderBuild},
own_class(oid, schema, name) as (
  select class.oid, operator_schema.nspname, operator.oprname
  from pg_catalog.pg_opclass class
  join pg_catalog.pg_am method on method.oid = class.opcmethod and method.amname = 'btree'
  join pg_catalog.pg_amop equal on equal.amopfamily = class.opcfamily and equal.amopstrategy = 3
    and equal.amoplefttype = class.opcintype and equal.amoprighttype = class.opcintype
  join pg_catalog.pg_operator operator on operator.oid = equal.amopopr
  join pg_catalog.pg_namespace operator_schema on operator_schema.oid = operator.oprnamespace
  where operator_schema.nspname <> 'pg_catalog' or operator.oprname <> '='
),
index_list as (
  select index.indrelid as oid, json_build_object(
    'names', array_agg(class.relname),
    'columns', array_agg(index.indkey::text),
    'lengths', array_agg(index.indnkeyatts),
    'collations', array_agg(index.indcollation::text),
    'flags', array_agg(index.indisunique::int
      + case when index.indisprimary then 2 else 0 end
      + case when index.indisvalid then 4 else 0 end
      + case when ${isSearchable()} then 8 else 0 end
      + case when index.indisreplident or index.indexrelid in (select conindid from pg_catalog.pg_constraint)
          or index.indexrelid in (select inhrelid from pg_catalog.pg_inherits) then 16 else 0 end
      + case when not index.indisvalid and index.indrelid in (select oid from table_under_build) then 32 else 0 end
      + case when index.indpred is not null or index.indisexclusion then 64 else 0 end
      + case when not index.indimmediate then 128 else 0 end),
    'constraints', array_agg(owner.conname),
    'wholes', array_agg(case when class.relispartition then (
        select whole.relname from pg_catalog.pg_inherits link join pg_catalog.pg_class whole on whole.oid = link.inhparent
         where link.inhrelid = index.indexrelid) end),
    'classes', array_agg(case when index.indisunique and index.indclass::oid[] && array(select oid from own_class) then (
        select json_agg(json_build_array(part.position, own_class.schema, own_class.name))
          from unnest(index.indclass) with ordinality as part(class, position)
          join own_class on own_class.oid = part.class) end)) as indexes
  from relation
  join pg_catalog.pg_index index on index.indrelid = relation.oid
  join pg_catalog.pg_class class on class.oid = index.indexrelid
  left join pg_catalog.pg_constraint owner on owner.conindid = index.indexrelid
    and owner.conrelid = index.indrelid and owner.contype in ('p', 'u', 'x')
  group by index.indrelid
)`;

function isSearchable(): Sql {
  return sql`class.relam in (select oid from pg_catalog.pg_am where amname in ('btree', 'hash'))
    and (index.indpred is null or pg_get_expr(index.indpred, index.indrelid) = format('(%I IS NOT NULL)', (
      select first.attname from pg_catalog.pg_attribute first
       where first.attrelid = index.indrelid and first.attnum = index.indkey[0])))`;
}

/** The `=` of a column's operator class. */
export type OwnOperator = readonly [position: number, schema: string, name: string];

/** What `index_list` has of one table; the lists are in no order. */
export interface IndexLists {
  readonly names: readonly string[];
  readonly columns: readonly string[];
  readonly lengths: readonly number[];
  readonly collations: readonly string[];
  readonly flags: readonly number[];
  readonly constraints: readonly (string | null)[];
  readonly wholes: readonly (string | null)[];
  readonly classes: readonly (
    readonly (readonly [position: number, schema: string, name: string])[] | null
  )[];
}
