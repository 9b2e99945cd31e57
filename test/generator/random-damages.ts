import { createDatabase, type TestDatabase } from '../postgres/database';
import { named, type Builder } from './built';
import type { Context } from './damage/damage';
import { contextOf, damagesTo, healthy, type Healthy } from './damage/damaged';
import { harmlessChanges } from './damage/harmless';
import { readRecipe, type Recipe } from './damage/recipe';
import { modelSets } from './model-set';
import { randomFrom, seedFrom } from './random';
import { sound } from './styles';

// Chance decides about the models, the places and the damages; the seed repeats all of it.
const seed = seedFrom('FK_GUARD_DAMAGE_SEED', 20260102);
/** To each of the six parts; the matrix makes all 300 on each of its servers. */
const DAMAGES = Number(process.env['FK_GUARD_DAMAGES'] ?? 10);
const sets = modelSets(seed, sound, 13);
const BUILDERS: readonly Builder[] = ['Sequelize', 'the guard'];

/** Half of the single random damages, to the parts of the models, whose tables the two have built in turn. */
export function randomDamageTests(builder: Builder): void {
  const parts = sets
    .map((set, part) => ({ set, part }))
    .filter(({ part }) => BUILDERS[part % BUILDERS.length] === builder);

  it('are of three parts', () => expect(parts).toHaveLength(3));

  describe.each(parts)(`to part $part of the models (FK_GUARD_DAMAGE_SEED=${seed})`, ({ set, part }) => {
    let database: TestDatabase;
    let application: Healthy;
    let recipe: Recipe;
    let context: Context;
    beforeAll(async () => {
      database = await createDatabase('damage');
      application = await healthy(set, builder, database);
      recipe = await readRecipe(database);
      context = await contextOf(application.sequelize, database, randomFrom(seed + part));
    });
    afterAll(async () => {
      await application.sequelize.close();
      await database.drop();
    });

    const look = async () => named((await application.guard.check()).findings);

    /** What a look finds after each change by itself: afterwards the database is as it was. */
    async function findingsAfter<Change extends { sql: string; tables: readonly string[] }>(
      changes: readonly Change[],
    ): Promise<readonly { readonly change: Change; readonly findings: readonly string[] }[]> {
      const before = await recipe.state();
      const found = [];
      for (const change of changes) {
        await database.query(change.sql);
        found.push({ change, findings: await look() });
        await recipe.restore(change.tables);
        if ((await recipe.state()) !== before) throw new Error(`not made good: ${change.sql}`);
      }
      return found;
    }

    it(`each of ${DAMAGES} gives its own finding, and those of what it took along`, async () => {
      expect(await look()).toEqual([]);
      const damages = damagesTo(context, DAMAGES);
      expect(await findingsAfter(damages)).toEqual(
        damages.map((change) => ({
          change,
          findings: [change.own, ...(change.consequences ?? [])].sort(),
        })),
      );
    });

    it('changes that damage nothing give no finding', async () => {
      const changes = harmlessChanges(context);
      expect(changes.length).toBeGreaterThan(3);
      expect(await findingsAfter(changes)).toEqual(changes.map((change) => ({ change, findings: [] })));
    });
  });
}
