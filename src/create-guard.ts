import { cancellable } from './cancel';
import { databaseAt, databaseOf, type Database } from './db';
import { writerOf } from './direct';
import { createEvents, type Events } from './events';
import type { Task } from './execution/carry-out';
import type { Expected } from './expected';
import type { FkGuard } from './guard';
import { environment } from './host';
import { defaultLogger } from './logging/default-logger';
import { narrate } from './logging/narrate';
import { parseForeignKeys, type ForeignKeyDeclaration } from './model/declared-keys';
import { createLate, type Late } from './late-verbs';
import { readModels } from './model/read';
import { postgresInstance, type SequelizeInstance } from './model/sequelize-instance';
import { observed } from './observed';
import type { FkGuardOptions, Settings } from './options';
import type { Outcome } from './outcome';
import { parseOptions } from './parse-options';
import { declared, restrict } from './policy/restrict';
import { createVitals } from './runtime/health/vitals';
import type { SyncParts } from './sync/settle';
import type { BeginSync } from './sync/port';

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
      database: databaseAt(source.url),
      signal,
      expected: () => keys,
      settings,
      uninstall: () => undefined,
    }).guard;
  }
  const sequelize = postgresInstance((source as Partial<typeof source> | undefined)?.sequelize);
  return createGuardCore({
    database: databaseOf(sequelize),
    signal,
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
  readonly signal?: AbortSignal | undefined;
  /** The migration that asks, for the ledger. */
  readonly origin?: string;
}

/** A guard and what the hook needs of it. */
export interface GuardCore {
  readonly guard: FkGuard;
  readonly begin: BeginSync;
  readonly warn: (message: string) => void;
}

/** Where the guard's sessions come from: each tells its statements, and ends when the signal says so. */
function placesOf({ database, settings, signal }: GuardParts, events: Events) {
  const around = (source: Database): Database => cancellable(observed(source, events), signal);
  const outer = around(database);
  return { database: outer, writer: writerOf(outer, settings, around) };
}

/** The verbs in order; the rules, the SQL and the wording are elsewhere. */
export function createGuardCore(parts: GuardParts): GuardCore {
  const { expected, settings, uninstall, origin } = parts;
  const events = createEvents();
  const logger = settings.logger ?? defaultLogger;
  narrate(events, logger);
  let lastOutcome: Outcome | undefined;
  const remember = (outcome: Outcome): Outcome => (lastOutcome = outcome);
  const models = () => declared(expected());
  const places = { ...placesOf(parts, events), settings, events };
  const taskOf = (wanted: Expected, deadline: number): Task => {
    return { ...places, expected: restrict(wanted, settings), deadline, origin };
  };
  const task = (deadline = Infinity): Task => taskOf(models(), deadline);
  const vitals = createVitals({ ...places, task }, events, logger);
  const done = (outcome: Outcome): Outcome => remember(vitals.learn(outcome));
  const late = createLate({ ...places, expected, task, logger, done });
  return {
    begin: beginSync({ models, task: taskOf, settings, events, logger, remember }, late),
    warn: (message) => events.emit('warning', { message }),
    guard: {
      ...late.verbs,
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

/** The guarded sync, which is loaded when the first sync begins. */
function beginSync(parts: SyncParts, { runUntil }: Late): BeginSync {
  let begin: Promise<BeginSync> | undefined;
  return async (scope) => {
    begin ??= import('./tenants/after-sync').then(({ createBegin }) => createBegin(parts, runUntil));
    return (await begin)(scope);
  };
}
