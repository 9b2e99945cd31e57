import { count, text } from '../catalog/row';
import { setLocal } from '../execution/session-settings';
import type { Work } from '../execution/work';
import { tableId } from '../names';
import type { ForeignKey, Table } from '../catalog/catalog';
import { sql, type Sql } from '../sql';
import { assertParents, lockForBatch } from './batch-locks';
import { BatchTooLarge, blocked, veto } from './batch-stops';
import { copyCascade, copyChanges, copyOrphans } from './copy';
import { recordTaken, rowsIn, type RowBudget, type TakenRows } from './limits';
import { countBelow, countLeftBehind, countSurvivors, treatOrphans } from './remove';
import { asChanged, asDeleted, ofBatch, type Batch } from './taken';
import type { Task } from './task';
import { assertAllCopied, countRemoved } from './uncopied';

export type BatchTask = Task & { readonly budget: RowBudget };

/** Which rows a batch is for, and what it has to keep to. */
export interface BatchOrder {
  readonly number: number;
  readonly listed: Sql;
  /** Rows that the run may still take; a batch of more throws `BatchTooLarge`. */
  readonly most: number;
  /** Called when it has its locks. */
  readonly locked: () => void;
}

/** What a batch, or a whole clean-up, has done. */
export interface Cleaned {
  readonly rows: number;
  /** Copies in the quarantine, cascades included. */
  readonly quarantined: number;
}

/** One batch, and how much of which table it has taken. */
export interface CleanedBatch extends Cleaned {
  readonly taken: TakenRows;
}

/**
 * One transaction: locks, copies level by level, checks, and only then removes. Any check that fails throws, and the
 * copies go with the rollback: there is never a removed row without its copy, nor a copy of a row that stayed.
 */
export async function runBatch(
  { session, ledger, step, settings }: Work,
  task: BatchTask,
  { number, listed, most, locked }: BatchOrder,
): Promise<CleanedBatch> {
  const batch: Batch = { session, ledger: ledger.schema, runId: ledger.runId, step: step.id, number };
  await lockForBatch(batch, task);
  locked();
  if (settings.limits.fraction < 1) await assertParents(batch, task);
  const rows = await copyOrphans(batch, task.change, task.table, listed);
  if (rows === 0) return { rows, quarantined: 0, taken: new Map() };
  await copyBelow(batch, task);
  const taken = await countCopies(batch);
  task.budget.assertWithin(taken);
  if (rowsIn(taken) > most) throw new BatchTooLarge(rowsIn(taken));
  const { keepRows } = settings.quarantine;
  if (!keepRows) await recordTaken(session, batch, taken);
  await session.query(setLocal({ search_path: task.searchPath }));
  const before = await countRemoved(session);
  const gone = await treatOrphans(batch, task.change);
  if (gone !== rows) throw veto(tableId(task.table.name), rows - gone);
  await assertGone(batch, task, taken);
  // Triggers that the options allow may remove rows of their own.
  if (!task.hooked) await assertAllCopied(batch, before);
  if (!keepRows) await session.query(sql`delete from ${batch.ledger}.quarantine q where ${ofBatch(batch)}`);
  return {
    rows,
    quarantined: keepRows ? rowsIn(taken) : 0,
    taken,
  };
}

/** Level by level, each in a statement of its own: a grandchild that was committed while we waited for a lock is seen. */
async function copyBelow(batch: Batch, task: Task): Promise<void> {
  const { keys } = task.reach;
  const byName = new Map(task.tables.map((table) => [tableId(table.name), table]));
  const into = (key: ForeignKey): Table => byName.get(tableId(key.child)) ?? task.table;
  const cascades = keys.filter(({ onDelete }) => onDelete === 'CASCADE');
  let found = task.change.strategy === 'delete' ? 1 : 0;
  for (let level = 0; found > 0; level++) {
    found = 0;
    for (const key of cascades) found += await copyCascade(batch, key, into(key), level);
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

async function countCopies(batch: Batch): Promise<TakenRows> {
  const rows = await batch.session.query(sql`
    select q.table_schema, q.table_name, pg_catalog.count(*) as rows, pg_catalog.count(*) filter (where ${asDeleted}) as deleted
      from ${batch.ledger}.quarantine q where ${ofBatch(batch)} group by 1, 2`);
  return new Map(
    rows.map((row) => [
      tableId({ schema: text(row, 'table_schema'), name: text(row, 'table_name') }),
      { rows: count(row, 'rows'), deleted: count(row, 'deleted') },
    ]),
  );
}

/**
 * A trigger that returns null, or a rule, keeps a row although its parent is gone: such a batch must not stand. Nor
 * one where a trigger has written the row anew and so moved it.
 */
async function assertGone(batch: Batch, { tables, reach, hooked }: Task, taken: TakenRows): Promise<void> {
  for (const { name } of tables.filter((table) => taken.has(tableId(table.name)))) {
    const survivors = await countSurvivors(batch, name);
    if (survivors > 0) throw veto(tableId(name), survivors);
  }
  const acting = hooked
    ? reach.keys.filter(({ onDelete }) => onDelete !== 'RESTRICT' && onDelete !== 'NO ACTION')
    : [];
  for (const key of acting) {
    const left = await countLeftBehind(batch, key);
    if (left > 0) throw veto(tableId(key.child), left);
  }
}
