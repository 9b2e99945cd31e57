import type { CreatedParent, EnsureOptions } from './ensure-options';
import type { ModelOf, ValuesOf, WithParentsOptions } from './ensure-typing';
import { withParents } from './with-parents';
import { writableModel } from '../../model/writable-model';

/**
 * Makes the parents that some rows refer to and that are missing, in the order in which they depend on each other, at
 * any depth. Safe beside others that make the same ones, inside of a transaction too: nothing is tried and caught.
 * Returns what was made; hooks and validations of the models apply.
 *
 * Throws `NO_SUCH_PARENT` for a parent that is missing and that `ensure` does not speak of, before anything is written;
 * `PARENT_CONFLICT` where another unique key stands in the way; `OPTIONS` for a name in `ensure` that no association
 * has; and whatever Sequelize and the functions in `ensure` throw.
 */
export async function ensureParents<Instance extends object>(
  model: ModelOf<Instance>,
  values: ValuesOf<Instance> | readonly ValuesOf<Instance>[],
  options: WithParentsOptions<Instance>,
): Promise<{ readonly created: readonly CreatedParent[] }> {
  const rows = (Array.isArray(values) ? values : [values]) as readonly Readonly<Record<string, unknown>>[];
  const { created } = await withParents(writableModel(model), rows, options as EnsureOptions, () =>
    Promise.resolve(),
  );
  return { created };
}

/**
 * `Model.create()` with the parents that the row needs: see `ensureParents`. Everything is written in one transaction,
 * the caller's where there is one. Where no parent is missing it costs one query more than `create`, and none when all
 * of them are in `known`; where some are, one more for each level above a missing one.
 */
export async function createWithParents<Instance extends object>(
  model: ModelOf<Instance>,
  values: ValuesOf<Instance>,
  options: WithParentsOptions<Instance>,
): Promise<{ readonly instance: Instance; readonly created: readonly CreatedParent[] }> {
  const row = values as Readonly<Record<string, unknown>>;
  const child = writableModel(model);
  const { written, created } = await withParents(child, [row], options as EnsureOptions, (write) =>
    child.create(row, write),
  );
  return { instance: written as Instance, created };
}

/** `Model.bulkCreate()` with the parents that the rows need: see `createWithParents`. */
export async function bulkCreateWithParents<Instance extends object>(
  model: ModelOf<Instance>,
  values: readonly ValuesOf<Instance>[],
  options: WithParentsOptions<Instance>,
): Promise<{ readonly instances: readonly Instance[]; readonly created: readonly CreatedParent[] }> {
  const rows = values as readonly Readonly<Record<string, unknown>>[];
  const child = writableModel(model);
  const { written, created } = await withParents(child, rows, options as EnsureOptions, (write) =>
    child.bulkCreate(rows, write),
  );
  return { instances: written as readonly Instance[], created };
}
