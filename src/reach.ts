import type { Refusal } from './finding';
import { groupBy } from './group-by';
import { tableId } from './names';
import type { Settings } from './options';
import type { Catalog, ForeignKey, Table, TableName } from './schema';
import type { MeasuredRelation, Snapshot } from './snapshot';

/** Every table that a delete in one table can reach through the live keys, with the keys that lead there. */
export interface Reach {
  /** Tables whose rows can be deleted, the starting one first. */
  readonly deletes: readonly TableName[];
  /** Keys that take rows along (CASCADE), change them (SET NULL, SET DEFAULT) or block (RESTRICT, NO ACTION). */
  readonly keys: readonly ForeignKey[];
}

/** Follows the keys downwards from a table. Keys of partitions are left out: their partitioned table's key stands for them. */
export function reachOf(table: TableName, catalog: Catalog): Reach {
  const live = catalog.foreignKeys.filter((key) => !key.inherited && key.enforced);
  const byParent = groupBy(live, (key) => tableId(key.parent));
  const partitions = groupBy(catalog.tables, ({ partitionOf }) => partitionOf && tableId(partitionOf));
  const deletes = new Map([[tableId(table), table]]);
  const keys: ForeignKey[] = [];
  for (const [id] of deletes) {
    // A row of a partitioned table is a row of its partition, which may have keys of its own pointing at it.
    for (const { name } of partitions.get(id) ?? []) deletes.set(tableId(name), name);
    for (const key of byParent.get(id) ?? []) {
      keys.push(key);
      if (key.onDelete === 'CASCADE') deletes.set(tableId(key.child), key.child);
    }
  }
  return { deletes: [...deletes.values()], keys };
}

/** Why the rows of a relation must not be cleaned although its policy allows it: what would fire, or could not be copied. */
export function standingInTheWay(
  pair: MeasuredRelation,
  strategy: 'delete' | 'nullify',
  { catalog }: Snapshot,
  settings: Settings,
): { readonly kind: 'refused'; readonly refusal: Refusal } | undefined {
  const reach = strategy === 'delete' ? reachOf(pair.childName, catalog) : { deletes: [], keys: [] };
  const tables = tablesOf(reach, pair.childName, catalog);
  const unreadable = tables.find((table) => !table.may.select || table.rowSecurity || table.kind === 'foreign table');
  if (unreadable) return refusal('UNREADABLE', '', `rows of ${tableId(unreadable.name)} would be removed behind it, and they cannot all be read`);
  const hooked = tables.flatMap((table) => hooksOf(table, reach, strategy)).find((name) => !settings.triggers.includes(name));
  if (hooked) return refusal('USER_TRIGGER', `triggers: ['${hooked}']`, `the trigger or rule ${hooked} would act on these rows`);
  const moved = strategy === 'nullify' ? referencedColumns(pair, catalog) : undefined;
  if (moved) return refusal('BLOCKED_BELOW', '', `the key "${moved.name}" of ${tableId(moved.child)} points at the column that would be set to null`);
  return undefined;
}

const refusal = (code: Refusal['code'], option: string, message: string) => ({ kind: 'refused' as const, refusal: { code, option, message } });

function tablesOf(reach: Reach, start: TableName, catalog: Catalog): readonly Table[] {
  const ids = new Set([tableId(start), ...reach.deletes.map(tableId), ...reach.keys.filter(changesRows).map((key) => tableId(key.child))]);
  return catalog.tables.filter((table) => ids.has(tableId(table.name)));
}

const changesRows = ({ onDelete }: ForeignKey): boolean => onDelete !== 'NO ACTION' && onDelete !== 'RESTRICT';

/** `schema.table.trigger` of every user trigger and rule that would act: on DELETE where rows go, on UPDATE where they change. */
function hooksOf(table: Table, reach: Reach, strategy: 'delete' | 'nullify'): readonly string[] {
  const loses = strategy === 'delete' && reach.deletes.some((name) => tableId(name) === tableId(table.name));
  const changes = strategy === 'nullify' || reach.keys.some((key) => tableId(key.child) === tableId(table.name) && changesRows(key) && key.onDelete !== 'CASCADE');
  const fired = table.triggers.filter(({ events }) => (loses && events.includes('DELETE')) || (changes && events.includes('UPDATE')));
  return [...fired.map(({ name }) => name), ...table.rules].map((name) => `${tableId(table.name)}.${name}`);
}

/** A key that refers to the columns that a nullify would change: its ON UPDATE would run, unseen by the quarantine. */
const referencedColumns = ({ childName, relation }: MeasuredRelation, catalog: Catalog): ForeignKey | undefined =>
  catalog.foreignKeys.find((key) => tableId(key.parent) === tableId(childName) && key.parentColumns.some((column) => relation.childColumns.includes(column)));
