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
import type { FkGuardOptions } from './options';
import { parseOptions } from './parse-options';
import type { Outcome } from './outcome';
import { undoConstraints } from './execution/undo';

/** Options of `fkGuardMigration`. */
export interface FkGuardMigrationOptions extends FkGuardOptions {
  /** The name under which the run stands in the ledger, so that `down` finds it. @defaultValue 'fk-guard' */
  readonly name?: string;
  /** The instance that has the models; sequelize-cli makes one of its own that has none. */
  readonly sequelize?: () => SequelizeInstance | Promise<SequelizeInstance>;
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
  ...options
}: FkGuardMigrationOptions = {}): FkGuardMigration {
  const settings = parseOptions(options, environment());
  const instanceFor = async (argument: unknown) =>
    postgresInstance(sequelize ? await sequelize() : instanceIn(argument));
  return {
    name,
    async up(argument) {
      const instance = await instanceFor(argument);
      const { guard } = createGuardCore({
        database: databaseOf(instance),
        expected: () => readModels(instance),
        settings,
        origin: name,
        uninstall: () => undefined,
      });
      const outcome = await guard.apply();
      narrateOutcome(outcome, settings.logger ?? defaultLogger);
      assertComplete(outcome);
    },
    async down(argument) {
      const instance = await instanceFor(argument);
      const events = createEvents();
      const undone = await undoConstraints(writerOf(databaseOf(instance), settings), settings, events, name);
      (settings.logger ?? defaultLogger).info(
        `fk-guard: ${undone} steps undone; quarantined rows stay where they are`,
      );
    },
  };
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

function assertComplete({ status, steps, remaining }: Outcome): void {
  if (status === 'clean' || status === 'repaired') return;
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
