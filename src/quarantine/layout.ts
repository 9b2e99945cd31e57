import { json } from '../catalog/row';
import type { Row } from '../db';
import type { Catalog, Column, Table } from '../catalog/catalog';
import { partitionTree } from '../policy/partition-tree';
import { integer, join, sql, type Sql } from '../sql';

/** What copies of rows rest on: which tables there are, under which names, with which columns and partitions. */
export type Layout = readonly LaidOutTable[];

type LaidOutTable = readonly [
  oid: number,
  schema: string,
  name: string,
  columns: readonly (readonly [Column['name'], Column['type'], Column['generated']])[],
];

/** The layout that a clean-up of these tables is prepared for, as the catalog that it was made from had it. */
export function layoutOf(tables: readonly Table[], catalog: Catalog): Layout {
  const { isPartOf } = partitionTree(catalog);
  return catalog.tables
    .filter(({ name }) => tables.some((whole) => isPartOf(name, whole.name)))
    .map(({ oid, name, columns }): LaidOutTable => {
      const listed = columns.map((column) => [column.name, column.type, column.generated] as const);
      return [oid, name.schema, name.name, listed];
    })
    .sort(([a], [b]) => a - b);
}

/**
 * True when the tables still are as a clean-up was prepared for; to be asked under the locks of the batch, which keep
 * them so. A column that was added meanwhile would be missing from the copies, and a partition that was attached may
 * have keys and triggers of its own, without any key or trigger being new.
 */
export const isLaidOutAs = (row: Row | undefined, layout: Layout): boolean =>
  JSON.stringify(json<Layout>(row, 'layout')) === JSON.stringify(layout);

/**
 * The tables, and the partitions of whatever was in the layout before: what is compared is the same as all partitions
 * below the tables, without looking for them level by level, which costs more than all the rest of the statement.
 */
export const readLayout = (tables: readonly Table[], before: Layout): Sql =>
  layoutQuery(oids(tables.map(({ oid }) => oid)), oids(before.map(([oid]) => oid)));

const oids = (numbers: readonly number[]): Sql =>
  sql`array[${join(numbers.map(integer), ', ')}]::pg_catalog.oid[]`;

const layoutQuery = (wholes: Sql, parts: Sql): Sql => sql`
  select coalesce(pg_catalog.json_agg(pg_catalog.json_build_array(c.oid::bigint,
           (select n.nspname from pg_catalog.pg_namespace n where n.oid = c.relnamespace), c.relname, coalesce((
           select pg_catalog.json_agg(pg_catalog.json_build_array(a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod),
                    case a.attgenerated when 's' then 'stored' when 'v' then 'virtual' else 'no' end) order by a.attnum)
             from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped), '[]')) order by c.oid), '[]') as layout
    from pg_catalog.pg_class c
   where c.oid = any (${wholes} || array(select i.inhrelid from pg_catalog.pg_inherits i where i.inhparent = any (${parts})))
     and (c.relispartition or c.oid = any (${wholes}))`;
