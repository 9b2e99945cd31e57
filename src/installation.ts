import { isDeepStrictEqual } from 'node:util';
import type { FkGuard } from './guard';
import { FkGuardError } from './errors';
import type { SequelizeLike } from './model/sequelize-like';
import type { Settings } from './options';

/** What an instance carries while a guard is installed on it. */
export interface Installation {
  readonly guard: FkGuard;
  readonly settings: Settings;
}

// A symbol of the whole process: an application may carry several copies of this package.
const key = Symbol.for('sequelize-fk-guard');

/**
 * The guard that is installed on an instance, or else the one that `install` makes now. `asked` is `undefined` when
 * the caller set no options; throws `OPTIONS` when it differs from the settings of the installed guard.
 */
export function installOnce(
  sequelize: SequelizeLike,
  asked: Settings | undefined,
  install: () => Installation,
): FkGuard {
  const known = Reflect.get(sequelize, key) as Installation | undefined;
  if (known && asked && !isDeepStrictEqual(known.settings, asked)) throw installedTwice();
  const installation = known ?? install();
  Object.defineProperty(sequelize, key, { value: installation, configurable: true });
  return installation.guard;
}

/** The settings of the guard that is installed on an instance, if one is. */
export const installedSettings = (sequelize: SequelizeLike): Settings | undefined =>
  (Reflect.get(sequelize, key) as Installation | undefined)?.settings;

/** Forgets this installation, so that another one can be made. One that came after it stays. */
export function forget(sequelize: SequelizeLike, installation: Installation): void {
  if (Reflect.get(sequelize, key) === installation) Reflect.deleteProperty(sequelize, key);
}

const installedTwice = (): FkGuardError =>
  new FkGuardError(
    'OPTIONS',
    'installFkGuard() was called twice on one Sequelize instance, with different options.',
    'Call it once and keep what it returns, or call uninstall() in between.',
  );
