import { databaseInfo } from '../database-info';
import { withSession, type Database, type Session } from '../db';
import { FkGuardError } from '../errors';
import { readLedger } from '../execution/read-ledger';
import { lookInto } from '../execution/look';
import { countRuns, readRuns } from '../execution/runs';
import type { Expected } from '../expected';
import type { Settings } from '../options';
import { readContents, readDiskSize } from '../quarantine/contents';
import { identifier } from '../sql';
import { readNotValid } from './not-valid';
import { quarantineStatus } from './quarantine';
import { runStatus } from './runs';
import type { Status } from './status';

/**
 * Reads what the ledger, the quarantine and the catalog say, and nothing of any table of the application. A ledger that
 * cannot be read is a part of the answer and no error.
 */
export const readStatus = (
  database: Database,
  expected: Expected,
  settings: Settings,
  latest: number,
): Promise<Status> =>
  withSession(database, async (session) => {
    const notValid = await lookInto(session, { settings, deadline: Infinity }, (server) =>
      readNotValid(session, server, expected, settings),
    );
    const { server, state, content } = await lookAtLedger(session, settings, latest);
    const broken = content instanceof FkGuardError ? content : undefined;
    const read = content instanceof FkGuardError ? undefined : content;
    return {
      schemaVersion: 1,
      database: databaseInfo(database, server),
      ledger: {
        schema: settings.quarantine.schema,
        state,
        runs: read?.total ?? 0,
        ...(broken && { error: { code: broken.code, message: broken.message, advice: broken.advice } }),
      },
      runs: read?.runs ?? [],
      notValid,
      quarantine: read?.quarantine ?? quarantineStatus([], 0, 0),
    };
  });

function lookAtLedger(session: Session, settings: Settings, latest: number) {
  const ledger = identifier(settings.quarantine.schema);
  return readLedger(session, settings, async ({ now, atWork }, { inRecovery }) => {
    const runs = await readRuns(session, ledger, latest);
    const copies = await readContents(session, ledger);
    // A standby does not see the locks of its primary.
    return {
      total: await countRuns(session, ledger),
      runs: runs.map((run) => runStatus(run, copies, atWork || inRecovery)),
      quarantine: quarantineStatus(copies, await readDiskSize(session, ledger), now),
    };
  });
}
