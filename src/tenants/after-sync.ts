import type { Outcome } from '../outcome';
import { FkGuardError } from '../errors';
import { bothRuns } from '../sync/both-runs';
import { warningOf, type SyncParts } from '../sync/settle';
import { createBeginSync } from '../sync/guarded-sync';
import type { BeginSync, GuardedSync } from '../sync/port';

/**
 * A sync is about one schema, and is guarded as ever. Where it was a sync of all models that has succeeded, the tenants
 * have their turn after it, in what is left of the time: `run` repairs them, or looks at them, until then. Not after a
 * sync of one model or into one schema, which an application may call for each tenant.
 */
export function createBegin(parts: SyncParts, run: (deadline: number) => Promise<Outcome>): BeginSync {
  const begin = createBeginSync(parts);
  const { settings, logger, remember } = parts;
  if (settings.schemas.length === 0) return begin;
  return async (scope) => {
    const clock = createClock();
    const guarded = await clock.during(() => begin(scope));
    if (scope.models !== undefined || scope.schema !== undefined) return guarded;
    const finish: GuardedSync['finish'] = async (succeeded, rowsStay) => {
      const own = await clock.during(() => guarded.finish(succeeded, rowsStay));
      if (!succeeded) return own;
      const tenants = await run(performance.now() + settings.startupBudget - clock.spent()).catch(
        (error: unknown) => {
          if (error instanceof FkGuardError && error.code === 'FINDINGS') throw error;
          // No tenant yet is no reason for an application not to start.
          logger.warn(warningOf(error));
        },
      );
      return tenants ? remember(bothRuns(own, tenants)) : own;
    };
    return { ...guarded, finish };
  };
}

/** Counts the guard's own time, and not that of Sequelize in between. */
function createClock() {
  let spent = 0;
  return {
    spent: () => spent,
    async during<T>(work: () => Promise<T>): Promise<T> {
      const started = performance.now();
      try {
        return await work();
      } finally {
        spent += performance.now() - started;
      }
    },
  };
}
