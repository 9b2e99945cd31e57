import { DataTypes, Sequelize } from 'sequelize';
import { createGuard, installFkGuard, type FkGuardOptions } from 'sequelize-fk-guard';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { containing, copies, rowsOf, silent } from './setup';

let database: TestDatabase;
let sequelize: Sequelize;

/** `B.aId` has an author's CASCADE, and B 2 no parent; about `C.bId`, whose row 2 points at B 2, nobody wrote a word. */
beforeEach(async () => {
  database = await createDatabase('undecided');
  await database.query(`
    create table "As" (id serial primary key);
    create table "Bs" (id serial primary key, "aId" integer);
    create table "Cs" (id serial primary key, "bId" integer not null);
    insert into "As" values (1); insert into "Bs" values (1, 1), (2, 99); insert into "Cs" values (1, 1), (2, 2)`);
  sequelize = new Sequelize(database.url, { logging: false });
});
afterEach(async () => {
  await sequelize.close();
  await database.drop();
});

const define = (name: string, attributes = {}) => sequelize.define(name, attributes, { timestamps: false });

const declare = (nullable = false): void => {
  const [A, B, C] = [
    define('A'),
    define('B'),
    define('C', { bId: { type: DataTypes.INTEGER, allowNull: nullable } }),
  ];
  A.hasMany(B, { foreignKey: 'aId', onDelete: 'CASCADE' });
  if (nullable) C.belongsTo(B, { foreignKey: 'bId' });
  else B.hasMany(C, { foreignKey: 'bId' });
};

const apply = (options: FkGuardOptions = {}) =>
  createGuard({ sequelize }, { logger: silent, ...options }).apply();

const keyOfC = async (): Promise<unknown> =>
  (
    await database.query(
      `select pg_get_constraintdef(oid) as key from pg_constraint where conrelid = '"Cs"'::regclass and contype = 'f'`,
    )
  )[0]?.['key'];

const BLOCKED = {
  code: 'CASCADE_BLOCKED',
  message:
    '1 row points at orphans of public.Bs through public.Cs(bId), whose ON DELETE is only a default; the batch was rolled back.',
  advice: containing(`relations: { 'C.bId': { onDelete } }`),
};

test.each([
  [false, 'CASCADE'],
  [true, 'SET NULL'],
])(
  'a key that is only a default takes no row, in the run that adds it and in none after it; nullable: %s',
  async (nullable, action) => {
    if (nullable) await database.query('alter table "Cs" alter "bId" drop not null');
    declare(nullable);
    for (let run = 0; run < 3; run++) {
      const outcome = await apply();
      expect(outcome.steps.find(({ title }) => title.startsWith('Quarantine'))).toMatchObject({
        status: 'refused',
        error: BLOCKED,
      });
      expect(outcome).toMatchObject({ rowsDeleted: 0, rowsNullified: 0, rowsQuarantined: 0 });
      // The key itself is made all the same: what it does to later deletes is the application's doing.
      expect(await keyOfC()).toContain(`ON DELETE ${action}`);
    }
    expect(await rowsOf(database, '"Bs"')).toEqual(['(1,1)', '(2,99)']);
    expect(await rowsOf(database, '"Cs"')).toEqual(['(1,1)', '(2,2)']);
    expect(await apply({ relations: { 'C.bId': { onDelete: 'CASCADE' } } })).toMatchObject({
      status: 'repaired',
      rowsDeleted: 1,
      rowsQuarantined: 2,
    });
    expect(await rowsOf(database, '"Cs"')).toEqual(['(1,1)']);
  },
);

test('a sync makes the key and takes no row either', async () => {
  declare();
  const guard = installFkGuard(sequelize, { logger: silent });
  await sequelize.sync();
  await sequelize.sync();
  guard.uninstall();
  expect(await rowsOf(database, '"Bs"')).toEqual(['(1,1)', '(2,99)']);
  expect(await rowsOf(database, '"Cs"')).toEqual(['(1,1)', '(2,2)']);
});

test.each(['delete', 'auto'] as const)(
  "orphans: '%s' for the relation: a word about its rows is a decision",
  async (orphans) => {
    declare();
    const outcome = await apply({ relations: { 'C.bId': { orphans } } });
    expect(outcome.status).toBe(orphans === 'delete' ? 'repaired' : 'refused');
    expect(await copies(database)).toEqual(orphans === 'delete' ? ['Bs delete 1', 'Cs delete 1'] : []);
  },
);

test("orphans: 'nullify' lets no default delete the row", async () => {
  declare();
  expect(await apply({ relations: { 'C.bId': { orphans: 'nullify' } } })).toMatchObject({
    status: 'refused',
  });
  expect(await rowsOf(database, '"Cs"')).toEqual(['(1,1)', '(2,2)']);
});

test('a key that was there before the guard is the word of the database', async () => {
  await database.query('alter table "Cs" add foreign key ("bId") references "Bs" on delete cascade');
  declare();
  expect(await apply()).toMatchObject({ status: 'repaired', rowsDeleted: 1, rowsQuarantined: 2 });
});

test('a default that no row meets stands in the way of nothing', async () => {
  await database.query('delete from "Cs" where id = 2');
  declare();
  expect(await apply()).toMatchObject({ status: 'repaired', rowsDeleted: 1, rowsQuarantined: 1 });
  expect(await keyOfC()).toContain('ON DELETE CASCADE');
});
