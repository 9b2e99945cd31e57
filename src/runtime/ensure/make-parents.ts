import { FkGuardError } from '../../errors';
import type { CreatedParent } from './ensure-options';
import { existingParents } from './existing-parents';
import { insertEach } from './insert-each';
import { insertTogether } from './insert-together';
import { wordsOf, type MissingParent } from './missing-parents';
import { hasRowHooks, type TransactionLike, type Values } from '../../model/writable-model';

/** How parents are written. */
export interface Writing {
  /** Sequelize's options for the statements. */
  readonly queryOptions: Values;
  readonly transaction: TransactionLike;
}

/**
 * Writes parents in the given order, with the hooks and validations of their models, and returns those that were made.
 *
 * `on conflict do nothing` and no catch: where somebody else makes the same parent at the same time, the server waits
 * for them and goes on, and the transaction stays usable. Throws `PARENT_CONFLICT` where it was not the key that
 * another row already has.
 */
export async function makeParents(
  parents: readonly MissingParent[],
  writing: Writing,
): Promise<readonly CreatedParent[]> {
  const created: CreatedParent[] = [];
  for (const group of ofOneModel(parents)) {
    const [{ model }] = group;
    const together = group.length > 1 && !hasRowHooks(model);
    const { made, left } = await (together ? insertTogether : insertEach)(group, writing);
    created.push(...made.map((instance) => ({ model: model.name, instance })));
    await assertThere(left, writing);
  }
  return created;
}

type Group = [MissingParent, ...MissingParent[]];

/** Neighbours of one model: a key looks at the table when its statement ends, so their order in it does not matter. */
function ofOneModel(parents: readonly MissingParent[]): readonly Group[] {
  const groups: Group[] = [];
  for (const parent of parents) {
    const last = groups.at(-1);
    if (last?.[0].model === parent.model) last.push(parent);
    else groups.push([parent]);
  }
  return groups;
}

/** Another unique key may have been in the way, such as an e-mail address. */
async function assertThere([first, ...others]: readonly MissingParent[], writing: Writing): Promise<void> {
  if (!first) return;
  const { model, key } = first;
  const left = [first, ...others] as const;
  const wanted = { parent: model, attributes: Object.keys(key), keys: left };
  const existing = await existingParents([wanted], writing.queryOptions, writing.transaction);
  const lost = left.find(({ id }) => !existing.has(id));
  if (!lost) return;
  throw new FkGuardError(
    'PARENT_CONFLICT',
    `${model.name} with ${wordsOf(lost.key)} was not made: another one already has a value that must be unique.`,
    'Let the function in `ensure` give values that no other row has.',
  );
}
