import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { FkGuardError } from '../errors';
import { messageOf } from './message-of';
import { readTextFile } from './text-file';

/** The names of a configuration file; the first one that exists is taken. */
export const CONFIG_NAMES = ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs', 'json'].map(
  (extension) => `fk-guard.config.${extension}`,
);

/** A configuration file, or the key `fkGuard` of a package.json. */
export interface ConfigPlace {
  readonly path: string;
  readonly inPackageJson: boolean;
}

/** The configuration that `--config` names, or the nearest one from `cwd` upwards, at most to a package.json. */
export function findConfig(cwd: string, named: string | undefined): ConfigPlace | undefined {
  if (named === undefined) return searchUpwards(resolve(cwd));
  const path = resolve(cwd, named);
  if (!existsSync(path)) {
    throw new FkGuardError(
      'CONFIG',
      `There is no configuration file ${path}.`,
      'Correct --config, or leave it out to have the file searched for.',
    );
  }
  return { path, inPackageJson: path.endsWith('package.json') };
}

function searchUpwards(directory: string): ConfigPlace | undefined {
  const file = CONFIG_NAMES.map((name) => join(directory, name)).find((path) => existsSync(path));
  if (file !== undefined) return { path: file, inPackageJson: false };
  const manifest = join(directory, 'package.json');
  if (existsSync(manifest))
    return Object.hasOwn(parseJsonFile(manifest), 'fkGuard')
      ? { path: manifest, inPackageJson: true }
      : undefined;
  const above = dirname(directory);
  return above === directory ? undefined : searchUpwards(above);
}

/** The text of a configuration, so that it is known to be one before it is loaded; throws `CONFIG`. */
export function readConfigFile(path: string): string {
  try {
    return readTextFile(path);
  } catch (error) {
    throw new FkGuardError(
      'CONFIG',
      `Cannot read ${path}: ${messageOf(error)}.`,
      'Put a configuration in its place, or name another one with --config.',
      error,
    );
  }
}

/** The object in a JSON file; throws `CONFIG`. */
export function parseJsonFile(path: string): Readonly<Record<string, unknown>> {
  const value = parse(path);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new FkGuardError(
    'CONFIG',
    `${path} does not hold an object.`,
    'Write { "url": …, "foreignKeys": […] }.',
  );
}

function parse(path: string): unknown {
  const text = readConfigFile(path);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new FkGuardError(
      'CONFIG',
      `${path} cannot be read as JSON.`,
      'Correct the file; an editor shows the place.',
      error,
    );
  }
}
