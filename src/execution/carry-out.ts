import { applySteps, type Applied, type Run } from '../apply';
import { catalogSearchPath } from '../catalog/session-guards';
import { transaction, withSession, type Database, type Session } from '../db';
import { FkGuardError } from '../errors';
import type { Events } from '../events';
import { examine, type Examination } from '../examine';
import { inTheLightOf } from './declined';
import { openLedger } from './ledger';
import { ledgerExists } from './ledger-schema';
import type { Runner } from './runner';
import { reading } from './session-settings';
import { asReviewed, whatMoved } from '../fingerprint';
import type { Settings } from '../options';
import type { Outcome, Plan, Step } from '../outcome';
import { checkPrivileges, withoutRights } from './privileges';
import type { Expected } from '../expected';

/** What carrying out repairs needs, whichever door it came through. */
export interface Task {
  readonly database: Database;
  readonly expected: Expected;
  readonly settings: Settings;
  readonly events: Events;
  readonly deadline: number;
  /** The migration that asks, for the ledger. */
  readonly origin?: string | undefined;
}

/** Which of a plan's steps are meant: all, or only those that a sync needs before it. */
export type StepFilter = (step: Step) => boolean;

/** A clean-up can bring new things to light (a chain of orphans); this many looks and repairs are enough for any. */
const MOST_ROUNDS = 5;

/** Plans and applies under the runner's lock until nothing automatic is left, then looks a second time. */
export async function carryOut(
  task: Task,
  runner: Runner,
  reviewed?: Plan,
  wanted: StepFilter = () => true,
): Promise<Outcome> {
  const started = performance.now();
  return withSession(task.database, async (session) => {
    let examination = await examine(session, task.database, task.expected, task.settings);
    assertUnmoved(reviewed, examination.plan);
    let run: Omit<Run, 'refusals'> | undefined;
    const applied: Applied[] = [];
    for (let round = 0; round < MOST_ROUNDS && examination.steps.some(wanted); round++) {
      const steps = asReviewed(examination.steps, reviewed).filter(wanted);
      run ??= await openRun(task, session, runner, { ...examination, steps });
      const refusals = withoutRights(steps, examination.snapshot.catalog);
      applied.push(await applySteps({ ...run, refusals }, steps, round));
      examination = await examine(session, task.database, task.expected, task.settings, 'rows', 'under way');
      if (reviewed || !worthAnotherRound(applied, examination.steps.filter(wanted))) break;
    }
    const outcome = outcomeOf(run?.ledger.runId, applied, examination, performance.now() - started);
    await run?.ledger.finish(session, outcome);
    task.events.emit('verify', { report: { ...examination.report, findings: outcome.remaining } });
    return outcome;
  });
}

/** Something was done that may have changed the rest, and not all of that has been declined already. */
function worthAnotherRound(applied: readonly Applied[], left: readonly Step[]): boolean {
  const declined = applied.flatMap(({ results }) =>
    results.flatMap(({ title, status }) => (status === 'refused' || status === 'skipped' ? [title] : [])),
  );
  return (
    (applied.at(-1)?.results.some(({ status }) => status === 'done') ?? false) &&
    left.some(({ title }) => !declined.includes(title))
  );
}

/** The part of a look that an outcome is made from. */
interface Seen {
  readonly report: Pick<Examination['report'], 'findings'>;
  /** What a new plan would hold. */
  readonly steps?: readonly Step[];
}

/** The outcome of a look that found nothing to do. */
export const nothingDone = (seen: Seen, durationMs: number): Outcome =>
  outcomeOf(undefined, [], seen, durationMs);

/** The outcome of a run that could not be carried out; what it would have mended remains. */
export const stopped = (examination: Seen | undefined, durationMs: number): Outcome => ({
  ...nothingDone(examination ?? { report: { findings: [] } }, durationMs),
  status: 'partial',
});

function assertUnmoved(reviewed: Plan | undefined, current: Plan): void {
  const moved = reviewed && whatMoved(reviewed, current);
  if (moved)
    throw new FkGuardError(
      'PLAN_STALE',
      `The plan is stale: ${moved}.`,
      'Make a new plan and look at it again. Nothing was changed.',
    );
}

async function openRun(
  { settings, events, deadline, origin }: Task,
  session: Session,
  runner: Runner,
  { steps, snapshot }: Pick<Examination, 'steps' | 'snapshot'>,
): Promise<Omit<Run, 'refusals'>> {
  const { schema } = settings.quarantine;
  const exists = await transaction(session, 'read only', [reading(settings), catalogSearchPath], () =>
    ledgerExists(session, schema),
  );
  const lacking = checkPrivileges(steps, snapshot.catalog, { schema, exists });
  if (lacking) events.emit('warning', { message: `${lacking.message} ${lacking.advice}` });
  return { session, settings, events, runner, deadline, ledger: await openLedger(session, settings, origin) };
}

function outcomeOf(
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

/** A later round may finish what an earlier one could not: a validation that met orphans hidden under a "valid" key. */
function statusOf(steps: Outcome['steps'], { findings }: Seen['report']): Outcome['status'] {
  const done = new Set(steps.flatMap(({ title, status }) => (status === 'done' ? [title] : [])));
  const open = steps.filter(({ title }) => !done.has(title)).map(({ status }) => status);
  if (open.includes('failed')) return 'partial';
  if (open.includes('refused') || findings.some(({ repair }) => repair === 'refused')) return 'refused';
  return done.size > 0 ? 'repaired' : 'clean';
}
