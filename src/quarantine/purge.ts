import { databaseInfo } from '../database-info';
import { withSession, type Database, type Session } from '../db';
import { FkGuardError } from '../errors';
import type { Events } from '../events';
import { assertMayPurge } from '../execution/ledger-state';
import { progressOf } from '../execution/progress';
import { readLedger } from '../execution/read-ledger';
import { readRuns } from '../execution/runs';
import { becomeRunner, type Runner } from '../execution/runner';
import type { Settings } from '../options';
import type { PurgeOutcome } from '../quarantine-outcome';
import { identifier } from '../sql';
import { readContents } from './contents';
import type { PurgeRequest } from './purge-options';
import { purgeable } from './purgeable';
import { purgeRun } from './purge-run';

/** Where to purge. */
export interface PurgeTask {
  readonly database: Database;
  readonly writer: Database;
  readonly settings: Settings;
  readonly events: Events;
}

/**
 * Takes copies out of the quarantine that are old enough; nothing else ever does. Looks first without any lock, and
 * again as the single runner. Throws `OPTIONS`, `PRIVILEGE` or `LEDGER`, before anything is removed.
 */
export async function purge(task: PurgeTask, request: PurgeRequest): Promise<PurgeOutcome> {
  const { database, writer, settings, events } = task;
  const first = await withSession(database, (session) => look(session, task, request));
  if (request.dryRun || first.rows === 0) return first;
  const runner = await becomeRunner(writer, settings, events);
  try {
    return await withSession(writer, (session) => purgeAll(session, task, request, runner));
  } finally {
    await runner.release();
  }
}

async function purgeAll(
  session: Session,
  task: PurgeTask,
  request: PurgeRequest,
  runner: Runner,
): Promise<PurgeOutcome> {
  const found = await look(session, task, request, runner);
  const rowsTotal = found.rows;
  let rowsDone = 0;
  for (const run of found.runs) {
    const progress = progressOf(task.events, `purge ${run.runId}`);
    let last = performance.now();
    await purgeRun({ ...task, session, runner }, run, (gone) => {
      rowsDone += gone;
      const tookMs = performance.now() - last;
      last += tookMs;
      progress({ rowsDone, rowsTotal, listed: gone, left: rowsTotal - rowsDone, waitedMs: 0, tookMs });
    });
  }
  return { ...found, rows: rowsDone };
}

/** As the runner we are alone: a run that is still called running belongs to a process that died. */
async function look(
  session: Session,
  { database, settings }: PurgeTask,
  { age, dryRun, only }: PurgeRequest,
  runner?: Runner,
): Promise<PurgeOutcome> {
  const { schema } = settings.quarantine;
  const ledger = identifier(schema);
  const { server, clock, content } = await readLedger(session, settings, async ({ now, atWork }) => {
    if (!dryRun) await assertMayPurge(session, schema);
    const found = {
      runs: await readRuns(session, ledger, 0),
      copies: await readContents(session, ledger),
      othersAtWork: atWork && !runner,
    };
    return purgeable(found, now - age, only);
  });
  if (content instanceof FkGuardError) throw content;
  const before = new Date(clock.now - age).toISOString();
  return {
    database: databaseInfo(database, server),
    before,
    ...(content ?? { rows: 0, runs: [], kept: [] }),
  };
}
