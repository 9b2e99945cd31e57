import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { FkGuardError } from '../errors';
import { messageOf } from './message-of';

/** What sequelize-cli is told in a project. */
export interface SequelizeRc {
  readonly path: string;
  /** The module that gathers the models; sequelize-cli's own name for it is `models/index.js`. */
  readonly models: string;
  readonly migrations: string;
}

/** The `.sequelizerc` of the nearest package, from `cwd` upwards, with the defaults of sequelize-cli. Throws `CONFIG`. */
export function findSequelizeRc(cwd: string): SequelizeRc | undefined {
  const directory = resolve(cwd);
  const path = join(directory, '.sequelizerc');
  if (existsSync(path)) return read(path);
  const above = dirname(directory);
  return existsSync(join(directory, 'package.json')) || above === directory
    ? undefined
    : findSequelizeRc(above);
}

function read(path: string): SequelizeRc {
  const said = load(path);
  const folder = (name: string, usual: string): string => {
    const written = said[name];
    return resolve(dirname(path), typeof written === 'string' ? written : usual);
  };
  return {
    path,
    models: folder('models-path', 'models'),
    migrations: folder('migrations-path', 'migrations'),
  };
}

/** sequelize-cli `require`s it, and so it may do anything, such as registering ts-node. */
function load(path: string): Readonly<Record<string, unknown>> {
  try {
    return { ...(createRequire(path)(path) as object) };
  } catch (error) {
    throw new FkGuardError(
      'CONFIG',
      `Cannot load ${path}: ${messageOf(error).split('\n')[0]}`,
      'Correct the file, or write fk-guard.config.* with fk-guard init.',
      error,
    );
  }
}

const INDEXES = ['index.ts', 'index.js', 'index.cjs', 'index.mjs'];

/** The module of the models that `.sequelizerc` leads to. Throws `CONFIG` when there is none. */
export function modelsOf({ path, models }: SequelizeRc): string {
  const found = [models, ...INDEXES.map((name) => join(models, name))].find(
    (candidate) => /\.[cm]?[jt]s$/.test(candidate) && existsSync(candidate),
  );
  if (found !== undefined) return found;
  throw new FkGuardError(
    'CONFIG',
    `${path} leads to the models in ${models}, where there is no index that exports { sequelize }.`,
    'Correct models-path, build the project first, or write fk-guard.config.* with fk-guard init.',
  );
}
