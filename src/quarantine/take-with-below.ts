import { tableId } from '../names';
import type { ForeignKey, Table } from '../catalog/catalog';
import type { TableName } from '../schema';
import { blocked, veto } from './batch-stops';
import { copyCascade, copyChanges, copyOrphans } from './copy';
import { countBelow, countLeftBehind, treatOrphans } from './remove';
import { asChanged, asDeleted, type Batch, type TakenByBatch, type ToTake } from './taken';
import type { Task } from './task';
import { assertAllCopied, countCopies, lookAfter, takenOf, type Copies } from './uncopied';

/** Copies the listed orphans and, level by level, what goes with them; only when all of that is copied are they removed. */
export async function takeWithBelow(
  batch: Batch,
  task: Task,
  { listed, assertRoom }: ToTake,
): Promise<TakenByBatch> {
  const rows = await copyOrphans(batch, task.change, task.table, listed);
  if (rows === 0) return { rows, taken: new Map(), awaited: true };
  await copyBelow(batch, task);
  const copies = await countCopies(batch);
  const taken = takenOf(copies);
  assertRoom(taken);
  const gone = await treatOrphans(batch, task.change, task.searchPath);
  if (gone !== rows) throw veto(tableId(task.table.name), rows - gone);
  return { rows, taken, awaited: await assertGone(batch, task, copies, gone) };
}

/** Level by level, each in a statement of its own: a grandchild that was committed while we waited for a lock is seen. */
async function copyBelow(batch: Batch, task: Task): Promise<void> {
  const { keys } = task.reach;
  const byName = new Map(task.tables.map((table) => [tableId(table.name), table]));
  const into = (key: ForeignKey): Table => byName.get(tableId(key.child)) ?? task.table;
  const cascades = keys.filter(({ onDelete }) => onDelete === 'CASCADE');
  const copied: TableName[] = [task.table.name];
  let last: readonly TableName[] = task.change.strategy === 'delete' ? [task.table.name] : [];
  for (let level = 0; last.length > 0; level++) {
    const found: TableName[] = [];
    // A key whose parents have lost nothing on the level above takes nothing along on this one.
    for (const key of cascades.filter(({ parent }) => last.some((name) => task.meets(name, parent)))) {
      const seenBefore = copied.some((name) => task.meets(name, key.child));
      const rows = await copyCascade(batch, key, into(key), { level, seenBefore });
      if (rows === 0) continue;
      found.push(key.child);
      copied.push(key.child);
    }
    last = found;
  }
  for (const key of keys.filter(({ onDelete }) => onDelete === 'SET NULL' || onDelete === 'SET DEFAULT'))
    await copyChanges(batch, key, into(key));
  const paths = [
    ...task.blocking.map((path) => ({ path, which: asDeleted })),
    ...task.onto.map((path) => ({ path, which: asChanged })),
  ];
  for (const { path, which } of paths) {
    const below = await countBelow(batch, path, which);
    if (below > 0) throw blocked(tableId(task.table.name), path, below);
  }
}

/**
 * A trigger that returns null, or a rule, keeps a row although its parent is gone: such a batch must not stand. Nor
 * one where a trigger has written the row anew and so moved it. Returns whether anybody waits for a lock.
 */
async function assertGone(batch: Batch, task: Task, copies: Copies, gone: number): Promise<boolean> {
  const { tables, table, reach, hooked } = task;
  const taken = takenOf(copies);
  // Where no trigger acts, each row of which the statement has said that it is gone is no longer in its place.
  const isProved = (id: string): boolean =>
    !hooked && id === tableId(table.name) && taken.get(id)?.rows === gone;
  const open = tables
    .map(({ name }) => name)
    .filter((name) => {
      const id = tableId(name);
      return taken.has(id) && !isProved(id);
    });
  const after = await lookAfter(batch, open);
  open.forEach((name, i) => {
    const survivors = after.survivors[i] ?? 0;
    if (survivors > 0) throw veto(tableId(name), survivors);
  });
  // Triggers that the options allow may remove rows of their own.
  if (!hooked) await assertAllCopied(batch.session, copies, after);
  const acting = hooked
    ? reach.keys.filter(({ onDelete }) => onDelete !== 'RESTRICT' && onDelete !== 'NO ACTION')
    : [];
  for (const key of acting) {
    const left = await countLeftBehind(batch, key);
    if (left > 0) throw veto(tableId(key.child), left);
  }
  return after.awaited;
}
