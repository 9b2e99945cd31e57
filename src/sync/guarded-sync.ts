import type { Task } from '../execution/carry-out';
import { examineOnce } from '../examine';
import { nothingDone } from '../execution/outcome-of';
import type { Expected } from '../expected';
import type { Outcome } from '../outcome';
import { pause } from '../execution/time-left';
import { narrateFindings } from '../logging/narrate';
import { within } from './extent';
import { isComplete, isHealthy } from './health';
import { ownedBy } from './owned';
import type { BeginSync, GuardedSync, SyncScope } from './port';
import { giveUp, settle, throwIfAsked, warningOf, type SyncParts } from './settle';

/** The gate around `sync()`: it may repair and it may warn, but it must not keep an application from starting. */
export function createBeginSync(parts: SyncParts): BeginSync {
  const told = new Set<string>();
  return async (scope) => {
    let models: Expected;
    try {
      models = parts.models();
    } catch (error) {
      // Sequelize starts with such models, so the guard does; a sync for each migration need not hear of it each time.
      const warning = warningOf(error);
      if (!told.has(warning)) parts.logger.warn(warning);
      told.add(warning);
      return NOTHING;
    }
    const whole = parts.task(models, performance.now() + parts.settings.startupBudget);
    // Read before anything is stripped, and used until the end: during the sync the models say less.
    const task: Task = { ...whole, expected: within(whole.expected, scope) };
    return parts.settings.mode === 'check' ? onlyLook(parts, task, scope) : guard(parts, task, scope);
  };
}

const NOTHING: GuardedSync = { owned: [], finish: () => Promise.resolve(undefined) };

/** Check mode writes nothing and strips nothing: it says what it sees, and Sequelize does what it always does. */
async function onlyLook({ settings, logger }: SyncParts, task: Task, scope: SyncScope): Promise<GuardedSync> {
  const warn = (error: unknown): void => logger.warn(warningOf(error));
  const examination = await examineOnce(task, 'rows').catch(warn);
  const findings = examination?.report.findings ?? [];
  narrateFindings(findings, logger);
  throwIfAsked(settings, findings);
  // Nothing is written under this lock: it is what keeps the syncs of other processes away.
  const changes = scope.force || scope.alter || !examination || !isComplete(examination.snapshot);
  const runner =
    settings.serializeModelSync && changes ? await (await working()).runnerFor(task).catch(warn) : undefined;
  return {
    owned: [],
    async finish() {
      await runner?.release();
      return undefined;
    },
  };
}

/**
 * What a sync needs that has something to do. Where everything is in order it is not loaded: it is a third of the code, and
 * many processes may start at once.
 */
const working = () => import('./working-sync');

async function guard(parts: SyncParts, task: Task, scope: SyncScope): Promise<GuardedSync> {
  let owned: GuardedSync['owned'] = [];
  // The budget is for the guard's own time, so the time that Sequelize takes in between is given back.
  try {
    const first = await examineOnce(task, 'catalog');
    const healthy = !scope.force && isHealthy(first);
    // All keys are there: Sequelize must not touch them, whatever becomes of us.
    if (healthy) owned = ownedBy(first);
    if (healthy && !scope.alter) return untouched(parts, task, owned, nothingDone(first, 0));
    return await (await working()).asRunner(parts, task, scope, first);
  } catch (error) {
    // Without a runner, a ledger and its rights the guard would make no key: Sequelize makes its own then.
    const resume = pause(task);
    return { owned, finish: () => giveUp(parts, resume(), error) };
  }
}

/** Of the look only its outcome is kept: a large catalog would be carried along through the whole of the sync. */
function untouched(parts: SyncParts, task: Task, owned: GuardedSync['owned'], outcome: Outcome): GuardedSync {
  const resume = pause(task);
  return {
    owned,
    finish: async (succeeded, rowsStay) =>
      rowsStay ? (await working()).finishLate(parts, resume(), succeeded) : settle(parts, outcome),
  };
}
