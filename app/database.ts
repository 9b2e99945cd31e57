import { Sequelize } from 'sequelize';
import { type FkGuard, installFkGuard, type Logger } from 'sequelize-fk-guard';
import { defineModels, type Models } from '../models';

/** A connection with the models on it. */
export interface Connection {
  readonly sequelize: Sequelize;
  readonly models: Models;
}

/** The library's database under the guard's protection. */
export interface Library extends Connection {
  readonly guard: FkGuard;
}

/** Nobody waits longer than this for a connection: the answer to a request is 503 then. */
const WAITING = {
  pool: { acquire: 5_000 },
  dialectOptions: { connectionTimeoutMillis: 3_000, keepAlive: true },
} as const;

/** Connects without the guard's hooks: for migrations and for whoever wants to see plain Sequelize. */
export function connect(url: string): Connection {
  const sequelize = new Sequelize(url, { dialect: 'postgres', logging: false });
  return { sequelize, models: defineModels(sequelize) };
}

/**
 * Opens the library. Connects to nothing yet: `sequelize.sync()` does, and the guard repairs what stands in its way.
 *
 * The guard comes before the models, so that it sees what their author wrote and what is only a default of Sequelize.
 */
export function openLibrary(url: string, logger?: Logger): Library {
  const sequelize = new Sequelize(url, { dialect: 'postgres', logging: false, ...WAITING });
  const guard = installFkGuard(sequelize, logger ? { logger } : {});
  return { sequelize, guard, models: defineModels(sequelize) };
}
