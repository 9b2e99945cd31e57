import { tableId } from '../names';
import type { TableName } from '../schema';
import { constantDefault, identifier, join, qualified, sql } from '../sql';
import { cast as castOf, typeOf } from './cast-statement';
import type { Change, DroppedKey } from './change';
import type { Conversion } from './conversion';
import { alter, bringBack, dropKey, parentsOf, withParentsFirst } from './key-statement';
import type { Statement } from './statement';
import { undoStatementsOf } from './undo-statement';

/** A key of a table that goes for a while, or that was there before a run. */
export interface TableKey {
  readonly table: TableName;
  readonly key: DroppedKey;
}

/** Takes away what a change has made and what keeps old rows out. What was there before comes back after the rows. */
export function takeAwayStatements(change: Change): readonly Statement[] {
  switch (change.op) {
    case 'add-foreign-key':
    case 'swap-foreign-key':
    case 'adopt-foreign-key':
      return dropStatements(change.key.child, change.key.parent, change.key.name);
    case 'drop-foreign-key':
      return [];
    default:
      return undoStatementsOf(change);
  }
}

/** A key that a partition had given to its table is gone with the table's. */
const dropStatements = (table: TableName, parent: TableName, name: string): readonly Statement[] =>
  withParentsFirst([parent], table, sql`drop constraint if exists ${identifier(name)}`, 'ACCESS EXCLUSIVE');

/** A key that is not the run's own goes for the time of the restore. */
export const takeOutStatements = ({ table, key }: TableKey): readonly Statement[] =>
  withParentsFirst(parentsOf([key]), table, dropKey(key), 'ACCESS EXCLUSIVE');

/** The key as it was, NOT VALID: the rows that are back may be without parents. */
export const bringBackStatements = ({ table, key }: TableKey): readonly Statement[] =>
  withParentsFirst(parentsOf([key]), table, bringBack(key), 'SHARE ROW EXCLUSIVE');

/** The keys that the changes, in their order, have made and that are still theirs in the end. */
export function madeKeys(changes: readonly Change[]): ReadonlyMap<string, Change> {
  const made = new Map<string, Change>();
  for (const change of changes) {
    for (const { id } of droppedBy(change)) made.delete(id);
    if ('key' in change) made.set(keyId(change.key.child, change.key.name), change);
  }
  return made;
}

/** The keys that were there before the changes, and that these have dropped. */
export function originalKeys(changes: readonly Change[]): readonly TableKey[] {
  const made = new Set<string>();
  const originals: TableKey[] = [];
  for (const change of changes) {
    for (const { id, ...dropped } of droppedBy(change)) if (!made.delete(id)) originals.push(dropped);
    if ('key' in change) made.add(keyId(change.key.child, change.key.name));
  }
  return originals;
}

/** Identifies a constraint. */
export const keyId = (table: TableName, name: string): string => JSON.stringify([tableId(table), name]);

function droppedBy(change: Change): readonly (TableKey & { readonly id: string })[] {
  if (!('drop' in change)) return [];
  const table = 'key' in change ? change.key.child : change.table;
  return change.drop.map((key) => ({ table, key, id: keyId(table, key.name) }));
}

/** The conversion back to the type that a column had; none where a change has converted nothing. */
export function conversionBack(change: Change): Conversion | undefined {
  if (change.op !== 'convert-column' && change.op !== 'swap-shadow-column') return undefined;
  const { table, cast, default: usual, rows } = change.conversion;
  return {
    table,
    cast: { column: cast.column, from: cast.to, to: cast.from },
    rows,
    ...(usual && { default: usual }),
  };
}

/** Writes the table anew; the default comes back as it was written, after the values. */
export function convertBackStatements({ table, cast, default: usual }: Conversion): readonly Statement[] {
  const column = identifier(cast.column);
  const actions = [
    ...(usual ? [sql`alter column ${column} drop default`] : []),
    sql`alter column ${column} type ${typeOf(cast.to)} using ${castOf(column, cast)}`,
    ...(usual ? [sql`alter column ${column} set default ${constantDefault(usual.written)}`] : []),
  ];
  return [
    alter(table, join(actions, ', '), 'ACCESS EXCLUSIVE'),
    { sql: sql`analyze ${qualified(table)} (${column})`, locks: [], transactional: true },
  ];
}
