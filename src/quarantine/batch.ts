import { count, text } from '../catalog/row';
import { FkGuardError } from '../errors';
import { assertStepLock } from '../execution/runner';
import { setLocal } from '../execution/session-settings';
import type { Work } from '../execution/work';
import { tableId } from '../names';
import type { ForeignKey, Table, TableName } from '../schema';
import { join, qualified, sql, type Sql } from '../sql';
import { copyCascade, copyChanges, copyOrphans } from './copy';
import type { RowBudget } from './limits';
import { countBelow, countSurvivors, deleteOrphans, nullifyOrphans } from './remove';
import { ofBatch, type Batch } from './taken';
import { readFingerprint, type Task } from './task';

export type BatchTask = Task & { readonly budget: RowBudget };

/** What a batch, or a whole clean-up, has done. */
export interface Cleaned {
  readonly rows: number;
  /** Copies in the quarantine, cascades included. */
  readonly quarantined: number;
}

/**
 * One transaction: locks, copies level by level, checks, and only then removes. Any check that fails throws, and the
 * copies go with the rollback: there is never a removed row without its copy, nor a copy of a row that stayed.
 */
export async function runBatch({ session, ledger, step, settings }: Work, task: BatchTask, number: number, listed: Sql): Promise<Cleaned> {
  const batch: Batch = { session, ledger: ledger.schema, runId: ledger.runId, step: step.id, number };
  const { strategy, orphans } = task.change;
  await lock(batch, task);
  const rows = await copyOrphans(batch, orphans, task.table, listed, strategy === 'delete' ? 'delete' : 'change');
  if (rows === 0) return { rows, quarantined: 0 };
  await copyBelow(batch, task);
  const copies = await countCopies(batch);
  task.budget.spend(copies);
  await session.query(setLocal({ search_path: task.searchPath }));
  const gone = strategy === 'delete' ? await deleteOrphans(batch, orphans) : await nullifyOrphans(batch, orphans);
  if (gone !== rows) throw veto(tableId(task.table.name), rows - gone);
  await assertGone(batch, task, copies);
  if (!settings.quarantine.keepRows) await session.query(sql`delete from ${batch.ledger}.quarantine q where ${ofBatch(batch)}`);
  return { rows, quarantined: [...copies.values()].reduce((sum, number) => sum + number, 0) };
}

/**
 * The parent first, in SHARE mode: it waits out writers that have inserted a parent and not committed it yet, whose
 * children look orphaned until they do. Then every table that can lose rows, so that no key can be added to it
 * between reading the keys and deleting.
 */
async function lock(batch: Batch, { change, tables, fingerprint }: Task): Promise<void> {
  const { session } = batch;
  await assertStepLock(session);
  await session.query(sql`lock table ${qualified(change.orphans.parent)} in share mode`);
  await session.query(sql`lock table ${join(tables.map(({ name }) => qualified(name)), ', ')} in row exclusive mode`);
  const [role] = await session.query(sql`select pg_catalog.current_setting('session_replication_role') as role`);
  if (text(role, 'role') !== 'origin') throw noKeys();
  if ((await readFingerprint(session)) !== fingerprint) throw moved(tableId(change.orphans.child));
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
  for (const key of keys.filter(({ onDelete }) => onDelete === 'SET NULL' || onDelete === 'SET DEFAULT')) await copyChanges(batch, key, into(key));
  for (const path of task.blocking) {
    const below = await countBelow(batch, path);
    if (below > 0) throw blocked(tableId(task.table.name), path.name, below);
  }
}

async function countCopies(batch: Batch): Promise<ReadonlyMap<string, number>> {
  const rows = await batch.session.query(
    sql`select q.table_schema, q.table_name, pg_catalog.count(*) as rows from ${batch.ledger}.quarantine q where ${ofBatch(batch)} group by 1, 2`,
  );
  return new Map(rows.map((row) => [tableId({ schema: text(row, 'table_schema'), name: text(row, 'table_name') }), count(row, 'rows')]));
}

/** A BEFORE DELETE trigger that returns null keeps a row although its parent is gone: such a batch must not stand. */
async function assertGone(batch: Batch, { change, reach }: Task, copies: ReadonlyMap<string, number>): Promise<void> {
  if (change.strategy !== 'delete') return;
  const touched = reach.deletes.filter((name: TableName) => copies.has(tableId(name)));
  for (const name of touched) {
    const survivors = await countSurvivors(batch, name);
    if (survivors > 0) throw veto(tableId(name), survivors);
  }
}

const veto = (table: string, rows: number): FkGuardError =>
  new FkGuardError('TRIGGER_VETO', `${rows} rows of ${table} were kept by a trigger or rule; the batch was rolled back.`, 'Disable the trigger for the time of the clean-up, or leave these rows.');

const blocked = (table: string, by: string, rows: number): FkGuardError =>
  new FkGuardError('CASCADE_BLOCKED', `${rows} rows point at orphans of ${table} through ${by}; the batch was rolled back.`, 'Write an ON DELETE action for that relation, or decide about its rows first.');

const moved = (table: string): FkGuardError =>
  new FkGuardError('CASCADE_MOVED', `The keys or triggers below ${table} changed while its orphans were being cleaned.`, 'Run again; what is done stays done.');

const noKeys = (): FkGuardError =>
  new FkGuardError('PRIVILEGE', 'session_replication_role is not origin, so no foreign key acts in this session.', 'Connect with a role whose session_replication_role is origin.');
