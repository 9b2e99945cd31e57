import { readFileSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import type { Finding } from '../finding';
import type { Origin } from '../report/origin';

/** Where the user's own files are. */
export interface Sources {
  /** The configuration. */
  readonly config: string;
  /** The models by name. */
  readonly models: Readonly<Record<string, unknown>>;
}

/**
 * Where a finding is to be mended: in the file whose module is, or holds, the model, at the line that names the column;
 * otherwise in the configuration. Paths are relative to the repository, as GitHub wants them.
 */
export function originIn({ config, models }: Sources, root: string): Origin {
  const fileOf = modelFiles(models);
  return ({ model, child }: Finding) => {
    const file = model === undefined ? undefined : fileOf.get(model);
    const path = inside(root, file) ?? inside(root, config);
    if (path === undefined) return undefined;
    return {
      file: path,
      line: lineOf(resolve(root, path), [...child.columns, ...(model ? [model] : []), child.table]),
    };
  };
}

/** By the modules that Node has loaded, the last one first: an index that gathers models is done after them. */
function modelFiles(models: Readonly<Record<string, unknown>>): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const module of Object.values(require.cache)) {
    if (!module || module.filename.includes(`${sep}node_modules${sep}`)) continue;
    const { loaded, filename } = module;
    const exported: unknown = loaded ? module.exports : undefined;
    for (const [name, model] of Object.entries(models))
      if (holds(exported, name, model) && isBetter(filename, found.get(name), name))
        found.set(name, filename);
  }
  return found;
}

function holds(exported: unknown, name: string, model: unknown): boolean {
  if (exported === model) return true;
  if (typeof exported !== 'object' || exported === null) return false;
  return ['default', name].some((field) => Object.getOwnPropertyDescriptor(exported, field)?.value === model);
}

/** A file named after its model goes before an index that only hands it on. */
const isBetter = (file: string, before: string | undefined, model: string): boolean =>
  before === undefined || (!isNamedAfter(before, model) && isNamedAfter(file, model));

const letters = (text: string): string => text.replace(/[^a-z0-9]/gi, '').toLowerCase();

const isNamedAfter = (file: string, model: string): boolean =>
  letters((file.split(sep).at(-1) ?? '').replace(/(\.model)?\.[cm]?[jt]s$/, '')) === letters(model);

function inside(root: string, path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  const way = relative(root, path);
  return way === '' || way.startsWith('..') || isAbsolute(way) ? undefined : way.split(sep).join('/');
}

/** The first line with the first of these words that the file has at all. */
function lineOf(path: string, words: readonly string[]): number {
  let lines: readonly string[];
  try {
    lines = readFileSync(path, 'utf8').split('\n');
  } catch {
    return 1;
  }
  for (const word of words) {
    const at = lines.findIndex((line) => line.split(/[^\p{L}\p{N}_$]+/u).includes(word));
    if (at >= 0) return at + 1;
  }
  return 1;
}
