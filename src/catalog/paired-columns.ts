import { sql, type Sql } from '../sql';

/**
 * The columns of every key beside each other.
 *
 * The three arrays are unnested together: the only way to keep composite keys in step. A collation is named only
 * where the columns differ in it, as PostgreSQL's own check does (the parent's wins). The operator's types are named
 * where a column has another one: by itself `character = text` compares as text, while a key pads.
 */
export const pairedColumns: Sql = sql`
  select con.oid,
    json_agg(child.attname order by pair.position) as child_columns,
    json_agg(parent.attname order by pair.position) as parent_columns,
    json_agg(json_strip_nulls(json_build_object(
      'schema', operator_schema.nspname,
      'name', operator.oprname,
      'collation', case when parent.attcollation <> child.attcollation and collation_schema.oid is not null
        then json_build_object('schema', collation_schema.nspname, 'name', collating.collname) end,
      'operands', case when parent.atttypid <> child.atttypid and (operator.oprleft, operator.oprright) <> (parent.atttypid, child.atttypid)
          and taken_left.typtype <> 'p' and taken_right.typtype <> 'p'
        then json_build_array(
          json_build_object('schema', left_schema.nspname, 'name', taken_left.typname),
          json_build_object('schema', right_schema.nspname, 'name', taken_right.typname)) end
    )) order by pair.position) as equality
  from pg_catalog.pg_constraint con
  cross join lateral unnest(con.conkey, con.confkey, con.conpfeqop) with ordinality as pair(child, parent, equality, position)
  join pg_catalog.pg_attribute child on child.attrelid = con.conrelid and child.attnum = pair.child
  join pg_catalog.pg_attribute parent on parent.attrelid = con.confrelid and parent.attnum = pair.parent
  join pg_catalog.pg_operator operator on operator.oid = pair.equality
  join pg_catalog.pg_namespace operator_schema on operator_schema.oid = operator.oprnamespace
  join pg_catalog.pg_type taken_left on taken_left.oid = operator.oprleft
  join pg_catalog.pg_namespace left_schema on left_schema.oid = taken_left.typnamespace
  join pg_catalog.pg_type taken_right on taken_right.oid = operator.oprright
  join pg_catalog.pg_namespace right_schema on right_schema.oid = taken_right.typnamespace
  left join pg_catalog.pg_collation collating on collating.oid = parent.attcollation
  left join pg_catalog.pg_namespace collation_schema on collation_schema.oid = collating.collnamespace
  where con.contype = 'f'
  group by con.oid`;
