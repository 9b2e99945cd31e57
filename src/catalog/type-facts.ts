import { castOrNull } from '../changes/cast-statement';
import type { Cast } from '../changes/conversion';
import type { Session } from '../db';
import type { TableName } from '../schema';
import type { MismatchedColumn } from '../mismatch';
import { columnDefault, isConstant, sql } from '../sql';
import { columnUsers } from './column-users';
import { flag, json, text } from './row';

/** The two ends of one column of a relation. */
export interface ColumnEnds {
  readonly child: TableName;
  readonly parent: TableName;
  readonly parentColumn: string;
  readonly cast: Cast;
}

/** What the catalog says about a column beside its parent's. */
export interface TypeFacts extends Pick<
  MismatchedColumn,
  'users' | 'default' | 'collation' | 'publications'
> {
  /** PostgreSQL takes the two types in one key after all: a domain over the same type, an implicit cast. */
  readonly accepted: boolean;
}

/** Asks the catalog about one column whose type looks wrong; healthy databases are never asked. */
export async function readTypeFacts(
  session: Session,
  ends: ColumnEnds,
  convertible: boolean,
): Promise<TypeFacts> {
  const { child, parent, parentColumn, cast } = ends;
  const [row] = await session.query(factsQuery, [
    child.schema,
    child.name,
    cast.column,
    parent.schema,
    parent.name,
    parentColumn,
  ]);
  const written = row?.['default'] ?? undefined;
  return {
    accepted: flag(row, 'accepted'),
    users: json(row, 'users'),
    publications: json(row, 'publications'),
    ...(row?.['collation'] ? { collation: json(row, 'collation') } : {}),
    ...(written !== undefined && {
      default: { written, ...(convertible && (await convertedDefault(session, written, cast))) },
    }),
  };
}

async function convertedDefault(
  session: Session,
  written: string,
  cast: Cast,
): Promise<{ readonly converted?: string | null }> {
  if (!isConstant(written)) return {};
  const value = sql`(${columnDefault(written)})`;
  const [row] = await session.query(
    sql`select (${castOrNull(value, cast)})::pg_catalog.text as converted, ${value} is null as nothing`,
  );
  if (flag(row, 'nothing')) return { converted: null };
  return row?.['converted'] ? { converted: text(row, 'converted') } : {};
}

// As PostgreSQL decides it (ATAddForeignKeyConstraint): an equality between the parent's type and the child's in the
// operator family of the parent's index, else a conversion that it makes by itself.
const factsQuery = sql`
with recursive end_type(side, oid) as (
  select side.name, a.atttypid
    from (values ('child', $1, $2, $3), ('parent', $4, $5, $6)) as side(name, schema, relation, attribute)
    join pg_catalog.pg_namespace n on n.nspname = side.schema
    join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = side.relation
    join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attname = side.attribute and not a.attisdropped
  union all
  select end_type.side, t.typbasetype
    from end_type join pg_catalog.pg_type t on t.oid = end_type.oid and t.typtype = 'd'
),
base as (
  select child.oid as child, parent.oid as parent
    from end_type child join pg_catalog.pg_type ct on ct.oid = child.oid and ct.typtype <> 'd'
    cross join end_type parent join pg_catalog.pg_type pt on pt.oid = parent.oid and pt.typtype <> 'd'
   where child.side = 'child' and parent.side = 'parent'
)
select
  (select base.child = base.parent
      or exists (select from pg_catalog.pg_cast k where k.castsource = base.child and k.casttarget = base.parent and k.castcontext = 'i')
      or exists (select from pg_catalog.pg_opclass k
                   join pg_catalog.pg_am m on m.oid = k.opcmethod and m.amname = 'btree'
                   join pg_catalog.pg_amop o on o.amopfamily = k.opcfamily and o.amopstrategy = 3
                  where k.opcdefault and k.opcintype = base.parent and o.amoplefttype = base.parent and o.amoprighttype = base.child)
     from base) as accepted,
  ${columnUsers} as users,
  (select coalesce(json_agg(distinct p.pubname order by p.pubname), '[]') from pg_catalog.pg_publication_tables p
    where p.schemaname = n.nspname and p.tablename = c.relname) as publications,
  pg_get_expr(def.adbin, def.adrelid) as default,
  (select json_build_object('schema', cn.nspname, 'name', co.collname)
     from pg_catalog.pg_attribute p
     join pg_catalog.pg_collation co on co.oid = p.attcollation and co.oid <> 100
     join pg_catalog.pg_namespace cn on cn.oid = co.collnamespace
    where p.attrelid = (select pc.oid from pg_catalog.pg_class pc join pg_catalog.pg_namespace pn on pn.oid = pc.relnamespace
                         where pn.nspname = $4 and pc.relname = $5)
      and p.attname = $6) as collation
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attname = $3
left join pg_catalog.pg_attrdef def on def.adrelid = c.oid and def.adnum = a.attnum and a.attgenerated = ''
where n.nspname = $1 and c.relname = $2`;
