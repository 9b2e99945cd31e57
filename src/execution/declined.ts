import type { Finding, RefusalCode } from '../finding';
import type { Outcome, Step, StepResult } from '../outcome';

/**
 * The findings after a run, in the light of it: what could be repaired by the look of it, and was declined under the
 * locks, is refused. `left` are the steps that a new plan would hold.
 */
export function inTheLightOf(
  results: Outcome['steps'],
  findings: readonly Finding[],
  left: readonly Step[],
): readonly Finding[] {
  const declined = new Map(
    results.flatMap(({ title, status, error }) => (status === 'refused' && error ? [[title, error]] : [])),
  );
  const reasons = new Map<string, Reason>();
  const why = new Map<string, Reason>();
  for (const step of left) {
    const reason = declined.get(step.title) ?? step.requires.map((id) => reasons.get(id)).find(Boolean);
    if (!reason) continue;
    reasons.set(step.id, reason);
    for (const id of step.because) why.set(id, reason);
  }
  return findings.map((finding) => {
    const reason = why.get(finding.id);
    return reason && finding.repair === 'automatic' ? refusedBy(finding, reason) : finding;
  });
}

type Reason = NonNullable<StepResult['error']>;

const refusedBy = (finding: Finding, { code, message, advice }: Reason): Finding => ({
  ...finding,
  repair: 'refused',
  help: `Its rows are left: ${message} ${advice}`,
  refusal: { code: code as RefusalCode, option: OPTIONS[code] ?? '', message },
});

const OPTIONS: Readonly<Record<string, string>> = {
  LIMIT: 'limits: { rows, fraction }',
  RUN_ROWS: 'maxRunRows',
};
