import type { RestoredSchema, RestoreOutcome } from '../quarantine-outcome';
import { visibleIn } from '../visible';
import { count, document, paragraph, timeLabel } from './layout';
import { plain, type Paint } from './paint';

/** What became of the rows of a run that were to be put back. */
export function restoreText(data: RestoreOutcome, dryRun: boolean, paint: Paint = plain): string {
  const outcome = visibleIn(data);
  const verb = dryRun ? 'could be put back' : 'put back';
  const failed =
    outcome.failed.length === 0
      ? ''
      : `, ${paint.warning(`${count(outcome.failed.length, 'row')} could not`)}`;
  const headline = `Run ${outcome.runId}: ${count(outcome.restored, 'row')} ${verb}${failed}.`;
  const blocks = outcome.failed.map(
    ({ table, row, reason }) =>
      `${paragraph('  ', `${table} ${row}`, paint)}\n${paragraph('    ', reason, paint)}`,
  );
  return document([
    headline,
    earlier(outcome, paint),
    blocks.join('\n'),
    outcome.schema ? schema(outcome.schema, outcome, dryRun, paint) : '',
    parents(outcome, paint),
    purged(outcome, paint),
  ]);
}

const earlier = ({ earlier: before }: RestoreOutcome, paint: Paint): string =>
  before
    ? paragraph(
        '',
        `${count(before.rows, 'row')} of this run had been put back before, the last on ${timeLabel(before.at)}.`,
        paint,
      )
    : '';

/** The statements stand as they are sent, so that a person can carry them out in a terminal. */
function schema(
  { undone, statements, open }: RestoredSchema,
  { runId }: RestoreOutcome,
  dryRun: boolean,
  paint: Paint,
): string {
  const what = undone
    ? 'What the run had done to the schema was taken back:'
    : dryRun
      ? 'This would take back what the run has done to the schema; the rows come back before the keys:'
      : `What the run has done to the schema keeps rows out. fk-guard restore ${runId} --schema takes it back as well, by these statements; the rows come back before the keys:`;
  return [
    paragraph('', what, paint),
    ...statements.map((statement) => `  ${statement};`),
    ...open.map(({ statement, reason }) =>
      [
        paint.warning(paragraph('', `A key could not come back: ${reason}. When that is mended:`, paint)),
        `  ${statement};`,
      ].join('\n'),
    ),
    ...(undone
      ? [
          paragraph(
            '',
            'The next run repairs it all again: decide about these rows first (orphans, relations).',
            paint,
          ),
        ]
      : []),
  ].join('\n');
}

const parents = ({ createdParents = [] }: RestoreOutcome, paint: Paint): string =>
  createdParents
    .map(({ table, rows }) =>
      paragraph(
        '',
        `${count(rows, 'parent')} that the run created in ${table} ${rows === 1 ? 'stays' : 'stay'}.`,
        paint,
      ),
    )
    .join('\n');

const purged = ({ purged: gone }: RestoreOutcome, paint: Paint): string =>
  gone
    ? paragraph(
        '',
        `${count(gone.rows, 'copy', 'copies')} of this run ${gone.rows === 1 ? 'was' : 'were'} purged on ${timeLabel(gone.at)} and cannot come back.`,
        paint,
      )
    : '';
