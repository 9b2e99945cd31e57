import type { Deferrability, TableName } from '../schema';
import { columns, foreignKeyDefinition, identifier, join, literal, qualified, sql, type Sql } from '../sql';
import type { DroppedKey, FenceMode, KeySpecification } from './change';
import type { LockMode, Statement } from './statement';

/** A statement that takes no transaction. */
export const alone = (text: Sql, table: TableName): Statement => ({
  sql: text,
  locks: [{ table, mode: 'SHARE UPDATE EXCLUSIVE' }],
  transactional: false,
});

/**
 * Only a left-over goes. An index that another session is building looks like one; the drop would wait for that build
 * and then take its result. Whoever has the table's lock knows that nobody is building.
 */
export const dropIndex = (table: TableName, index: string): Statement => ({
  ...alone(sql`drop index concurrently if exists ${qualified({ ...table, name: index })}`, table),
  onlyIf: sql`select 1 as left_over where not exists (
    select from pg_catalog.pg_index i
      join pg_catalog.pg_class c on c.oid = i.indexrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where i.indisvalid and n.nspname = ${literal(table.schema)} and c.relname = ${literal(index)})`,
});

/** An ALTER TABLE with one action. */
export const alter = (table: TableName, action: Sql, mode: LockMode): Statement => ({
  sql: sql`alter table ${qualified(table)} ${action}`,
  locks: [{ table, mode }],
  transactional: true,
});

/** Applications insert the parent and then the child: locking in the same order is what keeps us out of deadlocks with them. */
export function withParentsFirst(
  parents: readonly TableName[],
  child: TableName,
  action: Sql,
  mode: FenceMode,
): readonly Statement[] {
  return [lockTables(parents, mode), alter(child, action, mode)];
}

/** A `lock table`; partitions are locked with their table. */
export const lockTables = (tables: readonly TableName[], mode: FenceMode): Statement => ({
  sql: sql`lock table ${join(tables.map(qualified), ', ')} in ${mode === 'ACCESS EXCLUSIVE' ? sql`access exclusive` : sql`share row exclusive`} mode`,
  locks: tables.map((table) => ({ table, mode })),
  transactional: true,
});

/** The parents that a change of keys locks, each once. */
export const parentsOf = (dropped: readonly DroppedKey[], added?: KeySpecification): readonly TableName[] => {
  const all = [...dropped.map(({ parent }) => parent), ...(added ? [added.parent] : [])];
  return [...new Map(all.map((table) => [JSON.stringify(table), table])).values()];
};

/** The action that drops a key. */
export const dropKey = ({ name }: { readonly name: string }): Sql => sql`drop constraint ${identifier(name)}`;

const ACTIONS = {
  'NO ACTION': sql`no action`,
  RESTRICT: sql`restrict`,
  CASCADE: sql`cascade`,
  'SET NULL': sql`set null`,
  'SET DEFAULT': sql`set default`,
} as const;

const DEFERRABLE = {
  'INITIALLY DEFERRED': sql` deferrable initially deferred`,
  'INITIALLY IMMEDIATE': sql` deferrable`,
} as const;

/** The action that adds a key, NOT VALID. */
export const addKey = (key: KeySpecification): Sql => sql`${addValidKey(key)} not valid`;

/** The action that adds a key as valid; PostgreSQL scans what no valid key of a partition proves. */
export function addValidKey(key: KeySpecification): Sql {
  const deferrable = key.deferrable ? DEFERRABLE[key.deferrable] : sql``;
  const match = key.matchFull ? sql` match full` : sql``;
  const changed = key.setColumns ? sql` (${columns(key.setColumns)})` : sql``;
  return sql`add constraint ${identifier(key.name)} foreign key (${columns(key.childColumns)}) references ${qualified(key.parent)} (${columns(key.parentColumns)})${match} on delete ${ACTIONS[key.onDelete]}${changed} on update ${ACTIONS[key.onUpdate]}${deferrable}`;
}

const DEFERRABILITY = {
  'NOT DEFERRABLE': sql`not deferrable`,
  'INITIALLY IMMEDIATE': sql`deferrable initially immediate`,
  'INITIALLY DEFERRED': sql`deferrable initially deferred`,
} as const;

/** Changes when a key is checked and nothing else: it keeps its oid, stays valid, and its partitions follow. */
export const alterKey = (name: string, deferrability: Deferrability): Sql =>
  sql`alter constraint ${identifier(name)} ${DEFERRABILITY[deferrability]}`;

/** Rows may have changed since: a key comes back without looking at them. */
export const bringBack = (key: DroppedKey): Sql =>
  sql`add constraint ${identifier(key.name)} ${foreignKeyDefinition(key.definition)}${key.scanned ? sql`` : sql` not valid`}`;
