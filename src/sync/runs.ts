import type { BeginSync, GuardedSync, SyncScope } from './port';
import type { Relation } from '../expected';

/** One pair of begin and finish, shared by all sync calls that overlap under it. */
export interface Run {
  readonly scope: SyncScope;
}

/** The part that one sync call has in a run. */
export interface Seat {
  readonly run: Run;
  /**
   * The last call to leave finishes the run; a call that is not nested in another waits for that. `disturbed` when a
   * sync that the run knows nothing of has changed tables inside of the call.
   */
  leave(succeeded: boolean, disturbed?: boolean): Promise<void>;
}

/** The runs of one Sequelize instance: never more than one at a time. */
export interface Runs {
  /**
   * Takes part in the current run, waits for its end, or starts one. `around` is the run that this call happens
   * inside of: it is never waited for. Rejects with the very error of `begin`.
   */
  enter(scope: SyncScope, around: Run | undefined): Promise<Seat>;
  /** A sync that takes no part changes tables while a run may be open. */
  disturb(scope: SyncScope): void;
}

interface OpenRun extends Run {
  readonly ready: Promise<GuardedSync>;
  readonly closed: Promise<void>;
  readonly settle: (closing: Promise<void>) => void;
  /** Scopes of nested syncs that the run does not cover: looked at after it. */
  readonly later: SyncScope[];
  restore: () => void;
  seats: number;
  open: boolean;
  succeeded: boolean;
  /** A sync with `force` or `alter` beside the run's own has changed tables that it judges rows by. */
  changed: boolean;
}

/** `takeOver` strips what the guard owns, for as long as the run lasts; its result puts it back. */
export function createRuns(begin: BeginSync, takeOver: (owned: readonly Relation[]) => () => void): Runs {
  let current: OpenRun | undefined;

  async function close(run: OpenRun): Promise<void> {
    run.open = false;
    run.restore();
    try {
      const guarded = await run.ready.catch(() => undefined);
      await guarded?.finish(run.succeeded, run.changed);
      // Nobody has looked before these syncs, so nobody can tell which rows had parents then.
      for (const scope of run.later) await (await begin({ ...scope, force: false })).finish(true, true);
    } finally {
      current = undefined;
    }
  }

  return {
    disturb(scope) {
      if (current) current.changed ||= exceeds(scope, current.scope);
    },
    async enter(scope, around) {
      for (;;) {
        const run = (current ??= start(scope, begin, takeOver));
        const nested = run === around;
        if (run.open && (nested || shares(run.scope, scope))) {
          if (nested) note(run, scope);
          const seat = sit(run, nested, close);
          await run.ready.catch((error: unknown) => seat.leave(false).then(() => Promise.reject(error)));
          return seat;
        }
        await run.closed.catch(() => undefined);
      }
    },
  };
}

function sit(run: OpenRun, nested: boolean, close: (run: OpenRun) => Promise<void>): Seat {
  run.seats++;
  return {
    run,
    async leave(succeeded, disturbed = false) {
      if (!nested) run.succeeded &&= succeeded;
      run.changed ||= disturbed;
      if (--run.seats === 0) run.settle(close(run));
      if (!nested) await run.closed;
    },
  };
}

/** What a sync inside of a run means for its end. */
function note(run: OpenRun, scope: SyncScope): void {
  if (!covers(run.scope, scope)) run.later.push(scope);
  run.changed ||= exceeds(scope, run.scope);
}

function start(
  scope: SyncScope,
  begin: BeginSync,
  takeOver: (owned: readonly Relation[]) => () => void,
): OpenRun {
  let settle: (closing: Promise<void>) => void = () => undefined;
  const closed = new Promise<void>((resolve) => (settle = resolve));
  const ready = begin(scope).then((guarded) => {
    run.restore = takeOver(guarded.owned);
    return guarded;
  });
  const run: OpenRun = {
    scope,
    ready,
    closed,
    settle,
    later: [],
    restore: () => undefined,
    seats: 0,
    open: true,
    succeeded: true,
    changed: false,
  };
  return run;
}

/** True when a run with scope `wide` looks after everything that a sync of `scope` touches. */
export const covers = (wide: SyncScope, scope: SyncScope): boolean =>
  (wide.models === undefined || (scope.models?.every((model) => wide.models?.includes(model)) ?? false)) &&
  (scope.schema === wide.schema || (scope.schema === undefined && wide.models === undefined));

/** True for a sync that changes more of a table than the run around it was begun for. */
const exceeds = (scope: SyncScope, run: SyncScope): boolean =>
  (scope.force && !run.force) || (scope.alter && !run.alter);

// Independent calls share a run only when it was begun for the same kind of sync; waiting is always safe for them.
const shares = (run: SyncScope, scope: SyncScope): boolean =>
  covers(run, scope) && run.schema === scope.schema && run.force === scope.force && run.alter === scope.alter;
