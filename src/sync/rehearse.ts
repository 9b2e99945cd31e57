import { transaction, withSession } from '../db';
import { examine } from '../examine';
import type { Task } from '../execution/carry-out';
import { rehearseLedger } from '../execution/ledger';
import { ledgerExists } from '../execution/ledger-schema';
import { checkPrivileges } from '../execution/privileges';
import { reading } from '../execution/session-settings';

/**
 * Tries out, before Sequelize's keys are taken away, that a run can be opened after the sync. Throws what would keep
 * the guard from it; leaves nothing behind.
 */
export const rehearse = ({ database, expected, settings }: Task, mayCreateSchema: boolean): Promise<void> =>
  withSession(database, async (session) => {
    const { schema } = settings.quarantine;
    const exists = await transaction(session, 'read only', [reading(settings)], () =>
      ledgerExists(session, schema),
    );
    if (!exists && !mayCreateSchema) {
      // What is missing is said at once, and some of it only the rows can tell.
      const { steps, snapshot } = await examine(session, database, expected, settings);
      checkPrivileges(steps, snapshot.catalog, { schema, exists });
    }
    await rehearseLedger(session, settings);
  });
