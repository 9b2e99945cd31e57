import { FkGuardError } from '../errors';
import { matchesGlob } from '../glob';
import { nearest, tableId } from '../names';
import type { Settings } from '../options';
import { invalid } from '../parse-options';
import { parentKeyOf } from './parent-key';
import type { Expected, Relation } from '../expected';
import type { TableReference } from '../schema';

/** What the guard looks at: there has to be something. Throws `NO_MODELS` where there is nothing. */
export function declared(expected: Expected): Expected {
  if (expected.tables.length === 0 && expected.relations.length === 0)
    throw new FkGuardError(
      'NO_MODELS',
      'There are no models: there is nothing to compare the database with.',
      'Define the models before the guard looks.',
    );
  return expected;
}

/**
 * The models that are included, without what is excluded. Throws `OPTIONS` for a relation in the options that no model
 * has, a `reparent` that cannot be a key of its parent, and a pattern that matches nothing.
 */
export function restrict(expected: Expected, { include, exclude, relations }: Settings): Expected {
  const wrongOptions = wrongRelations(expected, relations);
  if (include.length + exclude.length + wrongOptions.length === 0)
    return { ...expected, others: expected.others ?? [], unconstrained: expected.unconstrained ?? [] };
  const modelOf = new Map(expected.tables.map(({ model, table }) => [tableId(table), model]));
  const names = namesOf(expected, modelOf);
  const excluding = exclude.map(({ pattern }) => pattern);
  const wrong = [
    ...wrongOptions,
    ...matchNothing('include', include, names),
    ...matchNothing('exclude', excluding, names),
  ];
  if (wrong.length > 0) throw invalid(wrong);
  const [included, excluded] = [matcher(include), matcher(excluding)];
  const isWanted = (model: string, table: TableReference): boolean =>
    (include.length === 0 || included(model, table)) && !excluded(model, table);
  const isOurs = ({ model, child, parent }: Relation): boolean =>
    isWanted(model, child) && !excluded(modelOf.get(tableId(parent)) ?? '', parent);
  return {
    tables: expected.tables.filter(({ model, table }) => isWanted(model, table)),
    relations: expected.relations.filter(isOurs),
    others: [...(expected.others ?? []), ...expected.relations.filter((relation) => !isOurs(relation))],
    unconstrained: (expected.unconstrained ?? []).filter(isOurs),
  };
}

function matcher(globs: readonly string[]): (model: string, table: TableReference) => boolean {
  return (model, table) =>
    namesIn(model, table).some((name) => globs.some((pattern) => matchesGlob(name, pattern)));
}

/** The names under which a table can be included or excluded. */
const namesIn = (model: string, table: TableReference): readonly string[] => [
  model,
  table.name,
  tableId(table),
];

const namesOf = (
  { tables, relations }: Expected,
  modelOf: ReadonlyMap<string, string>,
): readonly string[] => [
  ...tables.flatMap(({ model, table }) => namesIn(model, table)),
  ...relations.flatMap(({ model, child, parent }) => [
    ...namesIn(model, child),
    ...namesIn(modelOf.get(tableId(parent)) ?? '', parent),
  ]),
];

const matchNothing = (
  option: string,
  patterns: readonly string[],
  names: readonly string[],
): readonly string[] =>
  patterns.flatMap((pattern) => {
    if (names.some((name) => matchesGlob(name, pattern))) return [];
    const suggestion = nearest(pattern, names);
    return `"${option}" has the pattern "${pattern}", and no model or table matches it${suggestion ? `; did you mean "${suggestion}"?` : ''}`;
  });

function wrongRelations(
  { relations: known, unconstrained = [] }: Expected,
  options: Settings['relations'],
): readonly string[] {
  return Object.entries(options).flatMap(([id, { reparent }]) => {
    const relation = known.find((candidate) => candidate.id === id);
    const [line] = unconstrained.find((candidate) => candidate.id === id)?.declarations ?? [];
    if (!relation && line)
      return [`"relations" names "${id}", and ${line.text} says constraints: false, so it is no relation`];
    if (!relation)
      return [
        noSuchRelation(
          id,
          known.map((candidate) => candidate.id),
        ),
      ];
    const key = reparent === undefined ? [] : parentKeyOf(relation, reparent);
    return 'wrong' in key ? [`"relations.${id}.reparent" ${key.wrong}`] : [];
  });
}

function noSuchRelation(id: string, known: readonly string[]): string {
  const suggestion = nearest(id, known);
  return `"relations" names "${id}", and no model has such a relation${suggestion ? `; did you mean "${suggestion}"?` : ''}`;
}
