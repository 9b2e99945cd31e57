import type { Outcome, StepResult } from '../outcome';
import { visible, visibleIn } from '../visible';
import { findingBlocks } from './findings-text';
import { count, document, durationLabel, listed, paragraph } from './layout';
import { plain, type Paint } from './paint';
import { tenantRunsText } from './tenants-text';

/** What a run did, for a person: each step, the rows, where their copies are and how they come back. */
export function outcomeText(
  data: Outcome,
  quarantineSchema: string | undefined,
  paint: Paint = plain,
): string {
  const outcome = visibleIn(data);
  const width = Math.max(...outcome.steps.map((step) => step.status.length), 0);
  return document([
    headline(outcome, paint),
    outcome.steps.map((step, index) => stepLine(step, index + 1, width, paint)).join('\n'),
    outcome.status === 'partial' ? 'What is done stays done. Run it again to go on.' : '',
    outcome.tenants
      ? tenantRunsText(outcome, paint)
      : quarantine(outcome, quarantineSchema && visible(quarantineSchema), paint),
    outcome.remaining.length === 0 ? '' : paint.strong(remaining(outcome, paint)),
    ...findingBlocks(outcome.remaining, paint),
  ]);
}

function verdict({ status, steps }: Outcome): string {
  if (status === 'partial') return 'Stopped part way';
  if (status === 'refused')
    return steps.some((step) => step.status === 'done') ? 'Repaired in part, the rest refused' : 'Refused';
  return status === 'clean' ? 'Nothing to do' : 'Repaired';
}

function headline(outcome: Outcome, paint: Paint): string {
  const colour = outcome.status === 'partial' || outcome.status === 'refused' ? paint.warning : paint.good;
  const done = outcome.steps.filter((step) => step.status === 'done').length;
  const steps =
    outcome.steps.length === 0
      ? ''
      : ` ${done} of ${count(outcome.steps.length, 'step')}, ${rows(outcome)}, ${durationLabel(outcome.durationMs)}.`;
  return `${colour(verdict(outcome))}${steps === '' ? '.' : `:${steps}`}`;
}

function rows(outcome: Outcome): string {
  const parts = [
    ...(outcome.rowsDeleted > 0 ? [`${count(outcome.rowsDeleted, 'row')} removed`] : []),
    ...(outcome.rowsNullified > 0 ? [`${count(outcome.rowsNullified, 'key')} set to NULL`] : []),
    ...(outcome.rowsReparented > 0 ? [`${count(outcome.rowsReparented, 'row')} given another parent`] : []),
    ...(outcome.parentsCreated > 0 ? [`${count(outcome.parentsCreated, 'parent')} created`] : []),
  ];
  return parts.length === 0 ? 'no row removed or changed' : listed(parts);
}

function stepLine(step: StepResult, number: number, width: number, paint: Paint): string {
  const colour = step.status === 'done' ? paint.good : step.status === 'failed' ? paint.error : paint.warning;
  const facts = [
    ...(step.rows > 0 ? [count(step.rows, 'row')] : []),
    ...(step.status === 'done' ? [durationLabel(step.durationMs)] : []),
  ];
  const margin = `  ${step.status.padEnd(width)}  ${String(number).padStart(2)}. `;
  const text = paragraph(margin, `${step.title}${facts.length === 0 ? '' : ` (${facts.join(', ')})`}`, paint);
  const line = text.replace(step.status, () => colour(step.status));
  if (!step.error) return line;
  const indent = ' '.repeat(margin.length);
  return [
    line,
    paragraph(indent, `${step.error.code}: ${step.error.message}`, paint),
    paragraph(indent, step.error.advice, paint),
  ].join('\n');
}

function remaining({ remaining: left }: Outcome, paint: Paint): string {
  const again = left.some(({ repair }) => repair === 'automatic')
    ? ' What can be repaired now: fk-guard plan'
    : '';
  return paragraph('', `Still there: ${count(left.length, 'finding')}.${again}`, paint);
}

function quarantine(outcome: Outcome, schema: string | undefined, paint: Paint): string {
  if (schema === undefined || outcome.rowsQuarantined === 0 || outcome.runId === undefined) return '';
  const copies = `Copies of ${count(outcome.rowsQuarantined, 'row')} are in the schema "${schema}", those that a cascade took along included.`;
  return `${paragraph('', copies, paint)}\nTo put them back: fk-guard restore ${outcome.runId}`;
}
