import type { LedgerStatus, NotValidKey, RunStatus, Status } from '../status/status';
import { visibleIn } from '../visible';
import {
  ageLabel,
  bytesLabel,
  count,
  databaseLabel,
  document,
  durationLabel,
  listed,
  paragraph,
  placeLabel,
  timeLabel,
} from './layout';
import { plain, type Paint } from './paint';

/** What the guard has done here and what is left of it, for a person. */
export function statusText(data: Status, paint: Paint = plain): string {
  const status = visibleIn(data);
  const { ledger, runs, notValid } = status;
  return document([
    `${headline(ledger, paint)}\n${paint.faint(databaseLabel(status.database))}`,
    ...runs.map((run) => runBlock(run, goingOn(run, runs), paint)),
    keys(notValid, paint),
    quarantine(status, paint),
  ]);
}

/** The command that puts a run's rows back, where there is anything to put back. */
export const restoreCommand = ({ runId, open }: Pick<RunStatus, 'runId' | 'open'>): string | undefined =>
  open > 0 ? `fk-guard restore ${runId}` : undefined;

function headline({ schema, state, runs, error }: LedgerStatus, paint: Paint): string {
  if (error)
    return [
      paint.error('The ledger cannot be read.'),
      paragraph('  ', error.message, paint),
      paragraph('  ', error.advice, paint),
    ].join('\n');
  if (state === 'none')
    return paragraph(
      '',
      `No run yet: there is no schema "${schema}", so the guard has changed nothing here.`,
      paint,
    );
  if (state === 'empty')
    return paragraph('', `No run yet: the schema "${schema}" has none of the guard's tables.`, paint);
  return runs === 0 ? 'No run yet.' : `${count(runs, 'run')} in the ledger, the latest first:`;
}

function runBlock(run: RunStatus, further: string, paint: Paint): string {
  const colour =
    { clean: paint.good, repaired: paint.good, running: paint.info }[run.status as string] ?? paint.warning;
  const facts = [
    timeLabel(run.startedAt),
    ...(run.durationMs === undefined ? [] : [durationLabel(run.durationMs)]),
    ...(run.origin === undefined ? [] : [`by the migration ${run.origin}`]),
    ...(run.resumes === undefined ? [] : [`went on from ${run.resumes}`]),
  ];
  const command = restoreCommand(run);
  return [
    `${paint.strong(run.runId)}  ${colour(run.status)}`,
    paragraph('  ', facts.join(', '), paint),
    paragraph('  ', rows(run), paint),
    ...(run.rowsQuarantined > 0 ? [paragraph('  ', copies(run), paint)] : []),
    ...(command === undefined ? [] : [`  to put them back: ${command}`]),
    ...(further === '' ? [] : [paint.warning(paragraph('  ', further, paint))]),
  ].join('\n');
}

function rows(run: RunStatus): string {
  const parts = [
    ...(run.rowsDeleted > 0 ? [`${count(run.rowsDeleted, 'row')} deleted`] : []),
    ...(run.rowsNullified > 0 ? [`${count(run.rowsNullified, 'key')} set to NULL`] : []),
    ...(run.rowsReparented > 0 ? [`${count(run.rowsReparented, 'row')} given another parent`] : []),
    ...(run.rowsConverted > 0 ? [`${count(run.rowsConverted, 'value')} converted`] : []),
    ...(run.parentsCreated > 0 ? [`${count(run.parentsCreated, 'parent')} created`] : []),
  ];
  return parts.length === 0 ? 'no row deleted or changed' : listed(parts);
}

function copies({ rowsQuarantined, open, restored, purged }: RunStatus): string {
  const parts = [
    ...(open > 0 ? [`${open.toLocaleString('en-US')} open`] : []),
    ...(restored > 0 ? [`${restored.toLocaleString('en-US')} put back`] : []),
    ...(purged ? [`${purged.rows.toLocaleString('en-US')} purged on ${timeLabel(purged.at)}`] : []),
  ];
  return `${count(rowsQuarantined, 'row')} quarantined, cascades included: ${listed(parts)}`;
}

/** How to go on; nothing to say about runs that are history. */
function goingOn({ runId, status, goesOn, limited }: RunStatus, runs: readonly RunStatus[]): string {
  if (status === 'running') return 'It is at work now.';
  if (!goesOn) return '';
  const counts = 'What it has taken counts for the limits.';
  if (runs.some((later) => later.goesOn && later.resumes === runId))
    return `A later run went on from it and has not ended either. ${counts}`;
  if (limited)
    return `A limit stopped it. Look at the rows with fk-guard check; if they are to go, raise limits and run fk-guard apply. ${counts}`;
  return `It stopped part way; what is done stays done. To go on: fk-guard apply. ${counts}`;
}

function keys(notValid: readonly NotValidKey[], paint: Paint): string {
  if (notValid.length === 0) return 'Every foreign key is validated.';
  const lines = notValid.map(({ constraint, child, parent, relation, enforced }) => {
    const state = enforced ? 'NOT VALID' : 'NOT ENFORCED';
    const whose = relation === undefined ? 'of no relation in the models' : `of ${relation}`;
    return `${paragraph('  ', `${constraint}, ${state}, ${whose}`, paint)}\n${paint.faint(paragraph('    ', `${placeLabel(child)} -> ${placeLabel(parent)}`, paint))}`;
  });
  const next = notValid.some(({ relation }) => relation !== undefined)
    ? ['What stands in the way: fk-guard check']
    : [];
  return [
    paint.warning(`${count(notValid.length, 'foreign key')} not validated yet:`),
    ...lines,
    ...next,
  ].join('\n');
}

function quarantine({ ledger, quarantine: kept }: Status, paint: Paint): string {
  if (ledger.state !== 'ready') return '';
  if (kept.rows === 0) return `The quarantine is empty (${bytesLabel(kept.bytes)} on disk).`;
  const lines = kept.tables.map(({ table, rows: all, open, restored, bytes, oldestMs }) =>
    paragraph(
      '  ',
      `${table}: ${count(all, 'row')}, ${open.toLocaleString('en-US')} open, ${restored.toLocaleString('en-US')} put back, ${bytesLabel(bytes)}${oldestMs === undefined ? '' : `, the oldest ${ageLabel(oldestMs)} old`}`,
      paint,
    ),
  );
  return [
    paint.strong(
      `The quarantine holds ${count(kept.rows, 'row')} (${kept.open.toLocaleString('en-US')} open), ${bytesLabel(kept.bytes)} on disk:`,
    ),
    ...lines,
  ].join('\n');
}
