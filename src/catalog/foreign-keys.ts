import type { Session } from '../db';
import type { ForeignKey, Server } from './catalog';
import { sql, type Sql } from '../sql';
import { among } from './among';
import { json } from './row';

/** Reads every foreign key between tables outside of PostgreSQL's own schemas, or of tables in some schemas, in order of their names. */
export async function readForeignKeys(
  session: Session,
  server: Server,
  schemas?: readonly string[],
): Promise<readonly ForeignKey[]> {
  const rows = await session.query(foreignKeyQuery(server.version, schemas && ofTablesIn(schemas)));
  return rows.map((row) => json<ForeignKey>(row, 'foreign_key'));
}

/** As an array, which is looked up in the index of `pg_constraint`; a list that is joined makes PostgreSQL go through all keys of a database. */
const ofTablesIn = (schemas: readonly string[]): Sql => sql`con.conrelid = any (array(
    select class.oid from pg_catalog.pg_class class join pg_catalog.pg_namespace namespace on namespace.oid = class.relnamespace
     where class.relkind in ('r', 'p') and ${among(sql`namespace.nspname`, schemas)}))`;

const foreignKeyQuery = (version: number, wanted = sql`true`): Sql => sql`
with recursive
unfenced(oid) as (${keysWithADisabledTrigger}),
paired as (${pairedColumnsOf(wanted)})
select json_strip_nulls(json_build_object(
  'oid', con.oid::bigint,
  'name', con.conname,
  'child', json_build_object('schema', child_schema.nspname, 'name', child.relname),
  'childColumns', paired.child_columns,
  'parent', json_build_object('schema', parent_schema.nspname, 'name', parent.relname),
  'parentColumns', paired.parent_columns,
  'onDelete', ${action(sql`con.confdeltype`)},
  'onUpdate', ${action(sql`con.confupdtype`)},
  'setColumns', ${version >= 150000 ? changedColumns : sql`null`},
  'matchFull', case when con.confmatchtype = 'f' then true end,
  'temporal', ${version >= 180000 ? sql`case when con.conperiod then true end` : sql`null`},
  'validated', con.convalidated,
  'enforced', ${version >= 180000 ? sql`con.conenforced` : sql`true`},
  'deferrable', con.condeferrable,
  'initiallyDeferred', con.condeferred,
  'inherited', con.conparentid <> 0,
  'triggersEnabled', unfenced.oid is null,
  'equality', paired.equality,
  'definition', pg_get_constraintdef(con.oid))) as foreign_key
from pg_catalog.pg_constraint con
join paired on paired.oid = con.oid
join pg_catalog.pg_class child on child.oid = con.conrelid
join pg_catalog.pg_namespace child_schema on child_schema.oid = child.relnamespace
join pg_catalog.pg_class parent on parent.oid = con.confrelid
join pg_catalog.pg_namespace parent_schema on parent_schema.oid = parent.relnamespace
left join unfenced on unfenced.oid = con.oid
where ${wanted} and child_schema.nspname <> 'information_schema' and child_schema.nspname !~ '^pg_'
order by child_schema.nspname, child.relname, con.conname, con.oid`;

/** `confdeltype` and `confupdtype` in the words of the DDL. */
const action = (column: Sql): Sql =>
  sql`case ${column} when 'c' then 'CASCADE' when 'n' then 'SET NULL' when 'd' then 'SET DEFAULT' when 'r' then 'RESTRICT' else 'NO ACTION' end`;

// A list of all columns is no other action than no list.
const changedColumns = sql`(select json_agg(attribute.attname order by attribute.attnum)
    from pg_catalog.pg_attribute attribute
   where attribute.attrelid = con.conrelid and attribute.attnum = any (con.confdelsetcols)
     and cardinality(con.confdelsetcols) < cardinality(con.conkey))`;

// The three arrays are unnested together: the only way to keep composite keys in step. A collation is named only
// where the columns differ in it, as PostgreSQL's own check does (the parent's wins). The operator's types are named
// where a column has another one: by itself `character = text` compares as text, while a key pads.
const pairedColumnsOf = (wanted: Sql): Sql => sql`
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
  where con.contype = 'f' and ${wanted}
  group by con.oid`;

/** The columns of every key beside each other. */
export const pairedColumns = pairedColumnsOf(sql`true`);

// Triggers of a partitioned key hang on the keys of its partitions: one that is off opens the whole key.
// 'R' fires on replicas only, which is as good as off.
const keysWithADisabledTrigger = sql`
  select tgconstraint from pg_catalog.pg_trigger where tgconstraint <> 0 and tgenabled in ('D', 'R')
  union
  select con.conparentid from unfenced join pg_catalog.pg_constraint con on con.oid = unfenced.oid
  where con.conparentid <> 0`;
