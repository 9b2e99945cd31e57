import type { BeginSync } from './port';
import { guardColumns } from '../model/change-column';
import { stripReferences } from '../model/references';
import { replaceMethod } from '../model/replace-method';
import type { ModelLike, SequelizeLike, SyncOptionsLike } from '../model/sequelize-like';
import type { SyncTarget } from '../model/sync-scope';
import type { Relation } from '../expected';
import { createSyncCalls, type SyncCalls } from './calls';
import { createRuns } from './runs';
import type { Turns } from './turns';

/** What the wrapper needs from the guard. */
export interface SyncGuard {
  readonly begin: BeginSync;
  /** Asked at every call; `off` leaves Sequelize alone. */
  mode(): 'repair' | 'check' | 'off';
  warn(message: string): void;
  /** Set when syncs have to run one after the other; parents have theirs before children. */
  readonly turns?: Turns<SyncTarget>;
}

/**
 * Puts the guard around `sequelize.sync()` and every model's `sync()`; returns how to take it off.
 *
 * Hooks do the work before: they come after Sequelize's own checks and see the final options. Wrappers do the work
 * after: `afterBulkSync` and `afterSync` do not fire when a sync fails or when the models have a cycle.
 */
export function wrapSync(sequelize: SequelizeLike, guard: SyncGuard): () => void {
  const runs = createRuns(guard.begin, (owned) => takeOver(sequelize, owned));
  const calls = createSyncCalls(sequelize, runs, (message) => guard.warn(message), guard.turns);
  const hooks = syncHooks(sequelize, calls);
  const wrappers = new WeakSet<object>();
  const undo: (() => void)[] = [];
  let installed = true;

  function wrap(target: SequelizeLike | ModelLike): void {
    // A model that extends another one inherits its wrapper; so does the clone that `Model.schema()` makes.
    if (wrappers.has(target.sync)) return;
    const restore = replaceMethod(target, 'sync', (original) => {
      const sync = function (this: SequelizeLike | ModelLike, options?: SyncOptionsLike): Promise<unknown> {
        // A class can be inherited by a model of another instance, or be initialised there again.
        const ours = installed && (this === sequelize || (this as ModelLike).sequelize === sequelize);
        if (!ours || guard.mode() === 'off') return original.call(this, options);
        hooks.putLast();
        return calls.around(this, options, () => original.call(this, options));
      };
      wrappers.add(sync);
      return sync;
    });
    undo.push(restore);
  }

  // The function has no registered name: Sequelize copies hooks into clones of an instance and crashes on named ones.
  const afterDefine = (model: ModelLike): void => {
    if (model.sequelize === sequelize) wrap(model);
  };
  wrap(sequelize);
  sequelize.modelManager.models.forEach(wrap);
  sequelize.addHook('afterDefine', afterDefine);
  return () => {
    installed = false;
    sequelize.removeHook('afterDefine', afterDefine);
    hooks.remove();
    for (const restore of undo.splice(0).reverse()) restore();
  };
}

/** Strips what the guard owns, and keeps `alter` away from it; returns how to put everything back. */
function takeOver(sequelize: SequelizeLike, owned: readonly Relation[]): () => void {
  if (owned.length === 0) return () => undefined;
  const restoreReferences = stripReferences(sequelize, owned);
  const restoreColumns = guardColumns(sequelize.getQueryInterface());
  return () => {
    restoreColumns();
    restoreReferences();
  };
}

interface SyncHooks {
  /** Behind the application's own hooks: those may make schemas that we look into, or change the options. */
  putLast(): void;
  remove(): void;
}

function syncHooks(sequelize: SequelizeLike, calls: SyncCalls): SyncHooks {
  const before = function (this: unknown, options: SyncOptionsLike): Promise<void> {
    return calls.begin(this, options);
  };
  const events = ['beforeBulkSync', 'beforeSync'];
  const remove = (): void => events.forEach((event) => void sequelize.removeHook(event, before));
  const add = (): void => events.forEach((event) => void sequelize.addHook(event, before));
  add();
  return {
    remove,
    putLast() {
      remove();
      add();
    },
  };
}
