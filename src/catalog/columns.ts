import type { Operator, TableName } from '../schema';
import { sql, type Sql } from '../sql';
import type { Column } from './catalog';

/**
 * Common table expressions that end in `column_list(oid, columns)`: the columns of each `relation`, as lists beside
 * each other, which is a quarter of the work that an object for each column would be.
 *
 * A base type brings its own `=` in its own schema (citext); a domain compares as the type below it; arrays,
 * enums, ranges and composites all use the polymorphic operators of pg_catalog. Only what is not in pg_catalog, and
 * collations other than the default (oid 100), are named.
 */
export const columnLists: Sql = sql`
own_equality(oid, schema) as (
  select type.oid, namespace.nspname
  from pg_catalog.pg_type type
  join pg_catalog.pg_namespace namespace on namespace.oid = type.typnamespace
  where type.typtype = 'b' and type.typcategory <> 'A' and namespace.nspname <> 'pg_catalog'
  union all
  select domain.oid, own_equality.schema
  from own_equality
  join pg_catalog.pg_type domain on domain.typtype = 'd' and domain.typbasetype = own_equality.oid
),
column_list as (
  select attribute.attrelid as oid, json_build_object(
    'numbers', array_agg(attribute.attnum),
    'names', array_agg(attribute.attname),
    'types', array_agg(format_type(attribute.atttypid, attribute.atttypmod)),
    'typeOids', array_agg(attribute.atttypid::bigint),
    'collations', array_agg(attribute.attcollation::bigint),
    'flags', array_agg(attribute.attnotnull::int
      + case attribute.attgenerated when 's' then 2 when 'v' then 4 else 0 end
      + case attribute.attidentity when 'a' then 8 when 'd' then 16 else 0 end),
    'named', json_agg(json_build_array(attribute.attnum,
        (select own_equality.schema from own_equality where own_equality.oid = attribute.atttypid), ${collation()}))
      filter (where attribute.attcollation not in (0, 100) or attribute.atttypid in (select oid from own_equality))) as columns
  from relation
  join pg_catalog.pg_attribute attribute on attribute.attrelid = relation.oid
    and attribute.attnum > 0 and not attribute.attisdropped
  group by attribute.attrelid
)`;

function collation(): Sql {
  return sql`case when attribute.attcollation <> 100 then (
          select json_build_object('schema', namespace.nspname, 'name', collating.collname)
            from pg_catalog.pg_collation collating
            join pg_catalog.pg_namespace namespace on namespace.oid = collating.collnamespace
           where collating.oid = attribute.attcollation) end`;
}

/** What `column_list` has of one table; the lists are in no order. */
export interface ColumnLists {
  readonly numbers: readonly number[];
  readonly names: readonly string[];
  readonly types: readonly string[];
  readonly typeOids: readonly number[];
  readonly collations: readonly number[];
  readonly flags: readonly number[];
  readonly named: readonly Named[] | null;
}

type Named = readonly [number: number, schema: string | null, collation: TableName | null];

/** A column with the oids by which an index or a key refers to it. */
export interface ReadColumn {
  readonly number: number;
  readonly typeOid: number;
  /** 0 for a type that knows none. */
  readonly collationOid: number;
  readonly column: Column;
}

/** The columns of one table, in their order. */
export function columnsFrom(lists: ColumnLists | null): readonly ReadColumn[] {
  if (!lists) return [];
  return lists.numbers
    .map((number, i) => ({
      number,
      typeOid: at(lists.typeOids, i),
      collationOid: at(lists.collations, i),
      column: columnFrom(
        lists,
        i,
        lists.named?.find(([of]) => of === number),
      ),
    }))
    .sort((a, b) => a.number - b.number);
}

function columnFrom(lists: ColumnLists, i: number, named: Named | undefined): Column {
  const flags = at(lists.flags, i);
  return {
    name: at(lists.names, i),
    type: at(lists.types, i),
    notNull: (flags & 1) > 0,
    generated: flags & 2 ? 'stored' : flags & 4 ? 'virtual' : 'no',
    identity: flags & 8 ? 'always' : flags & 16 ? 'by default' : 'no',
    equality: equalityFrom(at(lists.collations, i), named),
  };
}

function equalityFrom(collationOid: number, named: Named | undefined): Operator {
  const [, schema, collation] = named ?? [];
  if (!schema && !collation) return collationOid === 0 ? EQUAL : EQUAL_TEXT;
  const compared = collation ?? (collationOid === 0 ? undefined : DEFAULT_COLLATION);
  return { schema: schema ?? 'pg_catalog', name: '=', ...(compared && { collation: compared }) };
}

const DEFAULT_COLLATION: TableName = { schema: 'pg_catalog', name: 'default' };

/** What nearly every column has, once for all of them. */
const EQUAL: Operator = { schema: 'pg_catalog', name: '=' };
const EQUAL_TEXT: Operator = { ...EQUAL, collation: DEFAULT_COLLATION };

/** The lists come from one query and are of one length. */
export function at<Item>(list: readonly Item[], i: number): Item {
  const item = list[i];
  if (item === undefined) throw new Error('the server sent lists of different lengths');
  return item;
}
