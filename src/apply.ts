import { lastly } from './cancel';
import type { Catalog } from './catalog/catalog';
import type { Change } from './changes/change';
import type { Session } from './db';
import { convert, isConverting } from './conversion/carry-out';
import type { Events } from './events';
import { failureOf } from './execution/failure';
import type { Ledger } from './execution/ledger';
import type { Pace } from './execution/pace';
import type { Runner } from './execution/runner';
import { writing } from './execution/session-settings';
import { NO_ROWS, plus, type Rows } from './execution/rows';
import { runStatements } from './execution/statements';
import { asOnlyWriter } from './execution/step-lock';
import { inTimeOr } from './execution/time-left';
import type { Work } from './execution/work';
import type { Settings } from './options';
import type { Step, StepResult } from './outcome';
import { cleanOrphans, isCleaning } from './quarantine/clean';
import { createParents, isCreation } from './quarantine/create-parents';
import { dropLeftOverList } from './quarantine/left-over-list';

/** What all steps of a run share. */
export interface Run {
  readonly session: Session;
  readonly settings: Settings;
  readonly events: Events;
  readonly ledger: Ledger;
  readonly runner: Runner;
  readonly pace: Pace;
  readonly deadline: number;
  /** The catalog as it was at the first look of the run: what is replaced under way is not judged by until the next. */
  readonly seen: Catalog;
  /** Changes that must not be tried, such as those that the role has no right to. */
  readonly refusals: ReadonlyMap<Change, Error>;
}

/** What became of a plan's steps. */
export interface Applied extends Rows {
  readonly results: readonly StepResult[];
}

/** Carries out steps in their order; a step that fails takes with it the steps that require it, and no others. */
export async function applySteps(run: Run, planned: readonly Step[], round: number): Promise<Applied> {
  const steps = round === 0 ? planned : planned.map((step) => inRound(step, round));
  const results: StepResult[] = [];
  let total = NO_ROWS;
  for (const [i, step] of steps.entries()) {
    const stopped = results.some(({ status }) => status === 'stopped');
    const { result, rows } = stopped
      ? skipped(step)
      : await applyStep(run, [step, ...steps.slice(i + 1)], results);
    results.push(result);
    total = plus(total, rows);
    run.events.emit('stepDone', { result });
  }
  // Also when the run was cancelled.
  await dropLeftOverList({ ...run, session: lastly(run.session) });
  return { results, ...total };
}

/** A step that is not even begun. */
const skipped = (step: Step): { readonly result: StepResult; readonly rows: Rows } => ({
  result: { ...head(step), status: 'skipped', rows: 0, durationMs: 0 },
  rows: NO_ROWS,
});

/** Later rounds look at the database anew and number their steps anew; in one run's ledger the names must differ. */
const inRound = (step: Step, round: number): Step => ({
  ...step,
  id: `${round + 1}.${step.id}`,
  requires: step.requires.map((id) => `${round + 1}.${id}`),
});

async function applyStep(
  run: Run,
  [step, ...later]: readonly [Step, ...Step[]],
  before: readonly StepResult[],
): Promise<{ result: StepResult; rows: Rows }> {
  const unmet = step.requires.find((id) => before.find((result) => result.id === id)?.status !== 'done');
  if (unmet !== undefined) return skipped(step);
  run.events.emit('step', { id: step.id, title: step.title, rows: step.rows });
  const started = performance.now();
  // What a clean-up has committed before it failed stays removed, so it is counted whatever happens.
  let rows = NO_ROWS;
  const soFar = () => ({
    ...head(step),
    rows: rows.deleted + rows.nullified + rows.reparented + rows.created,
    durationMs: Math.round(performance.now() - started),
  });
  const record = () => run.ledger.record(run.session, step, { ...soFar(), status: 'done' });
  try {
    const after = later.map(({ change }) => change).filter((change) => !run.refusals.has(change));
    const refusal = run.refusals.get(step.change);
    if (refusal) throw refusal;
    await carryOutStep({ ...run, step, after }, record, (cleaned) => (rows = cleaned));
    return { result: { ...soFar(), status: 'done' }, rows };
  } catch (error) {
    return { result: { ...soFar(), ...failureOf(inTimeOr(error, run.deadline, step.title)) }, rows };
  }
}

async function carryOutStep(
  work: Work,
  record: () => Promise<void>,
  report: (rows: Rows) => void,
): Promise<void> {
  const { change, title } = work.step;
  await work.pace.next(title);
  if (isConverting(change)) {
    const quarantined = await convert(work, change, record);
    work.pace.spend(quarantined);
    return report({ ...NO_ROWS, quarantined });
  }
  if (isCreation(change)) return create(work, change, record, report);
  if (!isCleaning(change)) {
    await runStatements(work, record);
    return work.pace.spend(0);
  }
  await cleanOrphans(work, change, (rows) => report({ ...NO_ROWS, ...rows }));
  await asOnlyWriter(work.session, work.runner, [writing(work.settings)], record);
}

async function create(
  work: Work,
  change: Parameters<typeof createParents>[1],
  record: () => Promise<void>,
  report: (rows: Rows) => void,
): Promise<void> {
  let made = 0;
  work.pace.assertFits(change.parents.length, work.step.title);
  await createParents(work, change, (created) => {
    report({ ...NO_ROWS, created: (made = created) });
    return record();
  });
  work.pace.spend(made);
}

const head = ({ id, title }: Step): { readonly id: string; readonly title: string } => ({ id, title });
