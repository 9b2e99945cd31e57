import type { Plan, Step } from '../outcome';
import { visible, visibleSql } from '../visible';
import { count } from '../report/layout';
import { assertPlace, closeRun, giveBack, openRun, sessionSettings } from './session';
import { sql } from '../sql';
import type { ScriptSettings } from './settings';
import { stepPieces, whyOnlyByGuard, type Piece } from './step';

/** A plan as a script for psql, which does what `fk-guard apply` would do, as carefully, or stops. */
export function scriptOf(plan: Plan, settings: ScriptSettings): string {
  const { steps, refusals, database } = plan;
  const head = [
    `Written by ${settings.tool.name} ${settings.tool.version} for the database ${database.name} (PostgreSQL ${database.serverVersion}).`,
    ...(steps.length === 0 ? ['Nothing to do.'] : USE),
    ...(refusals.length > 0
      ? [`Refused and not in here: ${refusals.map(({ finding }) => finding).join(', ')}.`]
      : []),
  ].map(comment);
  if (steps.length === 0) return `${head.join('\n')}\n`;
  const last = steps.findIndex((step) => whyOnlyByGuard(step, settings) !== undefined);
  const shown = last < 0 ? steps : steps.slice(0, last + 1);
  const parts = [
    head.join('\n'),
    '\\set ON_ERROR_STOP on\n\\set AUTOCOMMIT on\n\\set ON_ERROR_ROLLBACK off\n\\set SINGLELINE off',
    pieces([
      { comment: 'A lock is not waited for long: whoever comes after would have to wait as well.' },
      ...sessionSettings(settings).map((one) => ({ sql: one })),
      { sql: assertPlace(database.name) },
    ]),
    pieces([
      { comment: 'The ledger, as fk-guard makes it: fk-guard status and fk-guard restore know this run.' },
      { sql: sql`begin` },
      ...openRun(settings).map((one) => ({ sql: one })),
      { sql: sql`commit` },
    ]),
    ...shown.map((step) => `${comment(stepLine(step))}\n${pieces(stepPieces(step, settings))}`),
    ...steps.slice(shown.length).map((step) => comment(`${stepLine(step)} (not reached)`)),
    ...(last < 0 ? [pieces([{ sql: closeRun(settings, refusals.length > 0) }, { sql: giveBack }])] : []),
  ];
  return `${parts.join('\n\n')}\n`;
}

const USE: readonly string[] = [
  'Run it with psql, in a session of its own and not through a pooler: psql -X -f <this file>',
  'It stops at the first error; what was committed stays and is in the ledger. After a stop make a new plan: this script',
  'is for the state of the database that it was made from, and refuses what has grown or changed since.',
];

const stepLine = ({ id, title, rows }: Step): string =>
  `Step ${id}: ${title}${rows > 0 ? ` (at most ${count(rows, 'row')})` : ''}`;

/** On one line, whatever a name holds: psql reads a backslash at a line's beginning as a command. */
const comment = (text: string): string => `-- ${visible(text)}`;

const pieces = (parts: readonly Piece[]): string =>
  parts
    .map((part) =>
      'sql' in part ? `${visibleSql(part.sql).trim().replace(/;$/, '')};` : comment(part.comment),
    )
    .join('\n');
