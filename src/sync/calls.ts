import { followCalls } from '../execution/surroundings';
import type { SyncScope } from './port';
import type { SequelizeLike, SyncOptionsLike } from '../model/sequelize-like';
import { inTransaction, mergedOptions, scopeOf, type SyncTarget } from '../model/sync-scope';
import { covers, type Run, type Runs, type Seat } from './runs';
import type { Turns } from './turns';

/** The calls of `sync` on one Sequelize instance and its models, each from its entry to its end. */
export interface SyncCalls {
  /** Runs Sequelize's own `sync` between the guard's work before and after it. */
  around<T>(target: SyncTarget, options: SyncOptionsLike | undefined, sync: () => Promise<T>): Promise<T>;
  /** The work before: called by the hook, with the options that Sequelize will use. */
  begin(target: unknown, options: SyncOptionsLike): Promise<void>;
}

interface Call {
  readonly target: SyncTarget;
  /** The call that this one happens inside of, such as `sequelize.sync()` for the `Model.sync()` that it calls. */
  readonly outer: Call | undefined;
  /** What it will touch, as far as one can know before the hooks have seen the options. */
  readonly planned: SyncScope;
  /** True when Sequelize does this one alone. */
  aside: boolean;
  /** Set when a sync inside of it, beside the guard, may have taken parents away. */
  disturbed: boolean;
  live: boolean;
  seat?: Promise<Seat>;
}

const WITHOUT_HOOKS =
  'sync({ hooks: false }) runs without the guard: Sequelize makes the foreign keys itself and nothing is repaired. ' +
  'Leave the hooks on, or call run() of the guard afterwards.';

const IN_TRANSACTION =
  'sync() runs inside a transaction, so the guard steps aside: it works on a connection of its own, which could not ' +
  'see that transaction and would wait for it. Call run() of the guard after the commit.';

const NO_MODELS =
  'sync() found no models on this Sequelize instance, so there was nothing for the guard to look at. Define the models ' +
  'before the sync.';

/** Follows calls through promises, so that a nested `sync` is known from an independent one. */
export function createSyncCalls(
  sequelize: SequelizeLike,
  runs: Runs,
  warn: (message: string) => void,
  turns?: Turns<SyncTarget>,
): SyncCalls {
  const context = followCalls<Call>();

  function enter(target: SyncTarget, options: SyncOptionsLike | undefined): Call {
    const merged = mergedOptions(target, options);
    const call = newCall(target, scopeOf(target, merged), living(context.present()));
    stepAside(call, whyAside(sequelize, merged));
    return call;
  }

  function stepAside(call: Call, why: string | undefined): void {
    if (why !== undefined && !call.aside) warn(why);
    call.aside ||= why !== undefined;
    if (call.aside) disturb(runs, call);
  }

  return {
    async begin(target, options) {
      const call = context.present();
      // In a clone of the instance the hook runs as well, but there nobody would put anything back.
      if (call?.target !== target || !call?.live) return;
      const empty = sequelize.modelManager.models.length === 0;
      if (!call.seat) stepAside(call, whyAside(sequelize, options) ?? (empty ? NO_MODELS : undefined));
      if (!call.aside) await take(runs, call, scopeOf(call.target, options));
    },
    async around(target, options, sync) {
      const call = enter(target, options);
      // A nested call is part of its outer call's turn. One that stands aside may hold locks that others wait for.
      const work = () => guarded(call, () => context.around(call, sync));
      return turns && !call.aside && !call.outer ? turns.run(target, options, work) : work();
    },
  };
}

const newCall = (target: SyncTarget, planned: SyncScope, outer: Call | undefined): Call => ({
  target,
  outer,
  planned,
  aside: outer?.aside ?? false,
  disturbed: false,
  live: true,
});

/** Nobody looks after a sync that stands aside, and the run around it must not take what it replaces for gone. */
function disturb(runs: Runs, { planned, outer }: Call): void {
  if (!planned.force && !planned.alter) return;
  runs.disturb(planned);
  for (let around = living(outer); around; around = living(around.outer)) around.disturbed = true;
}

async function guarded<T>(call: Call, sync: () => Promise<T>): Promise<T> {
  let result;
  try {
    result = await sync();
  } catch (error) {
    // What sync itself threw is what its caller has to see.
    await leave(call, false).catch(() => undefined);
    throw error;
  }
  await leave(call, true);
  return result;
}

function whyAside(sequelize: SequelizeLike, options: SyncOptionsLike): string | undefined {
  if (options.hooks === false) return WITHOUT_HOOKS;
  return inTransaction(sequelize, options) ? IN_TRANSACTION : undefined;
}

const take = (runs: Runs, call: Call, scope: SyncScope): Promise<Seat> =>
  (call.seat ??= runAround(runs, call, scope).then((run) => runs.enter(scope, run)));

/** The run that a nested call belongs to. A hook may sync a model before the outer run has begun: then it begins. */
async function runAround(runs: Runs, call: Call, scope: SyncScope): Promise<Run | undefined> {
  for (let outer = living(call.outer); outer; outer = living(outer.outer)) {
    if (outer.seat || covers(outer.planned, scope)) return (await take(runs, outer, outer.planned)).run;
  }
  return undefined;
}

async function leave(call: Call, succeeded: boolean): Promise<void> {
  call.live = false;
  // A seat that could not be had has no run to leave; its error went to whoever asked for it.
  const seat = await call.seat?.catch(() => undefined);
  await seat?.leave(succeeded, call.disturbed);
}

// A sync that a finished one left behind (a timer, a server that it started) is not nested in it any more.
function living(call: Call | undefined): Call | undefined {
  return call === undefined || call.live ? call : living(call.outer);
}
