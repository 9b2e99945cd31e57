import { FkGuardError } from '../errors';
import type { SequelizeLike } from './sequelize-like';

/** A Sequelize 6 instance, by what its own typings show of it: applications pass theirs without a cast. */
export interface SequelizeInstance {
  readonly models: object;
  readonly modelManager: object;
  readonly connectionManager: object;
  getQueryInterface(): object;
  sync(options?: never): Promise<unknown>;
}

/**
 * The same instance with the parts that the typings hide. Throws `UNSUPPORTED_DIALECT` for another database than
 * PostgreSQL, and `OPTIONS` for anything that is not a Sequelize 6 instance.
 */
export function postgresInstance(sequelize: SequelizeInstance | undefined): SequelizeLike {
  if (!isSequelize6(sequelize)) {
    throw new FkGuardError(
      'OPTIONS',
      'The first argument is not a Sequelize 6 instance.',
      'Pass what `new Sequelize(…)` of the package "sequelize", version 6, returns.',
    );
  }
  const { name } = sequelize.dialect;
  if (name !== 'postgres') {
    throw new FkGuardError(
      'UNSUPPORTED_DIALECT',
      `This Sequelize instance uses the dialect "${name}"; only "postgres" is supported.`,
      'Install the guard on an instance that is connected to PostgreSQL.',
    );
  }
  return sequelize;
}

// By shape and never by class, see sequelize-like.ts; Sequelize 7 throws when its `modelManager` is read.
function isSequelize6(value: unknown): value is SequelizeLike {
  if (typeof value !== 'object' || value === null) return false;
  const { dialect, sync, addHook } = value as Partial<SequelizeLike>;
  const isSequelize7 =
    'hooks' in value && typeof Reflect.get(Object(value.hooks), 'addListener') === 'function';
  return (
    typeof dialect?.name === 'string' &&
    typeof sync === 'function' &&
    typeof addHook === 'function' &&
    !isSequelize7
  );
}
