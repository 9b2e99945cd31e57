import { existsSync, readdirSync } from 'node:fs';
import { basename, extname, join, resolve } from 'node:path';
import { CliError } from './cli-error';
import type { Config } from './config';
import { EXIT } from './exit-codes';
import { packageType } from './package-type';
import { findSequelizeRc } from './sequelizerc';

/** How a migration is written. */
export type Language = 'commonjs' | 'module' | 'typescript';

/** Where a migration goes and how it is written there. */
export interface MigrationPlace {
  readonly file: string;
  /** The name under which its run stands in the ledger. */
  readonly name: string;
  readonly language: Language;
  /** What runs it. */
  readonly run: string;
}

const EXTENSIONS = ['.js', '.cjs', '.mjs', '.ts', '.cts', '.mts'];

/** Where `--out`, sequelize-cli or habit say, in the language of the migrations that are there. Throws `USAGE` and `OUTPUT`. */
export function migrationPlace(
  name: string,
  out: string | undefined,
  { path: config }: Pick<Config, 'path'>,
  cwd: string,
): MigrationPlace {
  const rc = findSequelizeRc(cwd);
  const given = out === undefined ? undefined : resolve(cwd, out);
  const isFile = given !== undefined && EXTENSIONS.includes(extname(given));
  const directory = given ?? rc?.migrations ?? resolve(cwd, 'migrations');
  const file = isFile
    ? given
    : join(directory, `${stampNow()}-${name}${extensionIn(directory, config, rc !== undefined)}`);
  if (existsSync(file))
    throw new CliError('OUTPUT', EXIT.failed, `${file} is there already.`, 'Name another file with --out.');
  return {
    file,
    name: basename(file, extname(file)),
    language: languageOf(file),
    run: rc ? 'npx sequelize-cli db:migrate' : 'your own umzug, or npx sequelize-cli db:migrate',
  };
}

/** `20261128093000`, as sequelize-cli writes it. */
const stampNow = (): string => new Date().toISOString().replace(/\D/g, '').slice(0, 14);

/**
 * As its neighbours are. The first one is JavaScript where it can be: a name in SequelizeMeta keeps its extension, and one
 * that changes with a build would run again. sequelize-cli `require`s, and so a package of modules needs .cjs for it.
 */
function extensionIn(directory: string, config: string, isForCli: boolean): string {
  const last = existsSync(directory)
    ? readdirSync(directory)
        .filter((name) => EXTENSIONS.includes(extname(name)) && !/\.d\.[cm]?ts$/.test(name))
        .sort()
        .at(-1)
    : undefined;
  if (last !== undefined) return extname(last);
  if (/\.[mc]?ts$/.test(config)) return '.ts';
  return isForCli && packageType(directory) === 'module' ? '.cjs' : '.js';
}

function languageOf(file: string): Language {
  const extension = extname(file);
  if (extension.endsWith('ts')) return 'typescript';
  return extension === '.mjs' || (extension === '.js' && packageType(file) === 'module')
    ? 'module'
    : 'commonjs';
}
