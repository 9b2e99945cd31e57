import type { FkGuardOptions } from 'sequelize-fk-guard';
import type { LiveKey, Site } from '../../generator/damage/site';
import type { Random } from '../../generator/random';
import { silent } from '../../quarantine/setup';

type Relations = NonNullable<FkGuardOptions['relations']>;

/** What a user may have set, by chance; mostly so that something is done. */
export function chooseOptions({ keys }: Site, random: Random): FkGuardOptions {
  const all = { rows: 1_000_000, fraction: 1 };
  return {
    logger: silent,
    onDelete: random.pick(['explicit', 'models', 'CASCADE']),
    orphans: random.pick(['auto', 'auto', 'delete', 'delete', 'delete', 'nullify', 'nullify', 'keep']),
    limits: random.pick([
      all,
      all,
      all,
      all,
      { ...all, rewriteRows: 1 },
      { ...all, rewriteRows: 1 },
      {},
      { rows: 3, fraction: 0.05 },
    ]),
    batchSize: random.pick(['auto', 'auto', 1, 2, 7]),
    scan: random.pick(['needed', 'all']),
    fence: random.chance(0.2),
    indexes: random.pick(['report', 'create']),
    quarantine: { schema: random.pick(['fk_guard', 'fk_guard', 'Trash "can"']) },
    relations: Object.fromEntries(
      random
        .shuffle(keys)
        .slice(0, random.below(4))
        .map((key) => [key.relation, relationOptions(key, random)]),
    ),
  };
}

function relationOptions(key: LiveKey, random: Random): Relations[string] {
  return random.pick<() => Relations[string]>([
    () => ({ onDelete: random.pick(['CASCADE', 'SET NULL', 'RESTRICT', 'NO ACTION']) }),
    () => ({ onDelete: 'CASCADE', orphans: 'delete' }),
    () => ({ orphans: random.pick(['delete', 'nullify', 'keep']) }),
    () => ({ disposable: true, orphans: random.pick(['delete', 'nullify'] as const) }),
    () => ({ disposable: true }),
    () => ({ reparent: 1 + random.below(10) }),
    () => ({ createParent: ({ id }) => madeParent(key.parent, id ?? '') }),
  ])();
}

/** What a parent's row needs beside its key. */
function madeParent(parent: string, id: string): Readonly<Record<string, unknown>> {
  const values: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
    'public."Users"': { name: 'made', email: `made ${id}` },
    'public."Authors"': { name: 'made' },
    'public."Categories"': { name: 'made' },
    'public."Books"': { title: 'made', isbn: `made ${id}` },
    'public."Checkouts"': { userId: 1, bookId: 1, dueAt: new Date(0) },
  };
  return { ...values[parent], createdAt: new Date(0), updatedAt: new Date(0) };
}
