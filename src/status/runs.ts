import type { Figures, RunRecord } from '../execution/runs';
import type { Copies } from '../quarantine/contents';
import type { RunStatus } from './status';

/** A run in the words of a status; `atWork`: a guard holds the lock of the single runner. */
export function runStatus(run: RunRecord, copies: readonly Copies[], atWork: boolean): RunStatus {
  const { figures, startedAt, finishedAt } = run;
  const { purged } = figures;
  const own = copies.filter(({ runId }) => runId === run.id);
  const sum = (of: (copies: Copies) => number): number => own.reduce((total, table) => total + of(table), 0);
  // A run that was interrupted has no figures of its own: what it did is told by its copies.
  const done = (figure: 'deleted' | 'nullified' | 'reparented'): number =>
    figures.deleted === undefined
      ? sum((table) => table[figure]) + (purged?.[figure] ?? 0)
      : (figures[figure] ?? 0);
  const status = statusOf(run.status, atWork);
  const restored = sum((table) => table.restored);
  const kept = sum(({ rows }) => rows);
  return {
    runId: run.id,
    ...(run.origin !== undefined && { origin: run.origin }),
    startedAt: new Date(startedAt).toISOString(),
    ...(finishedAt !== undefined && status !== 'interrupted' && { durationMs: finishedAt - startedAt }),
    status,
    ...(run.resumes !== undefined && { resumes: run.resumes }),
    goesOn: run.unfinished,
    limited: figures.limited === true,
    rowsDeleted: done('deleted'),
    rowsNullified: done('nullified'),
    rowsReparented: done('reparented'),
    parentsCreated: figures.created ?? 0,
    rowsConverted: sum(({ converted }) => converted) + (purged?.converted ?? 0),
    rowsQuarantined: kept + (purged?.rows ?? 0),
    open: kept - restored,
    restored,
    ...purgedOf(figures),
  };
}

const purgedOf = ({ purged }: Figures): Pick<RunStatus, 'purged'> =>
  purged ? { purged: { rows: purged.rows, at: purged.at } } : {};

/** Nobody can be running without the lock: such a run belongs to a process that died. */
const statusOf = (status: string, atWork: boolean): RunStatus['status'] =>
  status === 'running' && !atWork ? 'interrupted' : (status as RunStatus['status']);
