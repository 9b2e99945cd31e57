import { sql, type Sql } from '../sql';
import { lookups } from './index-lookups';

/**
 * Common table expressions that end in `index_list(oid, indexes, unique_indexes)`: the indexes of each `relation`.
 *
 * A key compares under the collation of its parent's column, whatever that of the index is: an index that is stricter
 * would make orphans of good rows.
 *
 * Only the first `indnkeyatts` columns are the key; the others are there by INCLUDE. Keys WITHOUT OVERLAPS
 * (PostgreSQL 18) are unique by a range and not by equality: no plain key can rest on one, as on a partial index.
 */
export const indexLists: Sql = sql`
index_key as (
  select index.indexrelid,
    json_agg(coalesce(attribute.attname, '') order by part.position) as columns,
    json_agg(json_strip_nulls(json_build_object(
      'schema', coalesce(operator_schema.nspname, 'pg_catalog'),
      'name', coalesce(operator.oprname, '='),
      'collation', case when collation_schema.oid is not null
        then json_build_object('schema', collation_schema.nspname, 'name', collating.collname) end
    )) order by part.position) as equality
  from relation
  join pg_catalog.pg_index index on index.indrelid = relation.oid and index.indisunique
  cross join lateral unnest(index.indkey, index.indclass)
    with ordinality as part(attnum, class, position)
  left join pg_catalog.pg_attribute attribute on attribute.attrelid = index.indrelid and attribute.attnum = part.attnum
  join pg_catalog.pg_opclass class on class.oid = part.class
  join pg_catalog.pg_am method on method.oid = class.opcmethod
  left join pg_catalog.pg_amop equal on equal.amopfamily = class.opcfamily and equal.amopstrategy = 3
    and equal.amoplefttype = class.opcintype and equal.amoprighttype = class.opcintype and method.amname = 'btree'
  left join pg_catalog.pg_operator operator on operator.oid = equal.amopopr
  left join pg_catalog.pg_namespace operator_schema on operator_schema.oid = operator.oprnamespace
  left join pg_catalog.pg_collation collating on collating.oid = attribute.attcollation
  left join pg_catalog.pg_namespace collation_schema on collation_schema.oid = collating.collnamespace
  where part.position <= index.indnkeyatts
  group by index.indexrelid
),
${lookups},
index_list as (
  select index.indrelid as oid,
    json_agg(index_lookup.description order by class.relname) as indexes,
    json_agg(json_strip_nulls(json_build_object(
      'name', class.relname,
      'columns', index_key.columns,
      'primary', index.indisprimary,
      'constraint', owner.conname,
      'valid', index.indisvalid,
      'partOf', whole.relname,
      'partial', index.indpred is not null or index.indisexclusion,
      'deferrable', not index.indimmediate,
      'equality', index_key.equality)) order by class.relname) filter (where index.indisunique) as unique_indexes
  from relation
  join pg_catalog.pg_index index on index.indrelid = relation.oid
  join pg_catalog.pg_class class on class.oid = index.indexrelid
  join index_lookup on index_lookup.indexrelid = index.indexrelid
  left join pg_catalog.pg_inherits link on link.inhrelid = index.indexrelid
  left join pg_catalog.pg_class whole on whole.oid = link.inhparent
  left join index_key on index_key.indexrelid = index.indexrelid
  left join pg_catalog.pg_constraint owner on owner.conindid = index.indexrelid
    and owner.conrelid = index.indrelid and owner.contype in ('p', 'u', 'x')
  group by index.indrelid
)`;
