import { progressOf } from '../../execution/progress';
import { groupBy } from '../../group-by';
import { alikeIn } from './alike';
import { tryRows, type Failed, type Trying } from './attempt';
import { readBatches, readCopies, readPage, type Copy, type CopiedBatch } from './copies';
import { countOpen } from './history';
import { findParents, type Parents, type Waiting } from './missing-parents';
import { sayWhereTheyAre } from './removed-later';
import type { SchemaUndo } from './schema-undo';
import { createFindTarget, isTarget } from './target';
import type { RestoreTask } from './task';
import { orderOf, tryTogether } from './together';

/** What came back, and what did not. */
export interface GivenBack {
  readonly restored: number;
  readonly failed: readonly Failed[];
}

/** What each transaction of a restore runs in; in a dry run they are all one. */
export type InTransaction = <T>(run: () => Promise<T>) => Promise<T>;

/** Rows in one transaction. */
const PAGE = 1_000;

/**
 * Puts the open copies of a run back, page by page. Then those whose parents came back later, or that need each other.
 * With `undo`, in a dry run, rows that only its keys and types keep out count as rows that come back.
 */
export async function giveRowsBack(
  task: RestoreTask,
  inTransaction: InTransaction,
  undo?: SchemaUndo,
): Promise<GivenBack> {
  const work: Trying = {
    ...task,
    findTarget: createFindTarget(task.session, task.settings.quarantine.schema),
  };
  const rowsTotal = await inTransaction(() => countOpen(task));
  let given: GivenBack = { restored: 0, failed: [] };
  const progress = progressOf(task.events, `restore ${task.runId}`);
  let last = performance.now();
  const add = (more: GivenBack): void => {
    given = { restored: given.restored + more.restored, failed: [...given.failed, ...more.failed] };
    const rowsDone = given.restored + given.failed.length;
    const listed = more.restored + more.failed.length;
    const tookMs = performance.now() - last;
    last += tookMs;
    progress({ rowsDone, rowsTotal, listed, left: rowsTotal - rowsDone, waitedMs: 0, tookMs });
  };
  for (const batch of await inTransaction(() => readBatches(task)))
    await giveBatch(work, inTransaction, batch, add);
  for (let before = -1; given.restored > before && given.failed.length > 0;) {
    before = given.restored;
    given = await tryAgain(work, inTransaction, given);
  }
  if (given.failed.length === 0) return given;
  return inTransaction(async () => {
    const told = { ...given, failed: await sayWhereTheyAre(work, given.failed) };
    return undo ? asIfUndone(work, told, undo) : told;
  });
}

async function giveBatch(
  work: Trying,
  inTransaction: InTransaction,
  batch: CopiedBatch,
  add: (more: GivenBack) => void,
): Promise<void> {
  for (let last: Copy | undefined, full = true; full;) {
    const page = await inTransaction(async () => {
      const copies = await readPage(work, batch, last, PAGE);
      return { copies, ...(await tryCopies(work, copies)) };
    });
    add(page);
    last = page.copies.at(-1);
    full = page.copies.length === PAGE;
  }
}

async function tryCopies(work: Trying, copies: readonly Copy[]): Promise<GivenBack> {
  const { groups, failed } = await alikeIn(work, copies);
  const all = [...failed];
  for (const alike of groups) all.push(...(await tryRows(work, alike)));
  return { restored: copies.length - all.length, failed: all };
}

/** Rows that another row was missing for: it may be there by now, or has to come at the same time. */
async function tryAgain(
  work: Trying,
  inTransaction: InTransaction,
  { restored, failed }: GivenBack,
): Promise<GivenBack> {
  const waiting = failed.filter(mayWait);
  const parents = await inTransaction(() => parentsOf(work, waiting));
  const byId = new Map(waiting.map((row) => [row.id, row]));
  const { atOnce, together } = orderOf(parents, (id) => byId.get(id)?.action === 'delete');
  const tried = new Map<string, Failed>();
  let back = restored;
  const note = ({ restored: more, failed: again }: GivenBack): void => {
    back += more;
    for (const row of again) tried.set(row.id, row);
  };
  for (let from = 0; from < atOnce.length; from += PAGE) {
    const ids = atOnce.slice(from, from + PAGE);
    note(await inTransaction(async () => tryCopies(work, await readCopies(work, ids))));
  }
  for (const ids of together) note(await inTransaction(() => tryTogether(work, ids)));
  const gone = new Set([...atOnce, ...together.flat()].filter((id) => !tried.has(id)));
  return {
    restored: back,
    failed: failed.flatMap((row) => (gone.has(row.id) ? [] : [tried.get(row.id) ?? row])),
  };
}

/** A parent was missing, or the row that was to be changed. */
const isWaiting = ({ reason }: Failed): boolean => reason.code === '23503' || reason.code === '02000';

/** The same, or another row was taken for it. */
const mayWait = (row: Failed): boolean => isWaiting(row) || row.reason.unsure === true;

async function parentsOf(
  work: Trying,
  rows: readonly Failed[],
  ignored: readonly string[] = [],
): Promise<Parents> {
  const waiting: Waiting[] = [];
  for (const copies of groupBy(rows, ({ table }) => JSON.stringify(table)).values()) {
    const [first] = copies;
    const target = first && (await work.findTarget(first));
    if (target && isTarget(target)) waiting.push({ target, copies });
  }
  return findParents(work, waiting, ignored);
}

async function asIfUndone(
  work: Trying,
  { restored, failed }: GivenBack,
  undo: SchemaUndo,
): Promise<GivenBack> {
  const { possible } = await parentsOf(work, failed.filter(isWaiting), undo.keys);
  const stay = failed.filter(
    ({ id, reason }) => !possible.has(id) && !(undo.converted && reason.code?.startsWith('22')),
  );
  return { restored: restored + failed.length - stay.length, failed: stay };
}
