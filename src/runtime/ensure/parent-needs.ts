import { deferrableOf, asksForKey } from '../../model/sequelize6';
import { nearest } from '../../names';
import { invalid } from '../../parse-options';
import type { EnsureContext, EnsureOptions, ParentByColumns } from './ensure-options';
import { writableModel, type Values, type WritableModel } from '../../model/writable-model';

type Ensure = EnsureOptions['ensure'];

/** One parent that rows of a model refer to. */
export interface Need {
  /** The name that `ensure` has for it, or would have. */
  readonly name: string;
  readonly child: WritableModel;
  readonly parent: WritableModel;
  /** The child's attributes, each with the parent's. */
  readonly on: readonly (readonly [own: string, parent: string])[];
  /** True for an association: its key is one value, and not an object of them. */
  readonly single: boolean;
  /** How it is made; without it, a parent that is missing is an error. */
  readonly values: ((key: never, context: EnsureContext) => Values | Promise<Values>) | undefined;
}

/**
 * The parents that rows of a model refer to: those that `ensure` speaks of, and those whose absence the database would
 * not forgive. A name of `ensure` is an association's, or `Model.name`; an entry with columns belongs to `root` where
 * its name says no other model.
 */
export function needsOf(model: WritableModel, root: WritableModel, ensure: Ensure): readonly Need[] {
  const byColumns = columnEntries(model, root, ensure);
  const replaced = new Set(byColumns.map(({ name }) => bare(name)));
  const byAssociation = parentsOf(model)
    .filter(({ as }) => !replaced.has(as))
    .flatMap(({ as, parent, on, isRequired }): readonly Need[] => {
      const name = [`${model.name}.${as}`, as].find((candidate) => Object.hasOwn(ensure, candidate));
      const entry = name === undefined ? undefined : ensure[name];
      const values = typeof entry === 'function' ? entry : undefined;
      return values !== undefined || isRequired
        ? [{ name: name ?? as, child: model, parent, on, single: true, values }]
        : [];
    });
  return [...byColumns, ...byAssociation];
}

const bare = (name: string): string => name.slice(name.indexOf('.') + 1);

function columnEntries(model: WritableModel, root: WritableModel, ensure: Ensure): readonly Need[] {
  const isOf = (name: string): boolean =>
    name.includes('.') ? name.startsWith(`${model.name}.`) : model.name === root.name;
  return Object.entries(ensure).flatMap(([name, entry]): readonly Need[] =>
    typeof entry === 'object' && isOf(name)
      ? [
          {
            name,
            child: model,
            parent: writableModel(entry.model),
            on: Object.entries(entry.on),
            single: false,
            values: entry.values,
          },
        ]
      : [],
  );
}

/**
 * Throws `OPTIONS` for an entry that is of no use, whatever the rows are: a misspelt name would only show when a parent
 * is missing.
 */
export function assertEnsure(root: WritableModel, ensure: Ensure): void {
  const problems = Object.entries(ensure).flatMap(([name, entry]) => malformed(name, entry));
  if (problems.length > 0) throw invalid(problems);
  const reached = new Set([root]);
  const needs: Need[] = [];
  for (const next of reached)
    for (const need of needsOf(next, root, ensure)) {
      needs.push(need);
      if (need.values) reached.add(need.parent);
    }
  const used = new Set(needs.filter(({ values }) => values).map(({ name }) => name));
  const known = [...reached].flatMap(parentsOf).map(({ as }) => as);
  const unknown = Object.keys(ensure)
    .filter((name) => !used.has(name))
    .map((name) => unknownName(name, root.name, known));
  const wrong = [...unknown, ...needs.flatMap(unknownAttributes)];
  if (wrong.length > 0) throw invalid(wrong);
}

function malformed(name: string, entry: unknown): readonly string[] {
  if (typeof entry === 'function') return [];
  const { model, on, values } = (entry ?? {}) as Partial<ParentByColumns>;
  return model && on && Object.keys(on).length > 0 && typeof values === 'function'
    ? []
    : [`"ensure.${name}" is neither a function nor { model, on, values }`];
}

function unknownName(name: string, model: string, known: readonly string[]): string {
  const meant = nearest(name, known);
  return `"ensure.${name}" is no belongsTo association of ${model} or of a parent that is ensured${meant === undefined ? '' : `; did you mean "${meant}"?`}`;
}

const unknownAttributes = ({ name, child, parent, on }: Need): readonly string[] =>
  on.flatMap(([own, attribute]) =>
    (
      [
        [child, own],
        [parent, attribute],
      ] as const
    )
      .filter(([model, used]) => !Object.hasOwn(model.rawAttributes, used))
      .map(([model, used]) => `"ensure.${name}" names ${model.name}.${used}, which is no attribute`),
  );

const parentsOf = (model: WritableModel) =>
  Object.values(model.associations)
    .filter(({ associationType }) => associationType === 'BelongsTo')
    .map((association) => {
      const { as = '', target, foreignKey, targetKey = 'id' } = association;
      const references = model.rawAttributes[foreignKey]?.references;
      return {
        as,
        parent: writableModel(target),
        on: [[foreignKey, targetKey]] as const,
        // A key that is checked at COMMIT may get its parent later.
        isRequired:
          asksForKey(association) && !(references && deferrableOf(references) === 'INITIALLY DEFERRED'),
      };
    });
