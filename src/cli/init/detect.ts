import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { FkGuardError } from '../../errors';
import { parseJsonFile } from '../find-config';
import { findSequelizeRc } from '../sequelizerc';
import { findInstance, findModelClasses, type ModelClass } from './find-models';

/** What `init` has seen of a project. */
export interface Project {
  readonly directory: string;
  readonly manifest: string;
  readonly isModule: boolean;
  readonly uses: Readonly<Record<'typescript' | 'sequelizeCli' | 'sequelizeTypescript' | 'nest', boolean>>;
  /** The file that exports the instance, when one was found. */
  readonly instance: string | undefined;
  /** Classes of sequelize-typescript, where no file exports an instance. */
  readonly classes: readonly ModelClass[];
}

/** Looks at the nearest package, and runs none of its code but `.sequelizerc`. Throws `CONFIG` outside of a package. */
export function detectProject(cwd: string): Project {
  const directory = packageAbove(resolve(cwd));
  const manifest = join(directory, 'package.json');
  const said = parseJsonFile(manifest);
  const has = (name: string): boolean =>
    ['dependencies', 'devDependencies', 'peerDependencies'].some((kind) =>
      Object.hasOwn(Object(said[kind]) as object, name),
    );
  const rc = findSequelizeRc(directory);
  const nest = has('@nestjs/sequelize') || has('@nestjs/core');
  // A NestJS module makes its instance itself, with a sync(), which nobody wants of a command that only looks.
  const instance = nest ? undefined : findInstance(directory, rc?.models);
  const uses = {
    typescript:
      has('typescript') || existsSync(join(directory, 'tsconfig.json')) || /\.[cm]?ts$/.test(instance ?? ''),
    sequelizeCli: rc !== undefined || has('sequelize-cli'),
    sequelizeTypescript: has('sequelize-typescript'),
    nest,
  };
  return {
    directory,
    manifest,
    isModule: said['type'] === 'module',
    uses,
    instance,
    classes: instance === undefined && uses.sequelizeTypescript ? findModelClasses(directory) : [],
  };
}

function packageAbove(directory: string): string {
  if (existsSync(join(directory, 'package.json'))) return directory;
  const above = dirname(directory);
  if (above !== directory) return packageAbove(above);
  throw new FkGuardError(
    'CONFIG',
    'There is no package.json from here upwards.',
    'Go to the directory of your application, or make a package of it with npm init.',
  );
}
