import type { Applied } from '../apply';
import type { Examination } from '../examine';
import type { Outcome, Step } from '../outcome';
import { inTheLightOf } from './declined';

/** The part of a look that an outcome is made from. */
interface Seen {
  readonly report: Pick<Examination['report'], 'findings'>;
  /** What a new plan would hold. */
  readonly steps?: readonly Step[];
}

/** What a run has done, and what its last look says of it. */
export function outcomeOf(
  runId: string | undefined,
  applied: readonly Applied[],
  { report, steps: left = [] }: Seen,
  durationMs: number,
): Outcome {
  const steps = applied.flatMap(({ results }) => results);
  const sum = (of: (rows: Applied) => number): number => applied.reduce((total, rows) => total + of(rows), 0);
  return {
    runId,
    status: statusOf(steps, report),
    steps,
    rowsDeleted: sum(({ deleted }) => deleted),
    rowsNullified: sum(({ nullified }) => nullified),
    rowsReparented: sum(({ reparented }) => reparented),
    parentsCreated: sum(({ created }) => created),
    rowsQuarantined: sum(({ quarantined }) => quarantined),
    remaining: inTheLightOf(steps, report.findings, left),
    durationMs: Math.round(durationMs),
  };
}

/** The outcome of a look that found nothing to do. */
export const nothingDone = (seen: Seen, durationMs: number): Outcome =>
  outcomeOf(undefined, [], seen, durationMs);

/** The outcome of a run that could not be carried out; what it would have mended remains. */
export const stopped = (examination: Seen | undefined, durationMs: number): Outcome => ({
  ...nothingDone(examination ?? { report: { findings: [] } }, durationMs),
  status: 'partial',
});

/** A later round may finish what an earlier one could not: a validation that met orphans hidden under a "valid" key. */
function statusOf(steps: Outcome['steps'], { findings }: Seen['report']): Outcome['status'] {
  const done = new Set(steps.flatMap(({ title, status }) => (status === 'done' ? [title] : [])));
  const open = steps.filter(({ title }) => !done.has(title)).map(({ status }) => status);
  if (open.includes('failed') || open.includes('stopped')) return 'partial';
  if (open.includes('refused') || findings.some(({ repair }) => repair === 'refused')) return 'refused';
  return done.size > 0 ? 'repaired' : 'clean';
}
