import { applySteps, type Applied, type Run } from '../apply';
import { catalogSearchPath } from '../catalog/session-guards';
import { withSession, type Database, type Session } from '../db';
import { FkGuardError } from '../errors';
import type { Events } from '../events';
import { examine, type Examination, type Subject } from '../examine';
import { holdOf } from './hold';
import { openLedger } from './ledger';
import { ledgerPlace } from './ledger-place';
import { readOnly, type Look } from './look';
import { startPace } from './pace';
import type { Runner } from './runner';
import { lastLook } from './time-left';
import { asReviewed, whatMoved } from '../fingerprint';
import type { Outcome, Plan, Step } from '../outcome';
import { outcomeOf } from './outcome-of';
import { refusalsOf } from './refusals';
import { checkPrivileges } from './privileges';

/** What carrying out repairs needs, whichever door it came through. */
export interface Task extends Subject {
  /** Where the sessions come from that write; the same, where no pooler stands between. */
  readonly writer: Database;
  readonly events: Events;
  /** The migration that asks, for the ledger. */
  readonly origin?: string | undefined;
}

/** What all rounds of a run share. */
type OpenRun = Omit<Run, 'refusals' | 'seen'>;

/** Which of a plan's steps are meant: all, or only those that a sync needs before it. */
export type StepFilter = (step: Step) => boolean;

/** A clean-up can bring new things to light (a chain of orphans); this many looks and repairs are enough for any. */
const MOST_ROUNDS = 5;

/** Plans and applies under the runner's lock until nothing automatic is left, then looks a second time. */
export const carryOut = (
  task: Task,
  runner: Runner,
  reviewed?: Plan,
  wanted: StepFilter = () => true,
): Promise<Outcome> =>
  withSession(task.writer, (session) => carryOutIn(session, task, runner, reviewed, wanted));

/** The same in a session that has looked already: a server is slow to learn its own catalog anew. `counted` is from that look. */
export async function carryOutIn(
  session: Session,
  task: Task,
  runner: Runner,
  reviewed?: Plan,
  wanted: StepFilter = () => true,
  counted: Look['counted'] = [],
): Promise<Outcome> {
  const started = performance.now();
  let examination = await examine(session, { ...task, counted });
  assertUnmoved(reviewed, examination.plan);
  const { catalog: seen } = examination.snapshot;
  let run: OpenRun | undefined;
  const applied: Applied[] = [];
  for (let round = 0; round < MOST_ROUNDS && examination.steps.some(wanted); round++) {
    const steps = asReviewed(examination.steps, reviewed).filter(wanted);
    run ??= await openRun(task, session, runner, { ...examination, steps });
    const refusals = await refusalsOf(session, task, steps, examination);
    applied.push(await applySteps({ ...run, refusals, seen }, steps, round));
    const next = await lookAgain(session, task);
    if (!next) return unseen(session, run, applied, examination, performance.now() - started);
    examination = next;
    if (reviewed || !worthAnotherRound(applied, examination.steps.filter(wanted))) break;
  }
  const outcome = outcomeOf(run?.ledger.runId, applied, examination, performance.now() - started);
  await run?.ledger.finish(session, outcome);
  task.events.emit('verify', { report: { ...examination.report, findings: outcome.remaining } });
  return outcome;
}

/** The look after the repairs; none where a start-up has no time for it, or where somebody has cancelled the run. */
const lookAgain = (session: Session, task: Task): Promise<Examination | undefined> =>
  examine(session, lastLook(task), 'rows', 'under way').catch((error: unknown) => {
    if (error instanceof FkGuardError && ['BUDGET', 'CANCELLED'].includes(error.code)) return undefined;
    throw error;
  });

/** Nobody has looked at the result, so it is neither repaired nor clean; what was done is known all the same. */
async function unseen(
  session: Session,
  { ledger }: Pick<Run, 'ledger'>,
  applied: readonly Applied[],
  before: Examination,
  durationMs: number,
): Promise<Outcome> {
  const results = new Map(
    applied.flatMap((round) => round.results.map(({ title, status }) => [title, status])),
  );
  const open = new Set(
    before.steps.flatMap(({ title, because }) => (results.get(title) === 'done' ? [] : because)),
  );
  const findings = before.report.findings.filter(({ id, repair }) => repair !== 'automatic' || open.has(id));
  const outcome: Outcome = {
    ...outcomeOf(ledger.runId, applied, { report: { findings }, steps: before.steps }, durationMs),
    status: 'partial',
  };
  await ledger.finish(session, outcome);
  return outcome;
}

/** Something was done that may have changed the rest, and not all of that has been declined already. */
function worthAnotherRound(applied: readonly Applied[], left: readonly Step[]): boolean {
  const declined = applied.flatMap(({ results }) =>
    results.flatMap(({ title, status }) => (status === 'refused' || status === 'skipped' ? [title] : [])),
  );
  const last = applied.at(-1)?.results ?? [];
  if (last.some(({ status, error }) => status === 'stopped' || error?.code === 'RUNNER_LOST')) return false;
  return last.some(({ status }) => status === 'done') && left.some(({ title }) => !declined.includes(title));
}

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
): Promise<OpenRun> {
  const { schema } = settings.quarantine;
  const place = await readOnly(session, { settings, deadline }, [catalogSearchPath], () =>
    ledgerPlace(session, schema),
  );
  const lacking = checkPrivileges(steps, snapshot.catalog, place);
  if (lacking) events.emit('warning', { message: `${lacking.message} ${lacking.advice}` });
  await holdOf(session, { settings, deadline });
  runner.assertHeld();
  const ledger = await openLedger(session, settings, origin);
  const run = { session, settings, events, runner, deadline, ledger };
  return { ...run, pace: startPace(run) };
}
