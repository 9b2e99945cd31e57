import { Sequelize } from 'sequelize';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { dumpSchema } from '../postgres/dump';
import { build, look, named, wanted, withDatabase, type Builder } from './built';
import { modelSet } from './model-set';
import { seedFrom } from './random';
import { cyclic, faulty, sound, unbuildable } from './styles';

// Which styles meet which types, names and schemas is left to chance; the seed repeats it.
const seed = seedFrom('FK_GUARD_STYLE_SEED', 20260101);
const repeat = `FK_GUARD_STYLE_SEED=${seed}`;
const BUILDERS: readonly Builder[] = ['Sequelize', 'the guard'];
const LOOKS = ['early', 'late'] as const;

describe(`200 models of every declaration style (${repeat})`, () => {
  const set = modelSet(seed, [...sound, ...faulty], 200);

  it('use every style', () => {
    const sequelize = new Sequelize({ dialect: 'postgres' });
    set.define(sequelize);
    expect(Object.keys(sequelize.models).length).toBeGreaterThanOrEqual(200);
    expect(new Set(set.uses.map(({ style }) => style.name)).size).toBe(sound.length + faulty.length);
  });

  describe.each(BUILDERS)('in a database that %s built', (builder) => {
    let database: TestDatabase;
    let failure: string | undefined;
    beforeAll(async () => {
      database = await createDatabase('styles');
      failure = await build(set, builder, database);
    });
    afterAll(() => database.drop());

    it.each(LOOKS)('a guard that is installed %s finds what is faulty, and nothing else', async (seen) => {
      expect(failure).toBeUndefined();
      expect(named(await look(set, seen, database))).toEqual(wanted(set, builder, seen));
    });
  });
});

it(`the guard builds sound models as Sequelize does, to the letter (${repeat})`, async () => {
  const set = modelSet(seed + 1, sound);
  const schemas: string[] = [];
  for (const builder of BUILDERS)
    await withDatabase('sound', async (database) => {
      await build(set, builder, database);
      schemas.push(await dumpSchema(database));
    });
  const [bySequelize, byTheGuard] = schemas.map((schema) => schema.split('\n'));
  expect(byTheGuard).toEqual(bySequelize);
  expect(bySequelize?.filter((line) => line.includes('FOREIGN KEY')).length).toBeGreaterThan(100);
});

describe(`models that point at each other in a circle (${repeat})`, () => {
  it.each(cyclic.flatMap((style) => BUILDERS.map((builder) => ({ name: style.name, style, builder }))))(
    '$name, built by $builder',
    async ({ style, builder }) => {
      const set = modelSet(seed, [style]);
      await withDatabase('cyclic', async (database) => {
        expect(await build(set, builder, database)).toBeUndefined();
        for (const seen of LOOKS)
          expect(named(await look(set, seen, database))).toEqual(wanted(set, builder, seen));
      });
    },
  );
});

describe(`models whose tables the server refuses (${repeat})`, () => {
  it.each(unbuildable.flatMap((style) => BUILDERS.map((builder) => ({ name: style.name, style, builder }))))(
    '$name, built by $builder',
    async ({ style, builder }) => {
      const set = modelSet(seed, [style]);
      await withDatabase('refused', async (database) => {
        expect(await build(set, builder, database)).toBe(
          builder === 'Sequelize' ? style.sqlState : undefined,
        );
        for (const seen of LOOKS)
          expect(named(await look(set, seen, database))).toEqual(wanted(set, builder, seen));
      });
    },
  );
});
