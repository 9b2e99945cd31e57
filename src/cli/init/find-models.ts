import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A class with the decorator `@Table`. */
export interface ModelClass {
  readonly name: string;
  readonly file: string;
}

const PLACES = ['models/index', 'models', 'database/index', 'database', 'db/index', 'db', 'sequelize'];
const FOLDERS = ['', 'src', 'app', 'server', 'src/config', 'config'];
const EXTENSIONS = ['.ts', '.mts', '.js', '.mjs', '.cjs'];
/** `export const sequelize`, `exports.sequelize`, `module.exports = { sequelize`, and the `db` of sequelize-cli. */
const EXPORTS =
  /export\s+(const|let|var)\s+sequelize\b|export\s*\{[^}]*\bsequelize\b|exports\.sequelize\b|module\.exports\s*=\s*(\{[^}]*\bsequelize\b|sequelize\b)|db\.sequelize\s*=/;

/** The file that exports the application's instance: that of sequelize-cli's models, or one where people put it. */
export function findInstance(directory: string, models: string | undefined): string | undefined {
  const usual = FOLDERS.flatMap((folder) => PLACES.map((place) => join(directory, folder, place)));
  const bases = models === undefined ? usual : [join(models, 'index'), ...usual];
  return bases
    .flatMap((base) => EXTENSIONS.map((extension) => base + extension))
    .find((path) => existsSync(path) && EXPORTS.test(read(path)));
}

/** Enough for any application, and an end where `src` is something else. */
const MOST_FILES = 5_000;

/** Every `export class … ` below `src` that has `@Table` before it. */
export function findModelClasses(directory: string): readonly ModelClass[] {
  const source = join(directory, 'src');
  if (!existsSync(source)) return [];
  return readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !/\.d\.ts$|\.(spec|test)\.ts$|node_modules/.test(path))
    .sort()
    .slice(0, MOST_FILES)
    .flatMap((path) => classesIn(join(source, path)));
}

const classesIn = (file: string): readonly ModelClass[] =>
  [...read(file).matchAll(/@Table\b[^;]*?\bexport\s+class\s+(\w+)/g)].map(([, name = '']) => ({
    name,
    file,
  }));

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
