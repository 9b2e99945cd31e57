import type { Change, Strategy } from '../changes/change';
import type { Lock } from '../changes/statement';
import { tableId } from '../names';
import type { Plan, Step } from '../outcome';
import { visibleIn } from '../visible';
import { count, databaseLabel, document, indented, listed, paragraph } from './layout';
import { plain, type Paint } from './paint';
import { unplannedText } from './tenants-text';

/** A plan for a person: what will be done, in order, with the SQL, the locks and the rows; then what was refused. */
export function planText(data: Plan, paint: Paint = plain): string {
  const plan = visibleIn(data);
  return document([
    headline(plan, paint),
    ...plan.steps.map((step, index) => stepBlock(step, index + 1, paint)),
    refusals(plan, paint),
    unplannedText(plan, paint),
  ]);
}

/** The statements of a plan alone, each with its step as a comment, for a person to read or to run by hand. */
export function planSql(data: Plan): string {
  const plan = visibleIn(data);
  if (plan.steps.length === 0) return '-- Nothing to do.\n';
  return document(
    plan.steps.map((step, index) =>
      [`-- ${index + 1}. ${oneLine(step.title)}`, ...statements(step)].join('\n'),
    ),
  );
}

const statements = (step: Step): readonly string[] =>
  step.statements.length === 0
    ? ['-- (by fk-guard itself, in batches)']
    : step.statements.map(({ sql }) => terminated(sql));

/** How many rows the steps of a plan remove or change. */
export const rowsOf = (plan: Plan): number => plan.steps.reduce((sum, step) => sum + step.rows, 0);

const oneLine = (text: string): string => text.replace(/\s+/g, ' ');
/** A statement that ends as one. */
export const terminated = (text: string): string =>
  text.trimEnd().endsWith(';') ? text.trimEnd() : `${text.trimEnd()};`;

function headline(plan: Plan, paint: Paint): string {
  const refused = plan.refusals.length === 0 ? '' : `, ${paint.warning(`${plan.refusals.length} refused`)}`;
  const work =
    plan.steps.length === 0
      ? paint.good('Nothing to do')
      : `${count(plan.steps.length, 'step')}, ${rowsWords(plan, paint)}`;
  return `${work}${refused}.\n${paint.faint(databaseLabel(plan.database))}`;
}

function rowsWords(plan: Plan, paint: Paint): string {
  const { removed, nullified, reparented, converted, created } = rowsByStrategy(plan);
  const parts = [
    ...(removed > 0 ? [paint.error(`${count(removed, 'row')} will be removed`)] : []),
    ...(nullified > 0 ? [paint.warning(`${count(nullified, 'row')} will lose their key`)] : []),
    ...(reparented > 0 ? [paint.warning(`${count(reparented, 'row')} will get another parent`)] : []),
    ...(converted > 0 ? [paint.warning(`${count(converted, 'value')} will change with the type`)] : []),
    ...(created > 0 ? [paint.warning(`${count(created, 'parent')} will be created`)] : []),
  ];
  return parts.length === 0 ? 'no row is removed or changed' : listed(parts);
}

/** Rows that will be deleted, set to NULL or given another parent, values that get another form, and parents that will be created. */
export function rowsByStrategy(plan: Plan): {
  readonly removed: number;
  readonly nullified: number;
  readonly reparented: number;
  readonly converted: number;
  readonly created: number;
} {
  const sum = (of: (step: Step) => number): number => plan.steps.reduce((total, step) => total + of(step), 0);
  const cleaned = (strategy: Strategy): number =>
    sum(({ change, rows }) =>
      CLEANING.includes(change.op) && 'strategy' in change && change.strategy === strategy ? rows : 0,
    );
  return {
    removed: cleaned('delete'),
    nullified: cleaned('nullify'),
    reparented: cleaned('reparent'),
    converted: sum(({ change, rows }) => ('conversion' in change ? rows : 0)),
    created: sum(({ change }) => ('parents' in change ? change.parents.length : 0)),
  };
}

const CLEANING: readonly string[] = ['clean-orphans', 'clean-uncastable'] satisfies Change['op'][];

function stepBlock(step: Step, number: number, paint: Paint): string {
  const lines = [paint.strong(paragraph(`${String(number).padStart(3)}. `, step.title, paint))];
  if (step.rows > 0)
    lines.push(
      `     rows   ${step.rows.toLocaleString('en-US')}, ${'conversion' in step.change ? '' : 'in batches, '}each copied to the quarantine first`,
    );
  for (const statement of step.statements) {
    if (statement.locks.length > 0)
      lines.push(paint.faint(paragraph('     locks  ', statement.locks.map(lockLabel).join(', '), paint)));
    lines.push(indented(7, terminated(statement.sql)));
  }
  return lines.join('\n');
}

const lockLabel = (lock: Lock): string => `${lock.mode} on ${tableId(lock.table)}`;

function refusals(plan: Plan, paint: Paint): string {
  if (plan.refusals.length === 0) return '';
  const kinds = new Map<string, string[]>();
  for (const refusal of plan.refusals) {
    const { subject, kind } = refusedOf(plan, refusal.finding);
    const reason = [
      paragraph('    ', refusal.message, paint),
      paragraph(
        '    to allow  ',
        refusal.option === '' ? 'no option allows it; mend the cause first' : refusal.option,
        paint,
      ),
    ].join('\n');
    const key = JSON.stringify([subject, reason]);
    kinds.set(key, [...(kinds.get(key) ?? []), kind]);
  }
  const blocks = [...kinds].map(([key, refused]) => {
    const [subject, reason] = JSON.parse(key) as [string, string];
    return `  ${[subject, refused.join(', ')].join('  ').trimEnd()}\n${reason}`;
  });
  return [paint.warning('Refused; nothing of this will be touched:'), ...blocks].join('\n\n');
}

function refusedOf(plan: Plan, id: string): { readonly subject: string; readonly kind: string } {
  const finding = plan.findings.find((one) => one.id === id);
  if (!finding) return { subject: id, kind: '' };
  return {
    subject: finding.relation ?? `${finding.child.schema}.${finding.child.table}`,
    kind: finding.kind,
  };
}
