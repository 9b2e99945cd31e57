import { groupBy } from '../group-by';
import { changedBy } from '../delete-action';
import { sameTable, tableId } from '../names';
import { acts } from '../pairing/live-key';
import { columnsChangedBy } from '../repair/key-specification';
import { partitionTree, type PartitionTree } from './partition-tree';
import type { Strategy } from '../changes/change';
import type { Settings } from '../options';
import type { Catalog, ForeignKey, Table } from '../catalog/catalog';
import type { TableName } from '../schema';
import { unreadableBecause } from '../rights';
import type { MeasuredRelation, Snapshot } from '../snapshot';
import { refused, type Refused } from './refused';
import { notAllowed } from './user-triggers';
import { movesRows, type Changed } from './row-movement';

/** Every table that a delete in one table can reach through the live keys, with the keys that lead there. */
export interface Reach {
  /** Tables whose rows can be deleted, the starting one first. */
  readonly deletes: readonly TableName[];
  /** Keys that take rows along (CASCADE), change them (SET NULL, SET DEFAULT) or block (RESTRICT, NO ACTION). */
  readonly keys: readonly ForeignKey[];
  /** Keys that would do nothing: NOT ENFORCED, or their triggers are off. Their children would be left behind. */
  readonly idle: readonly ForeignKey[];
}

/** Follows the keys downwards from a table. Keys of partitions are left out: their partitioned table's key stands for them. */
export function reachOf(table: TableName, catalog: Catalog): Reach {
  const byParent = groupBy(
    catalog.foreignKeys.filter(({ inherited }) => !inherited),
    (key) => tableId(key.parent),
  );
  const tree = partitionTree(catalog);
  const deletes = new Map([[tableId(table), table]]);
  const found = new Set<ForeignKey>();
  for (const [id, name] of deletes) {
    // A row of a partitioned table is a row of its partition, which may have keys of its own pointing at it; and the
    // other way round.
    for (const partition of tree.partitionsOf(name)) deletes.set(tableId(partition), partition);
    for (const key of [id, ...tree.wholesOf(name).map(tableId)].flatMap(
      (parent) => byParent.get(parent) ?? [],
    )) {
      found.add(key);
      if (acts(key) && key.onDelete === 'CASCADE') deletes.set(tableId(key.child), key.child);
    }
  }
  const keys = [...found];
  return { deletes: [...deletes.values()], keys: keys.filter(acts), idle: keys.filter((key) => !acts(key)) };
}

/**
 * Keys that refer to changed columns, or to columns computed from them: their ON UPDATE would run, unseen by the
 * quarantine. So would the ON DELETE of keys to a partition that the changed row has to leave.
 */
export function keysOnto(changes: readonly Changed[], catalog: Catalog): readonly ForeignKey[] {
  const { isPartOf } = partitionTree(catalog);
  const moving = changes.filter((change) => movesRows(change, catalog));
  const computed = new Set(
    catalog.tables.flatMap(({ name, columns }) =>
      columns.flatMap((column) => (column.generated === 'no' ? [] : [`${tableId(name)}.${column.name}`])),
    ),
  );
  return catalog.foreignKeys.filter(({ parent, parentColumns, inherited }) =>
    changes.some(({ table, columns }) => {
      if (inherited || !(isPartOf(parent, table) || isPartOf(table, parent))) return false;
      if (
        moving.some((change) => change.table === table) &&
        isPartOf(parent, table) &&
        !sameTable(parent, table)
      )
        return true;
      return parentColumns.some(
        (column) => columns.includes(column) || computed.has(`${tableId(parent)}.${column}`),
      );
    }),
  );
}

/** Why the rows of a relation must not be cleaned although its policy allows it: what would fire, or could not be copied. */
export function standingInTheWay(
  pair: MeasuredRelation,
  strategy: Strategy,
  { catalog }: Snapshot,
  settings: Settings,
): Refused | undefined {
  const reach = strategy === 'delete' ? reachOf(pair.childName, catalog) : nullified;
  const unreadable = touched(reach, pair.childName, catalog).filter(
    (table) => !table.may.select || table.rowSecurity || table.kind === 'foreign table',
  );
  if (unreadable.length > 0)
    return refused(
      'UNREADABLE',
      '',
      `rows of ${unreadable.map(({ name }) => tableId(name)).join(', ')} would be removed behind it, and they cannot all be read${unreadableBecause(unreadable, catalog.server.role)}`,
    );
  const change = { table: pair.childName, columns: columnsChangedBy(strategy, pair) };
  const hooked = notAllowed(hooksOn(change, strategy, catalog), settings.triggers);
  if (hooked) return refused('USER_TRIGGER', hooked.option, `${hooked.words} would act on these rows`);
  const [onto] = strategy !== 'delete' ? keysOnto([change], catalog) : [];
  if (onto)
    return refused(
      'BLOCKED_BELOW',
      '',
      `the key "${onto.name}" of ${tableId(onto.child)} points at ${
        onto.parentColumns.some((column) => change.columns.includes(column))
          ? `the column that would be ${strategy === 'nullify' ? 'set to null' : 'changed'}`
          : `${tableId(onto.parent)}, which the rows would leave or which computes a column of theirs anew`
      }`,
    );
  return undefined;
}

/** Changing a key reaches nothing else; what points at it is refused. */
const nullified: Reach = { deletes: [], keys: [], idle: [] };

/** `schema.table.trigger` of every user trigger and rule that would act: on DELETE where rows go or move to another partition, on UPDATE where they change. */
export function hooksOn(start: Changed, strategy: Strategy, catalog: Catalog): readonly string[] {
  const reach = strategy === 'delete' ? reachOf(start.table, catalog) : nullified;
  const tree = partitionTree(catalog);
  const changed = strategy !== 'delete' ? [start] : changedBehind(reach);
  const leaving = changed.filter((change) => movesRows(change, catalog)).map(({ table }) => table);
  return touched(reach, start.table, catalog).flatMap((table) => {
    const loses = [...reach.deletes, ...leaving].some((name) => tree.isPartOf(table.name, name));
    const changes = changed.some((change) => tree.isPartOf(table.name, change.table));
    const fired = table.triggers.filter(
      ({ events }) => (loses && events.includes('DELETE')) || (changes && events.includes('UPDATE')),
    );
    return [...fired.map(({ name }) => name), ...table.rules].map((name) => `${tableId(table.name)}.${name}`);
  });
}

/** What SET NULL and SET DEFAULT change behind a delete. */
export const changedBehind = ({ keys }: Reach): readonly Changed[] =>
  keys
    .filter(({ onDelete }) => onDelete === 'SET NULL' || onDelete === 'SET DEFAULT')
    .map((key) => ({ table: key.child, columns: changedBy(key) }));

function touched(reach: Reach, start: TableName, catalog: Catalog): readonly Table[] {
  const { isPartOf }: PartitionTree = partitionTree(catalog);
  const names = [start, ...reach.deletes, ...reach.keys.filter(changesRows).map(({ child }) => child)];
  return catalog.tables.filter((table) => names.some((name) => isPartOf(table.name, name)));
}

const changesRows = ({ onDelete }: ForeignKey): boolean =>
  onDelete !== 'NO ACTION' && onDelete !== 'RESTRICT';
