import { catalogSearchPath } from '../catalog/session-guards';
import { withSession } from '../db';
import { examine } from '../examine';
import type { Task } from '../execution/carry-out';
import { rehearseLedger } from '../execution/ledger';
import { ledgerPlace } from '../execution/ledger-place';
import { checkPrivileges } from '../execution/privileges';
import { readOnly } from '../execution/look';
import { within } from '../execution/time-left';

/**
 * Tries out, before Sequelize's keys are taken away, that a run can be opened after the sync. Throws what would keep
 * the guard from it; leaves nothing behind.
 */
export const rehearse = (task: Task, mayCreateSchema: boolean): Promise<void> =>
  withSession(task.writer, async (session) => {
    const { schema } = task.settings.quarantine;
    const place = await readOnly(session, task, [catalogSearchPath], () => ledgerPlace(session, schema));
    if (place.missing.length > 0 || (!place.exists && !mayCreateSchema)) {
      // What is missing is said at once, and some of it only the rows can tell.
      const { steps, snapshot } = await examine(session, task);
      checkPrivileges(steps, snapshot.catalog, place);
    }
    await rehearseLedger(session, within(task.settings, task.deadline));
  });
