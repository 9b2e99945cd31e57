import { createDatabase, type TestDatabase } from '../postgres/database';
import { named } from './built';
import { damagesTo, healthy, type Healthy } from './damage/damaged';
import { readRecipe } from './damage/recipe';
import { modelSets } from './model-set';
import { randomFrom, seedFrom } from './random';
import { sound } from './styles';

const seed = seedFrom('FK_GUARD_DAMAGE_SEED', 20260102);
const DAMAGES = 50;
const sets = modelSets(seed, sound, 13);

describe(`300 single random damages (FK_GUARD_DAMAGE_SEED=${seed})`, () => {
  describe.each(sets.map((set, part) => ({ set, part })))('to part $part of the models', ({ set, part }) => {
    let database: TestDatabase;
    let application: Healthy;
    beforeAll(async () => {
      database = await createDatabase('damage');
      application = await healthy(set, part % 2 === 0 ? 'Sequelize' : 'the guard', database);
    });
    afterAll(async () => {
      await application.sequelize.close();
      await database.drop();
    });
    const look = async () => named((await application.guard.check()).findings);

    it(`each of ${DAMAGES} gives its own finding, and those of what it took along`, async () => {
      expect(await look()).toEqual([]);
      const recipe = await readRecipe(database);
      const before = await recipe.state();
      const found: unknown[] = [];
      const damages = await damagesTo(application, database, randomFrom(seed + part), DAMAGES);
      for (const damage of damages) {
        await database.query(damage.sql);
        found.push({ damage, findings: await look() });
        await recipe.restore(damage.tables);
        // Each damage has to be a single one: nothing of the one before may be left.
        if ((await recipe.state()) !== before) throw new Error(`not made good: ${damage.sql}`);
      }
      expect(found).toEqual(
        damages.map((damage) => ({
          damage,
          findings: [damage.own, ...(damage.consequences ?? [])].sort(),
        })),
      );
    });
  });

  it('are 300', () => expect(sets.length * DAMAGES).toBe(300));
});
