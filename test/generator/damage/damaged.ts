import { Sequelize } from 'sequelize';
import { installFkGuard, type FkGuard } from 'sequelize-fk-guard';
import { readModels } from '../../../src/model/read';
import type { SequelizeLike } from '../../../src/model/sequelize-like';
import type { TestDatabase } from '../../postgres/database';
import { build, silent, type Builder } from '../built';
import type { ModelSet } from '../model-set';
import type { Random } from '../random';
import type { Context, Damage, KindOfDamage } from './damage';
import { keyDamages } from './key-damages';
import { rowDamages } from './row-damages';
import { fillTables } from './rows';
import { readSite } from './site';
import { tableDamages } from './table-damages';

/** A healthy application with rows in every table, and a guard that looks at every row. */
export interface Healthy {
  readonly sequelize: Sequelize;
  readonly guard: FkGuard;
}

/** Builds a model set, fills its tables, and connects an application with a guard to it. */
export async function healthy(set: ModelSet, builder: Builder, database: TestDatabase): Promise<Healthy> {
  await build(set, builder, database);
  await fillTables(database);
  const sequelize = new Sequelize(database.url, { logging: false });
  const guard = installFkGuard(sequelize, { scan: 'all', logger: silent });
  set.define(sequelize);
  return { sequelize, guard };
}

/** What there is to damage in a healthy application, and what its authors wrote. */
export async function contextOf(
  sequelize: Sequelize,
  database: TestDatabase,
  random: Random,
): Promise<Context> {
  // Whose word an action is, is the business of the truth table (test/truth-table.test.ts); here it is only asked.
  const relations = new Map(
    readModels(sequelize as unknown as SequelizeLike).relations.map((relation) => [relation.id, relation]),
  );
  return {
    site: await readSite(database, sequelize),
    random,
    isWritten: (relation, action) => (relations.get(relation)?.[action].explicit.length ?? 0) > 0,
    isTimed: (relation) => relations.get(relation)?.deferrable !== undefined,
  };
}

/** Damages of every kind that the database has a place for, in turns: a kind comes again when all have been there. */
export function damagesTo(context: Context, count: number): readonly Damage[] {
  const damages: Damage[] = [];
  while (damages.length < count)
    damages.push(...context.random.shuffle(KINDS).flatMap((kind) => kind(context) ?? []));
  return damages.slice(0, count);
}

const KINDS: readonly KindOfDamage[] = [...keyDamages, ...rowDamages, ...tableDamages];
