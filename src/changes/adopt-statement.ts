import type { TableName } from '../schema';
import { join, literal, qualified, sql, type Sql } from '../sql';
import type { Change, KeySpecification } from './change';
import { addValidKey, alter, dropKey, lockTables, parentsOf } from './key-statement';
import type { Statement } from './statement';

/**
 * Adds the key of a partitioned table, which adopts the valid keys of its partitions without looking at a row. A
 * partition that was attached meanwhile has none, and would be scanned while writers wait: that is looked for first,
 * under the lock that keeps further ones out.
 */
export function adoptKey({
  key,
  drop,
  modes,
}: Extract<Change, { readonly op: 'adopt-foreign-key' }>): readonly Statement[] {
  return [
    lockTables(parentsOf(drop, key), modes.parent),
    lockTables([key.child], modes.child),
    {
      sql: partitionsWithoutKey(key),
      locks: [],
      transactional: true,
      nothing: 'partitions without a valid key of their own, attached since the plan was made',
    },
    alter(key.child, join([...drop.map(dropKey), addValidKey(key)], ', '), modes.child),
  ];
}

/** What PostgreSQL itself compares before it adopts a key (`tryAttachPartitionForeignKey`): the columns in their order, too. */
const partitionsWithoutKey = (key: KeySpecification): Sql =>
  sql`select part.relid::pg_catalog.regclass::pg_catalog.text as name from pg_catalog.pg_partition_tree(${table(key.child)}) part where part.isleaf and part.level > 0 and not exists (select from pg_catalog.pg_partition_ancestors(part.relid) above join pg_catalog.pg_constraint con on con.conrelid = above.relid where con.contype = 'f' and con.conparentid = 0 and con.convalidated and above.relid <> ${table(key.child)} and con.confrelid = ${table(key.parent)} and con.confdeltype = ${literal(LETTERS[key.onDelete])} and con.confupdtype = ${literal(LETTERS[key.onUpdate])} and con.confmatchtype = ${literal(key.matchFull ? 'f' : 's')} and con.condeferrable = ${truth(key.deferrable !== undefined)} and con.condeferred = ${truth(key.deferrable === 'INITIALLY DEFERRED')} and ${names(sql`con.conrelid`, sql`con.conkey`)} = ${list(key.childColumns)} and ${names(sql`con.confrelid`, sql`con.confkey`)} = ${list(key.parentColumns)})`;

const table = (name: TableName): Sql => sql`${literal(qualified(name))}::pg_catalog.regclass`;

/** `confdeltype` and `confupdtype`. */
const LETTERS = {
  'NO ACTION': 'a',
  RESTRICT: 'r',
  CASCADE: 'c',
  'SET NULL': 'n',
  'SET DEFAULT': 'd',
} as const;

const truth = (value: boolean): Sql => (value ? sql`true` : sql`false`);

const names = (relation: Sql, numbers: Sql): Sql =>
  sql`array(select a.attname::pg_catalog.text from pg_catalog.unnest(${numbers}) with ordinality as k(number, position) join pg_catalog.pg_attribute a on a.attrelid = ${relation} and a.attnum = k.number order by k.position)`;

const list = (columns: readonly string[]): Sql => sql`array[${join(columns.map(literal), ', ')}]`;
