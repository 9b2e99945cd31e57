import { FkGuardError } from '../errors';
import { nearest, tableId } from '../names';
import type { Settings } from '../options';
import { invalid } from '../parse-options';
import type { Expected } from '../expected';
import type { TableReference } from '../schema';

/**
 * What the guard looks at: the models without what is excluded. Throws `NO_MODELS` where there are none, and `OPTIONS`
 * for a relation in the options that no model has.
 */
export function wanted(expected: Expected, settings: Settings): Expected {
  if (expected.tables.length === 0 && expected.relations.length === 0)
    throw new FkGuardError(
      'NO_MODELS',
      'There are no models: there is nothing to compare the database with.',
      'Define the models before the guard looks.',
    );
  return restrict(expected, settings);
}

function restrict(expected: Expected, { exclude, relations }: Settings): Expected {
  const known = expected.relations.map(({ id }) => id);
  const unknown = Object.keys(relations).filter((id) => !known.includes(id));
  if (unknown.length > 0) throw invalid(unknown.map((id) => noSuchRelation(id, known)));
  const patterns = exclude.map(({ pattern }) => glob(pattern));
  const excluded = (model: string, table: TableReference): boolean =>
    patterns.some((pattern) => [model, table.name, tableId(table)].some((name) => pattern.test(name)));
  const modelOf = new Map(expected.tables.map(({ model, table }) => [tableId(table), model]));
  return {
    tables: expected.tables.filter(({ model, table }) => !excluded(model, table)),
    relations: expected.relations.filter(
      ({ model, child, parent }) =>
        !excluded(model, child) && !excluded(modelOf.get(tableId(parent)) ?? '', parent),
    ),
  };
}

function noSuchRelation(id: string, known: readonly string[]): string {
  const suggestion = nearest(id, known);
  return `"relations" names "${id}", and no model has such a relation${suggestion ? `; did you mean "${suggestion}"?` : ''}`;
}

/** `*` stands for any characters, `?` for one. */
const glob = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replace(/\*/g, '.*')
      .replace(/\?/g, '.')}$`,
    'u',
  );
