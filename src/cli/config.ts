import { FkGuardError } from '../errors';
import type { SequelizeLike } from '../model/sequelize-like';
import { nearest } from '../names';
import { findConfig, parseJsonFile, readConfigFile, type ConfigPlace } from './find-config';
import { loadModule } from './load-module';
import { messageOf } from './message-of';
import { findSequelizeRc, modelsOf } from './sequelizerc';

/**
 * What a configuration says, none of it trusted but its form: `{ sequelize, options }`, the instance itself, a function
 * that returns one of these, or `{ url, foreignKeys, options }`. `options` are those of `createGuard`.
 */
export interface Config {
  readonly path: string;
  /** The `.sequelizerc` that led to it, where nobody has written a configuration for the guard. */
  readonly through?: string;
  readonly sequelize?: SequelizeLike;
  readonly url?: string;
  readonly foreignKeys?: unknown;
  readonly options?: unknown;
}

/** Finds and loads the configuration; `undefined` when there is none. Throws `CONFIG`. */
export async function loadConfig(
  flags: { readonly config?: string; readonly require?: readonly string[] },
  cwd: string,
): Promise<Config | undefined> {
  const place = findConfig(cwd, flags.config);
  if (place !== undefined) return loadFrom(place, flags.require ?? [], cwd);
  const rc = findSequelizeRc(cwd);
  if (rc === undefined) return undefined;
  const found = { path: modelsOf(rc), inPackageJson: false };
  return { ...(await loadFrom(found, flags.require ?? [], cwd)), through: rc.path };
}

async function loadFrom(place: ConfigPlace, hooks: readonly string[], cwd: string): Promise<Config> {
  const exported = await read(place, hooks, cwd);
  const value =
    typeof exported === 'function' ? await called(place.path, exported as () => unknown) : exported;
  return isSequelize(value) ? { path: place.path, sequelize: value } : interpret(place.path, value);
}

async function read(place: ConfigPlace, hooks: readonly string[], cwd: string): Promise<unknown> {
  if (place.inPackageJson) return parseJsonFile(place.path)['fkGuard'];
  if (place.path.endsWith('.json')) return parseJsonFile(place.path);
  readConfigFile(place.path);
  return loadModule(place.path, hooks, cwd);
}

async function called(path: string, factory: () => unknown): Promise<unknown> {
  try {
    return await factory();
  } catch (error) {
    throw new FkGuardError(
      'CONFIG',
      `The function that ${path} exports failed: ${messageOf(error)}`,
      'Correct the function.',
      error,
    );
  }
}

const KEYS = ['sequelize', 'url', 'foreignKeys', 'options'];

async function interpret(path: string, value: unknown): Promise<Config> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw shapeless(path);
  const entries = value as Readonly<Record<string, unknown>>;
  const misspelt = misspeltKey(entries);
  if (misspelt !== undefined)
    throw invalid(path, `"${misspelt}" is not known; did you mean "${nearest(misspelt, KEYS)}"?`);
  const { url, foreignKeys, options } = entries;
  const given = entries['sequelize'];
  const sequelize = await (typeof given === 'function' ? called(path, given as () => unknown) : given);
  if (sequelize !== undefined && !isSequelize(sequelize))
    throw invalid(path, '"sequelize" is not a Sequelize instance');
  if (sequelize !== undefined && foreignKeys !== undefined)
    throw invalid(path, '"sequelize" and "foreignKeys" exclude each other');
  if (url !== undefined && typeof url !== 'string') throw invalid(path, '"url" must be text');
  if (sequelize === undefined && url === undefined && foreignKeys === undefined) throw shapeless(path);
  return {
    path,
    ...(sequelize !== undefined && { sequelize }),
    ...(url !== undefined && { url }),
    ...(foreignKeys !== undefined && { foreignKeys }),
    ...(options !== undefined && { options }),
  };
}

/** A `models/index.js` exports its models too, so only what looks like a slip of the pen is refused. */
const misspeltKey = (entries: Readonly<Record<string, unknown>>): string | undefined =>
  Object.keys(entries).find(
    (key) => !KEYS.includes(key) && /^[a-z]/.test(key) && nearest(key, KEYS) !== undefined,
  );

/** By shape: an application may carry its own copy of Sequelize, or a subclass of it. */
const isSequelize = (value: unknown): value is SequelizeLike =>
  typeof value === 'object' &&
  value !== null &&
  ['models', 'options', 'connectionManager'].every((key) => typeof Reflect.get(value, key) === 'object') &&
  typeof Reflect.get(value, 'getQueryInterface') === 'function';

const ADVICE =
  'Export { sequelize }, a function that returns it, or { url, foreignKeys: [{ child, parent }] }.';

const invalid = (path: string, problem: string): FkGuardError =>
  new FkGuardError('CONFIG', `Invalid configuration ${path}: ${problem}.`, ADVICE);

const shapeless = (path: string): FkGuardError =>
  invalid(path, 'it exports neither a Sequelize instance nor foreign keys');
