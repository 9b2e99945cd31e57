import type { Session } from '../db';
import type { PairedRelation } from '../snapshot';
import { columns, identifier, join, qualified, sql } from '../sql';
import { flag } from './row';

/**
 * True when PostgreSQL itself would accept a key between these columns (42804 otherwise): the family of the parent's
 * index has an equality for both types, or the child's type becomes the index's by an implicit cast.
 */
export async function acceptsTypes(session: Session, pair: PairedRelation): Promise<boolean> {
  const { relation, childName, parentName, target } = pair;
  if (!target) return false;
  const [row] = await session.query(acceptedQuery, [
    JSON.stringify(childName),
    JSON.stringify(parentName),
    JSON.stringify(
      relation.childColumns.map((child, i) => ({ child, parent: relation.parentColumns[i] ?? '' })),
    ),
    target.name,
  ]);
  return flag(row, 'accepted');
}

/** As `ATAddForeignKeyConstraint` decides it. A domain counts as the type below it. */
const acceptedQuery = sql`
with pair as (
  select opc.opcfamily as family, opc.opcintype as wanted,
         case when type.typtype = 'd' then type.typbasetype else type.oid end as given
    from pg_catalog.jsonb_to_recordset($3::jsonb) as named(child text, parent text)
    join pg_catalog.pg_namespace cn on cn.nspname = $1::jsonb ->> 'schema'
    join pg_catalog.pg_class c on c.relnamespace = cn.oid and c.relname = $1::jsonb ->> 'name'
    join pg_catalog.pg_attribute ca on ca.attrelid = c.oid and ca.attname = named.child
    join pg_catalog.pg_type type on type.oid = ca.atttypid
    join pg_catalog.pg_namespace pn on pn.nspname = $2::jsonb ->> 'schema'
    join pg_catalog.pg_class p on p.relnamespace = pn.oid and p.relname = $2::jsonb ->> 'name'
    join pg_catalog.pg_attribute pa on pa.attrelid = p.oid and pa.attname = named.parent
    join pg_catalog.pg_class i on i.relnamespace = pn.oid and i.relname = $4
    join pg_catalog.pg_index x on x.indexrelid = i.oid and x.indrelid = p.oid
    join lateral rows from (pg_catalog.unnest(x.indkey::int2[]), pg_catalog.unnest(x.indclass::oid[])) as key(attnum, opclass) on key.attnum = pa.attnum
    join pg_catalog.pg_opclass opc on opc.oid = key.opclass
)
select pg_catalog.count(*) = pg_catalog.jsonb_array_length($3::jsonb) as accepted
  from pair
 where given = wanted
    or exists (select from pg_catalog.pg_cast k where k.castsource = given and k.casttarget = wanted and k.castcontext = 'i')
    or 2 = (select pg_catalog.count(*) from pg_catalog.pg_amop o
             where o.amopfamily = family and o.amopstrategy = 3 and o.amoprighttype = given and o.amoplefttype in (wanted, given))`;

/** True when some row has a complete key: without one there is nothing to judge, whatever the types are. */
export async function hasKeys(session: Session, { relation, childName }: PairedRelation): Promise<boolean> {
  const complete = join(
    relation.childColumns.map((column) => sql`${identifier(column)} is not null`),
    ' and ',
  );
  const [row] = await session.query(
    sql`select exists (select ${columns(relation.childColumns)} from ${qualified(childName)} where ${complete}) as found`,
  );
  return flag(row, 'found');
}
