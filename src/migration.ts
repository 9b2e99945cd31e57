import { createGuardCore } from './create-guard';
import { databaseOf } from './db';
import { writerOf } from './direct';
import { defaultLogger } from './logging/default-logger';
import { FkGuardError } from './errors';
import { createEvents } from './events';
import { readModels } from './model/read';
import { environment } from './host';
import { postgresInstance, type SequelizeInstance } from './model/sequelize-instance';
import { narrateOutcome } from './logging/narrate';
import type { SequelizeLike } from './model/sequelize-like';
import type { FkGuardOptions, Settings } from './options';
import { parseOptions } from './parse-options';
import { configuredBy, reviewedPlan } from './migration-source';
import type { FkGuard } from './guard';
import type { Outcome, Plan } from './outcome';

/** Options of `fkGuardMigration`. */
export interface FkGuardMigrationOptions extends FkGuardOptions {
  /** The name under which the run stands in the ledger, so that `down` finds it. @defaultValue 'fk-guard' */
  readonly name?: string;
  /** The instance that has the models; sequelize-cli makes one of its own that has none. */
  readonly sequelize?: () => SequelizeInstance | Promise<SequelizeInstance>;
  /** Instead of it the configuration, `() => import('../fk-guard.config.js')`: its instance and its options. */
  readonly config?: () => unknown;
  /**
   * The reviewed plan, its JSON, or the path of its file: exactly that is applied, or the migration refuses
   * (`PLAN_STALE`). Where there is nothing to repair it passes.
   */
  readonly plan?: Plan | string;
}

/** A migration for umzug 3 and for sequelize-cli. */
export interface FkGuardMigration {
  readonly name: string;
  up(argument: unknown, Sequelize?: unknown): Promise<void>;
  down(argument: unknown, Sequelize?: unknown): Promise<void>;
}

/**
 * The whole repair as a migration. `up` throws when something was refused or stopped, so that the migration is not
 * recorded as done; `down` takes back constraints, never rows. Without models it throws `NO_MODELS`.
 */
export function fkGuardMigration({
  name = 'fk-guard',
  sequelize,
  config,
  plan,
  ...options
}: FkGuardMigrationOptions = {}): FkGuardMigration {
  // At once, so that what is written wrongly here is told before any migration has run.
  const own = parseOptions(options, environment());
  const prepared = async (argument: unknown) => {
    const configured = await (config && configuredBy(await config()));
    const given = sequelize ? await sequelize() : configured?.sequelize;
    const settings = configured ? parseOptions({ ...configured.options, ...options }, environment()) : own;
    return { settings, instance: postgresInstance(given ?? instanceIn(argument)) };
  };
  return {
    name,
    async up(argument) {
      const reviewed = plan === undefined ? undefined : reviewedPlan(plan);
      await repair(name, reviewed, await prepared(argument));
    },
    async down(argument) {
      const { instance, settings } = await prepared(argument);
      const { undoConstraints } = await import('./execution/undo');
      const events = createEvents();
      const undone = await undoConstraints(writerOf(databaseOf(instance), settings), settings, events, name);
      (settings.logger ?? defaultLogger).info(
        `fk-guard: ${undone} steps undone; quarantined rows stay where they are`,
      );
    },
  };
}

async function repair(
  name: string,
  reviewed: Plan | undefined,
  { instance, settings }: { readonly instance: SequelizeLike; readonly settings: Settings },
): Promise<void> {
  const { guard } = createGuardCore({
    database: databaseOf(instance),
    expected: () => readModels(instance),
    settings,
    origin: name,
    uninstall: () => undefined,
  });
  const logger = settings.logger ?? defaultLogger;
  if (reviewed && (await isHealthy(guard)))
    return logger.info('fk-guard: nothing is left to repair; the reviewed plan was not needed');
  const outcome = await guard.apply(reviewed);
  narrateOutcome(outcome, logger);
  const left = reviewed?.refusals.map(({ finding }) => finding);
  assertComplete(outcome, left);
}

/** A database that was made after the models is no other database than the one that was meant. */
async function isHealthy(guard: FkGuard): Promise<boolean> {
  const { steps, refusals } = await guard.plan();
  return steps.length === 0 && refusals.length === 0;
}

/** sequelize-cli hands over a queryInterface, umzug an object whose `context` is one, or is the instance itself. */
function instanceIn(argument: unknown): SequelizeInstance {
  const context: unknown =
    has(argument, 'createTable') || !has(argument, 'context') ? argument : argument.context;
  if (has(context, 'sequelize')) return context.sequelize as SequelizeInstance;
  if (has(context, 'models')) return context as unknown as SequelizeInstance;
  throw new FkGuardError(
    'NO_MODELS',
    'The migration was given neither a queryInterface nor a Sequelize instance.',
    'Pass { sequelize: () => yourInstance } to fkGuardMigration.',
  );
}

const has = <Name extends string>(value: unknown, name: Name): value is Record<Name, unknown> =>
  typeof value === 'object' && value !== null && name in value;

/** `accepted`: what the reviewed plan itself has left. */
function assertComplete({ status, steps, remaining }: Outcome, accepted: readonly string[] = []): void {
  if (status === 'clean' || status === 'repaired') return;
  const asReviewed =
    steps.every((step) => step.status === 'done') &&
    remaining.every(({ id, repair }) => repair !== 'refused' || accepted.includes(id));
  if (status === 'refused' && asReviewed) return;
  const failed = steps.flatMap(({ title, error }) =>
    error ? [`${title}: ${error.message} ${error.advice}`] : [],
  );
  const refused = remaining.flatMap(({ message, refusal }) =>
    refusal ? [`${message} ${refusal.message}. ${refusal.option && `To decide: ${refusal.option}.`}`] : [],
  );
  throw new FkGuardError(
    'FINDINGS',
    `The repair is not complete: ${[...failed, ...refused].join(' ')}`,
    'Decide about what is named, then run the migration again; what is done stays done.',
  );
}
