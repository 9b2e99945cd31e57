import { deferrableOf, asksForKey } from '../../model/sequelize6';
import { nearest } from '../../names';
import { invalid } from '../../parse-options';
import type { EnsureContext, EnsureOptions, ParentByColumns } from './ensure-options';
import type { AssociationLike } from '../../model/sequelize-like';
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

/** The parents that rows of a model refer to. */
export type NeedsOf = (model: WritableModel) => readonly Need[];

/**
 * What `ensure` means for a model and for each parent that may be made, worked out once for a call.
 *
 * Throws `OPTIONS` for an entry that is of no use, whatever the rows are: a misspelt name would only show when a parent
 * is missing.
 */
export function neededParents(root: WritableModel, ensure: Ensure): NeedsOf {
  const problems = Object.entries(ensure).flatMap(([name, entry]) => malformed(name, entry));
  if (problems.length > 0) throw invalid(problems);
  const needs = new Map([[root, needsOf(root, root, ensure)]]);
  const used = new Set<string>();
  const wrong: string[] = [];
  for (const [, own] of needs)
    for (const need of own) {
      wrong.push(...unknownAttributes(need));
      if (!need.values) continue;
      used.add(need.name);
      if (!needs.has(need.parent)) needs.set(need.parent, needsOf(need.parent, root, ensure));
    }
  const unknown = Object.keys(ensure).filter((name) => !used.has(name));
  if (unknown.length + wrong.length > 0)
    throw invalid([...unknown.map((name) => unknownName(name, root.name, [...needs.keys()])), ...wrong]);
  return (model) => needs.get(model) ?? [];
}

/**
 * Those that `ensure` speaks of, and those whose absence the database would not forgive. A name of `ensure` is an
 * association's, or `Model.name`; an entry with columns belongs to `root` where its name says no other model.
 */
function needsOf(model: WritableModel, root: WritableModel, ensure: Ensure): readonly Need[] {
  const needs = columnEntries(model, root, ensure);
  const replaced = new Set(needs.map(({ name }) => bare(name)));
  for (const association of parentsOf(model)) {
    const { as = '', target, foreignKey, targetKey = 'id' } = association;
    if (replaced.has(as)) continue;
    const name = [`${model.name}.${as}`, as].find((candidate) => Object.hasOwn(ensure, candidate)) ?? as;
    const entry = Object.hasOwn(ensure, name) ? ensure[name] : undefined;
    const values = typeof entry === 'function' ? entry : undefined;
    if (values === undefined && !isRequired(model, association)) continue;
    const on = [[foreignKey, targetKey]] as const;
    needs.push({ name, child: model, parent: writableModel(target), on, single: true, values });
  }
  return needs;
}

const bare = (name: string): string => name.slice(name.indexOf('.') + 1);

function columnEntries(model: WritableModel, root: WritableModel, ensure: Ensure): Need[] {
  const needs: Need[] = [];
  for (const [name, entry] of Object.entries(ensure)) {
    if (typeof entry === 'function') continue;
    if (name.includes('.') ? !name.startsWith(`${model.name}.`) : model.name !== root.name) continue;
    const { model: parent, on, values } = entry;
    needs.push({
      name,
      child: model,
      parent: writableModel(parent),
      on: Object.entries(on),
      single: false,
      values,
    });
  }
  return needs;
}

function malformed(name: string, entry: unknown): readonly string[] {
  if (typeof entry === 'function') return [];
  const { model, on, values } = (entry ?? {}) as Partial<ParentByColumns>;
  return model && on && Object.keys(on).length > 0 && typeof values === 'function'
    ? []
    : [`"ensure.${name}" is neither a function nor { model, on, values }`];
}

function unknownName(name: string, root: string, reached: readonly WritableModel[]): string {
  const meant = nearest(
    name,
    reached.flatMap(parentsOf).map(({ as = '' }) => as),
  );
  return `"ensure.${name}" is no belongsTo association of ${root} or of a parent that is ensured${meant === undefined ? '' : `; did you mean "${meant}"?`}`;
}

function unknownAttributes({ name, child, parent, on }: Need): readonly string[] {
  const unknown: string[] = [];
  const look = (model: WritableModel, used: string) => {
    if (Object.hasOwn(model.rawAttributes, used)) return;
    unknown.push(`"ensure.${name}" names ${model.name}.${used}, which is no attribute`);
  };
  for (const [own, attribute] of on) {
    look(child, own);
    look(parent, attribute);
  }
  return unknown;
}

const parentsOf = ({ associations }: WritableModel): readonly AssociationLike[] =>
  Object.values(associations).filter(({ associationType }) => associationType === 'BelongsTo');

/** A key that is checked at COMMIT may get its parent later. */
function isRequired(child: WritableModel, association: AssociationLike): boolean {
  const references = child.rawAttributes[association.foreignKey]?.references;
  return asksForKey(association) && !(references && deferrableOf(references) === 'INITIALLY DEFERRED');
}
