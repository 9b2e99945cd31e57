import { createInterface } from 'node:readline';
import type { Plan } from '../outcome';
import type { PurgeOutcome, RestoreOutcome } from '../quarantine-outcome';
import { count, databaseLabel } from '../report/layout';
import { rowsOf } from '../report/plan-text';
import { copies } from '../report/purge-text';
import { visibleLines } from '../visible';
import { nothingWritten, untilCancelled } from './cancelling';
import { CliError } from './cli-error';
import { EXIT } from './exit-codes';
import type { Io } from './io';

/** What the command line already agreed to. */
export interface Given {
  readonly yes: boolean;
  readonly acceptDataLoss: boolean;
  /** A saved plan was reviewed by whoever saved it; only the loss of rows is asked for again. */
  readonly reviewed: boolean;
}

/** Returns when a person has agreed to the plan; throws `CONSENT` (3) or `CANCELLED` (130) when not. Asks on stderr. */
export async function obtainConsent(plan: Plan, given: Given, io: Io): Promise<void> {
  if (plan.steps.length === 0) return;
  const rows = rowsOf(plan);
  if (rows === 0 ? given.yes || given.reviewed : given.yes && given.acceptDataLoss) return;
  if (!io.interactive) throw noTerminal(rows);
  await ask(rows === 0 || given.acceptDataLoss ? plainQuestion(plan) : dataLossQuestion(plan, rows), io);
}

/** The same before copies are purged. What was put back is safe; the other copies are the only way back of their rows. */
export async function obtainPurgeConsent(
  { rows, runs, database }: PurgeOutcome,
  { yes, acceptDataLoss }: Omit<Given, 'reviewed'>,
  io: Io,
): Promise<void> {
  if (yes && acceptDataLoss) return;
  const open = runs.reduce((sum, run) => sum + run.rows - run.restored, 0);
  const loss = `${copies(rows)} of ${databaseLabel(database)} will be removed for good, ${open.toLocaleString('en-US')} of them of rows that were not put back.`;
  if (!io.interactive)
    throw new CliError(
      'CONSENT',
      EXIT.refused,
      `${loss} There is no terminal to ask at; nothing was written.`,
      'Add --yes --accept-data-loss to purge them without a question.',
    );
  await ask(
    acceptDataLoss
      ? { text: `${loss}\nType yes to go on: `, expected: 'yes' }
      : { text: `${loss}\nType the name of the database to go on: `, expected: database.name },
    io,
  );
}

/** The same before a restore changes keys and types, after its dry run has shown them. */
export async function obtainSchemaConsent(
  { runId, schema }: RestoreOutcome,
  { yes }: Pick<Given, 'yes'>,
  io: Io,
): Promise<void> {
  const statements = schema?.statements.length ?? 0;
  if (yes || statements === 0) return;
  const what = `${count(statements, 'statement')} would take back what run ${runId} has done to the schema.`;
  if (!io.interactive)
    throw new CliError(
      'CONSENT',
      EXIT.refused,
      `${what} There is no terminal to ask at; nothing was written.`,
      'Add --yes to carry them out without a question.',
    );
  await ask({ text: `${what}\nType yes to go on: `, expected: 'yes' }, io);
}

function noTerminal(rows: number): CliError {
  if (rows === 0) {
    return new CliError(
      'CONSENT',
      EXIT.refused,
      'There is no terminal to ask at; nothing was written.',
      'Add --yes to apply this plan without a question.',
    );
  }
  const message = `${count(rows, 'row')} would be removed or changed and there is no terminal to ask at; nothing was written.`;
  return new CliError(
    'CONSENT',
    EXIT.refused,
    message,
    'Add --yes --accept-data-loss to apply this plan without a question.',
  );
}

interface Question {
  readonly text: string;
  readonly expected: string;
}

const plainQuestion = (plan: Plan): Question => ({
  text: `Apply ${count(plan.steps.length, 'step')} to ${databaseLabel(plan.database)}? Type yes to go on: `,
  expected: 'yes',
});

const dataLossQuestion = (plan: Plan, rows: number): Question => ({
  text: `${count(rows, 'row')} of ${databaseLabel(plan.database)} will be removed or changed.\nType the name of the database to go on: `,
  expected: plan.database.name,
});

async function ask({ text, expected }: Question, io: Io): Promise<void> {
  io.stderr.write(visibleLines(text));
  const answer = await untilCancelled(nextLine(io), io.signal);
  if (answer === undefined) io.stderr.write('\n');
  if (answer === undefined) throw nothingWritten();
  if (answer.trim() === expected) return;
  throw new CliError(
    'CONSENT',
    EXIT.refused,
    `The answer was not "${expected}"; nothing was written.`,
    'Run the command again to be asked again.',
  );
}

/** One line of input; `undefined` on Ctrl-C or at the end of the input. */
function nextLine(io: Io): Promise<string | undefined> {
  const lines = createInterface({ input: io.stdin });
  return new Promise((resolve) => {
    lines.once('line', resolve);
    lines.once('SIGINT', () => resolve(undefined));
    lines.once('close', () => resolve(undefined));
  }).finally(() => lines.close()) as Promise<string | undefined>;
}
