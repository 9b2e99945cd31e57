import type { Task } from './execution/carry-out';
import type { Expected } from './expected';
import { narratePurge } from './logging/narrate';
import type { Logger } from './options';
import { invalid } from './parse-options';
import { purge, type PurgeTask } from './quarantine/purge';
import { parsePurgeOptions } from './quarantine/purge-options';
import type { PurgeOutcome, RestoreOutcome } from './quarantine-outcome';
import { parseRestoreOptions } from './quarantine/restore/options';
import { restore } from './quarantine/restore/restore';
import { readStatus } from './status/read';
import type { Status } from './status/status';
import { assertMayWrite } from './verbs';

/** Takes old copies out of the quarantine, or says which would go. */
export async function purgeCopies(task: PurgeTask, logger: Logger, options: unknown): Promise<PurgeOutcome> {
  const request = parsePurgeOptions(options);
  if (!request.dryRun) assertMayWrite(task.settings);
  const outcome = await purge(task, request);
  if (!request.dryRun) narratePurge(outcome, logger);
  return outcome;
}

/** Puts the rows of a run back, or says which would come back. */
export async function restoreRows(task: PurgeTask, runId: string, options: unknown): Promise<RestoreOutcome> {
  const request = parseRestoreOptions(options);
  if (!request.dryRun) assertMayWrite(task.settings);
  return restore(task, runId, request);
}

/** Runs that a status lists when nobody says how many. */
const LATEST = 10;

/** What stands in the ledger and what is still to be proved. */
export async function statusOf(
  { database, settings }: Pick<Task, 'database' | 'settings'>,
  expected: () => Expected,
  { runs = LATEST }: { readonly runs?: number } = {},
): Promise<Status> {
  if (!Number.isSafeInteger(runs) || runs < 0) throw invalid(['"runs" must be a whole number from 0']);
  return readStatus(database, expected(), settings, runs);
}
