import type { RunRecord } from '../execution/runs';
import { groupBy } from '../group-by';
import type { KeptRun, PurgedRun, PurgeOutcome } from '../quarantine-outcome';
import type { Copies } from './contents';

/** What a look at the quarantine has found. */
export interface Found {
  readonly runs: readonly RunRecord[];
  readonly copies: readonly Copies[];
  /** True when another guard may be writing; a run that is called running is its own then. */
  readonly othersAtWork: boolean;
}

/**
 * Which runs' copies may go: all of a run's together, once the last of them is old enough. Runs that the next one would
 * resume are one run that has not ended; it is old when nothing has gone on from it since. `only`: of these runs alone.
 */
export function purgeable(
  { runs, copies, othersAtWork }: Found,
  before: number,
  only?: readonly string[],
): Pick<PurgeOutcome, 'rows' | 'runs' | 'kept'> {
  const byRun = groupBy(copies, ({ runId }) => runId);
  const isOld = (id: string): boolean =>
    (byRun.get(id) ?? []).every(({ newest }) => newest !== undefined && newest < before);
  const unfinishedIsOld = runs
    .filter(({ unfinished }) => unfinished)
    .every(({ id, startedAt }) => isOld(id) && startedAt < before);
  const purged: PurgedRun[] = [];
  const kept: KeptRun[] = [];
  for (const run of runs) {
    const own = byRun.get(run.id) ?? [];
    if (own.length === 0 || !isOld(run.id) || (only && !only.includes(run.id))) continue;
    const rows = sum(own, (table) => table.rows);
    const goesOn = run.unfinished || run.status === 'running';
    if (goesOn && othersAtWork) kept.push({ runId: run.id, rows, reason: 'at-work' });
    else if (run.unfinished && !unfinishedIsOld) kept.push({ runId: run.id, rows, reason: 'unfinished' });
    else purged.push(purgedRun(run, own));
  }
  return { rows: sum(purged, ({ rows }) => rows), runs: purged, kept };
}

const purgedRun = (run: RunRecord, own: readonly Copies[]): PurgedRun => ({
  runId: run.id,
  startedAt: iso(run.startedAt),
  rows: sum(own, ({ rows }) => rows),
  restored: sum(own, ({ restored }) => restored),
  oldest: iso(Math.min(...own.map(({ oldest, newest }) => oldest ?? newest ?? 0))),
  newest: iso(Math.max(...own.map(({ newest }) => newest ?? 0))),
  tables: own.map(({ table, rows, restored }) => ({ table, rows, restored })),
});

const iso = (time: number): string => new Date(time).toISOString();

const sum = <Item>(items: readonly Item[], of: (item: Item) => number): number =>
  items.reduce((total, item) => total + of(item), 0);
