import { cancellable } from './cancel';
import { databaseAt, databaseOf, type Database } from './db';
import { writerOf } from './direct';
import { createEvents } from './events';
import type { Task } from './execution/carry-out';
import type { Expected } from './expected';
import type { FkGuard } from './guard';
import { environment } from './host';
import { defaultLogger } from './logging/default-logger';
import { narrate } from './logging/narrate';
import { parseForeignKeys, type ForeignKeyDeclaration } from './model/declared-keys';
import { readModels } from './model/read';
import { postgresInstance, type SequelizeInstance } from './model/sequelize-instance';
import type { FkGuardOptions, Settings } from './options';
import type { Outcome } from './outcome';
import { parseOptions } from './parse-options';
import { declared, restrict } from './policy/restrict';
import { measureImpact } from './runtime/impact/measure';
import { createVitals } from './runtime/health/vitals';
import { createBeginSync } from './sync/guarded-sync';
import type { BeginSync } from './sync/port';
import { apply, lookAt, purgeCopies, restoreRows, runOnce, statusOf, tell } from './verbs';

/** Where the keys that are wanted come from: models, or a list written by hand. */
export type GuardSource =
  | { readonly sequelize: SequelizeInstance }
  | { readonly url: string; readonly foreignKeys: readonly ForeignKeyDeclaration[] };

/**
 * A guard without hooks, for scripts and for databases whose application does not use Sequelize. Nothing is
 * connected yet. When `signal` is aborted, what the guard is doing is cancelled and rolled back, for good: its verbs
 * throw `CANCELLED`, and an `apply` that has begun to write resolves as `partial`. Throws `OPTIONS`, `CONFIG`, `NO_MODELS` or `UNSUPPORTED_DIALECT`.
 */
export function createGuard(
  source: GuardSource,
  options?: FkGuardOptions,
  { signal }: { readonly signal?: AbortSignal } = {},
): FkGuard {
  const settings = parseOptions(options, environment());
  if (isByHand(source)) {
    const keys = parseForeignKeys(source.foreignKeys);
    return createGuardCore({
      database: cancellable(databaseAt(source.url), signal),
      expected: () => keys,
      settings,
      uninstall: () => undefined,
    }).guard;
  }
  const sequelize = postgresInstance((source as Partial<typeof source> | undefined)?.sequelize);
  return createGuardCore({
    database: cancellable(databaseOf(sequelize), signal),
    expected: () => readModels(sequelize),
    settings,
    uninstall: () => undefined,
  }).guard;
}

/** Untyped callers may pass anything; what is no object is no Sequelize instance either. */
const isByHand = (source: GuardSource): source is Extract<GuardSource, { url: string }> =>
  typeof source === 'object' && source !== null && 'url' in source;

/** What every door builds its guard from. */
export interface GuardParts {
  readonly database: Database;
  /** Reads the models anew each time: applications define them when they like. */
  readonly expected: () => Expected;
  readonly settings: Settings;
  readonly uninstall: () => void;
  /** The migration that asks, for the ledger. */
  readonly origin?: string;
}

/** A guard and what the hook needs of it. */
export interface GuardCore {
  readonly guard: FkGuard;
  readonly begin: BeginSync;
  readonly warn: (message: string) => void;
}

/** The verbs in order; the rules, the SQL and the wording are elsewhere. */
export function createGuardCore({ database, expected, settings, uninstall, origin }: GuardParts): GuardCore {
  const events = createEvents();
  const logger = settings.logger ?? defaultLogger;
  narrate(events, logger);
  let lastOutcome: Outcome | undefined;
  const remember = (outcome: Outcome): Outcome => (lastOutcome = outcome);
  const models = () => declared(expected());
  const places = { database, writer: writerOf(database, settings) };
  const taskOf = (wanted: Expected, deadline: number): Task => {
    return { ...places, expected: restrict(wanted, settings), settings, events, deadline, origin };
  };
  const task = (deadline = Infinity): Task => taskOf(models(), deadline);
  const look = () => lookAt(task());
  const vitals = createVitals({ database, task }, events, logger);
  return {
    begin: createBeginSync({ models, task: taskOf, settings, events, logger, remember }),
    warn: (message) => events.emit('warning', { message }),
    guard: {
      check: async () => tell(events, await look()).report,
      plan: async () => (await look()).plan,
      apply: async (plan) => remember(vitals.learn(await apply(task(), plan))),
      run: async () =>
        remember(vitals.learn(await runOnce(task(performance.now() + settings.startupBudget), logger))),
      verify: async () => tell(events, await look()).report,
      restore: (runId, options) => restoreRows({ ...places, settings, events }, runId, options),
      purge: (options) => purgeCopies({ ...places, settings, events }, logger, options),
      status: (options) => statusOf({ database, settings }, expected, options),
      impact: (model, key) => measureImpact({ database, settings }, expected(), model, key),
      ...vitals.verbs,
      on: (event, listener) => events.on(event, listener),
      get lastOutcome() {
        return lastOutcome;
      },
      uninstall() {
        vitals.stop();
        uninstall();
      },
    },
  };
}
