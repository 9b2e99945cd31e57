import { withDatabase } from '../generator/built';
import { healthy } from '../generator/damage/damaged';
import { modelSets } from '../generator/model-set';
import { randomFrom } from '../generator/random';
import { sound } from '../generator/styles';
import { serverVersion } from '../postgres/version';
import { guardAt } from '../quarantine/setup';
import { demoLibrary } from '../runtime/impact/demo-library';
import { heldAgainstReal, type Held } from '../runtime/impact/held-against-real';
import { randomRows } from '../runtime/impact/random-rows';
import { randomSchema } from '../runtime/impact/random-schema';
import { soakSeed, times } from './soak';

/** What `impact` promises is held against real deletes, which plain SQL counts and which are rolled back. */
const seed = soakSeed();

const expectHeld = (what: string, { wrong, ...answers }: Held): void => {
  process.stderr.write(`${what}: ${JSON.stringify(answers)}, ${wrong.length} wrong\n`);
  expect(wrong).toEqual([]);
};

test('rows of the demo database by chance, healthy and damaged', async () => {
  await withDatabase('impact_demo', async (database) => {
    const library = await demoLibrary(database);
    const random = randomFrom(seed);
    const rows = await randomRows(database, random, times(100, 40));
    expectHeld('healthy', await heldAgainstReal(database.url, library.guard, rows));
    await database.query('drop schema real_before cascade');
    await library.damage();
    const damaged = await randomRows(database, random, times(100, 20));
    expectHeld('damaged', await heldAgainstReal(database.url, library.guard, damaged));
    await library.close();
  });
});

test('rows of generated databases by chance', async () => {
  for (const [number, set] of modelSets(seed, sound, 40).slice(0, times(99, 1)).entries())
    await withDatabase('impact_generated', async (database) => {
      const { sequelize, guard } = await healthy(set, 'Sequelize', database);
      const rows = await randomRows(database, randomFrom(seed + number), times(100, 20));
      const held = await heldAgainstReal(database.url, guard, rows);
      await sequelize.close();
      expectHeld(`generated ${number}`, held);
    });
});

test('rows of schemas by chance: circles, shared columns, deferred and composite keys', async () => {
  for (let number = 0; number < times(300, 15); number++)
    await withDatabase('impact_random', async (database) => {
      const random = randomFrom(seed + number);
      for (const statement of randomSchema(random, serverVersion())) await database.query(statement);
      const guard = guardAt(database.url, [{ child: 'public.t0(a)', parent: 'public.t1(id)' }]);
      const held = await heldAgainstReal(database.url, guard, await randomRows(database, random, 8));
      if (held.wrong.length > 0 || number % 25 === 0) expectHeld(`FK_GUARD_SOAK_SEED=${seed + number}`, held);
    });
});
