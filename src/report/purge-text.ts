import type { KeptRun, PurgedRun, PurgeOutcome } from '../quarantine-outcome';
import { visibleIn } from '../visible';
import { count, databaseLabel, document, paragraph, timeLabel } from './layout';
import { plain, type Paint } from './paint';

/** Which copies go, or have gone, for a person: each run with its tables, rows and age, then what stays and why. */
export function purgeText(data: PurgeOutcome, done: boolean, paint: Paint = plain): string {
  const outcome = visibleIn(data);
  return document([
    [
      headline(outcome, done, paint),
      paint.faint(`Runs whose last copy is from before ${timeLabel(outcome.before)}`),
      paint.faint(databaseLabel(outcome.database)),
    ].join('\n'),
    ...outcome.runs.map((run) => runBlock(run, paint)),
    keptBlock(outcome.kept, paint),
  ]);
}

/** How many copies, in words. */
export const copies = (rows: number): string => count(rows, 'copy', 'copies');

function headline({ rows, runs }: PurgeOutcome, done: boolean, paint: Paint): string {
  if (rows === 0) return `${paint.good('Nothing to purge')}.`;
  const verb = done ? 'purged' : 'would be purged for good';
  return `${paint.error(`${copies(rows)} ${verb}`)}, of ${count(runs.length, 'run')}.`;
}

function runBlock({ runId, rows, restored, oldest, newest, tables }: PurgedRun, paint: Paint): string {
  const times = [...new Set([timeLabel(oldest), timeLabel(newest)])].join(' to ');
  return [
    paint.strong(`Run ${runId}`),
    paragraph('  ', `${copies(rows)}${backLabel(rows, restored)}, taken ${times}`, paint),
    ...tables.map((own) =>
      paragraph('  ', `${own.table}: ${copies(own.rows)}${backLabel(own.rows, own.restored)}`, paint),
    ),
  ].join('\n');
}

/** The other ones are what a restore could still bring back. */
const backLabel = (rows: number, restored: number): string =>
  restored === 0
    ? ''
    : restored === rows
      ? ' (all put back)'
      : ` (${restored.toLocaleString('en-US')} put back)`;

const REASON: Readonly<Record<KeptRun['reason'], string>> = {
  'at-work': 'a guard is at work, and it may be this run',
  unfinished: 'it has not ended: the next run goes on from it (fk-guard apply)',
};

const keptBlock = (kept: readonly KeptRun[], paint: Paint): string =>
  kept
    .map(({ runId, rows, reason }) =>
      paragraph(
        '',
        `${paint.warning('Kept')}: ${copies(rows)} of run ${runId}, because ${REASON[reason]}.`,
        paint,
      ),
    )
    .join('\n');
