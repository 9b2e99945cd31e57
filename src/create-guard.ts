import { carryOut, nothingDone, stopped, type Task } from './execution/carry-out';
import { databaseAt, databaseOf, withSession, type Database } from './db';
import { defaultLogger } from './logging/default-logger';
import { findingsError, FkGuardError, type ErrorCode } from './errors';
import { createEvents, type Events } from './events';
import { examine, type Examination } from './examine';
import { failureOf } from './execution/failure';
import { becomeRunner } from './execution/runner';
import type { FkGuard } from './guard';
import { createBeginSync, type BeginSync } from './sync/guarded-sync';
import { parseForeignKeys, type ForeignKeyDeclaration } from './model/declared-keys';
import { readModels } from './model/read';
import { environment } from './host';
import { postgresInstance, type SequelizeInstance } from './model/sequelize-instance';
import { narrate, narrateOutcome } from './logging/narrate';
import type { FkGuardOptions, Logger, Settings } from './options';
import { parseOptions } from './parse-options';
import type { Outcome, Plan } from './outcome';
import { restoreRun } from './quarantine/restore';
import type { Expected } from './expected';
import { restrict } from './policy/restrict';

/** Where the keys that are wanted come from: models, or a list written by hand. */
export type GuardSource =
  | { readonly sequelize: SequelizeInstance }
  | { readonly url: string; readonly foreignKeys: readonly ForeignKeyDeclaration[] };

/**
 * A guard without hooks, for scripts and for databases whose application does not use Sequelize. Nothing is
 * connected yet. Throws `OPTIONS`, `CONFIG`, `NO_MODELS` or `UNSUPPORTED_DIALECT`.
 */
export function createGuard(source: GuardSource, options?: FkGuardOptions): FkGuard {
  const settings = parseOptions(options, environment());
  if ('url' in source) {
    const declared = parseForeignKeys(source.foreignKeys);
    return createGuardCore({
      database: databaseAt(source.url),
      expected: () => declared,
      settings,
      uninstall: () => undefined,
    }).guard;
  }
  const sequelize = postgresInstance(source.sequelize);
  return createGuardCore({
    database: databaseOf(sequelize),
    expected: () => readModels(sequelize),
    settings,
    uninstall: () => undefined,
  }).guard;
}

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
  const task = (deadline = Infinity): Task => ({
    database,
    expected: wantedOf(expected(), settings),
    settings,
    events,
    deadline,
    origin,
  });
  const look = (): Promise<Examination> => lookAt(task());
  return {
    begin: createBeginSync({ task, settings, events, logger, remember }),
    warn: (message) => events.emit('warning', { message }),
    guard: {
      check: async () => tell(events, await look()).report,
      plan: async () => (await look()).plan,
      apply: async (plan) => remember(await apply(task(), plan)),
      run: async () => remember(await runOnce(task(performance.now() + settings.startupBudget), logger)),
      verify: async () => tell(events, await look()).report,
      restore: (runId, options) =>
        withSession(database, (session) => restoreRun(session, settings, runId, options?.dryRun ?? false)),
      on: (event, listener) => events.on(event, listener),
      get lastOutcome() {
        return lastOutcome;
      },
      uninstall,
    },
  };
}

function wantedOf(expected: Expected, settings: Settings): Expected {
  if (expected.tables.length === 0 && expected.relations.length === 0)
    throw new FkGuardError(
      'NO_MODELS',
      'There are no models: there is nothing to compare the database with.',
      'Define the models before the guard looks.',
    );
  return restrict(expected, settings);
}

const lookAt = ({ database, expected, settings }: Task): Promise<Examination> =>
  withSession(database, (session) => examine(session, database, expected, settings));

function tell(events: Events, examination: Examination): Examination {
  events.emit('inspect', { report: examination.report });
  for (const finding of examination.report.findings) events.emit('finding', { finding });
  return examination;
}

/** Looks first without any lock: where there is nothing to do, starters do not wait for each other. */
async function apply(task: Task, reviewed?: Plan): Promise<Outcome> {
  if (task.settings.mode === 'check')
    throw new FkGuardError(
      'OPTIONS',
      'The mode is "check", which never writes.',
      "Set mode: 'repair', or unset FK_GUARD_MODE.",
    );
  const started = performance.now();
  const first = await lookAt(task);
  if (first.steps.length === 0 && !reviewed) return nothingDone(first, performance.now() - started);
  const runner = await becomeRunner(task.database, task.settings, task.events);
  try {
    return await carryOut(task, runner, reviewed);
  } finally {
    await runner.release();
  }
}

/** Errors that a start cannot go on with; every other one is logged, and the outcome is `partial`. */
const FATAL: readonly ErrorCode[] = ['OPTIONS', 'NO_MODELS', 'CONNECTION'];

async function runOnce(task: Task, logger: Logger): Promise<Outcome> {
  const applied =
    task.settings.mode === 'check' ? lookAt(task).then((seen) => nothingDone(seen, 0)) : apply(task);
  const outcome = await applied.catch(async (error: unknown) => {
    if (error instanceof FkGuardError && FATAL.includes(error.code)) throw error;
    const { message, advice } = failureOf(error).error;
    logger.warn(`fk-guard: ${message} ${advice}`);
    return stopped(await lookAt(task).catch(() => undefined), 0);
  });
  narrateOutcome(outcome, logger);
  const broken = outcome.remaining.filter(({ severity }) => severity === 'error');
  if (task.settings.onFindings === 'throw' && broken.length > 0)
    throw findingsError(broken.map(({ message }) => message));
  return outcome;
}
