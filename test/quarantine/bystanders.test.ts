import { Sequelize } from 'sequelize';
import { installFkGuard, type FkGuardOptions } from 'sequelize-fk-guard';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { containing, rowsOf, silent } from './setup';

let database: TestDatabase;
let sequelize: Sequelize;

/** B 2 is an orphan; C 2 would go with it, and D 2 points at C 2 without any key. */
beforeEach(async () => {
  database = await createDatabase('bystanders');
  await database.query(`
    create table "As" (id serial primary key);
    create table "Bs" (id serial primary key, "aId" integer);
    create table "Cs" (id serial primary key, "bId" integer references "Bs" on update cascade on delete cascade);
    create table "Ds" (id serial primary key, "cId" integer);
    insert into "As" values (1); insert into "Bs" values (1, 1), (2, 99);
    insert into "Cs" values (1, 1), (2, 2); insert into "Ds" values (1, 1), (2, 2)`);
  sequelize = new Sequelize(database.url, { logging: false });
  const [A, B, C, D] = ['A', 'B', 'C', 'D'].map((name) => sequelize.define(name, {}, { timestamps: false }));
  if (!A || !B || !C || !D) throw new Error('a model is missing');
  A.hasMany(B, { foreignKey: 'aId', onDelete: 'CASCADE' });
  B.hasMany(C, { foreignKey: 'bId', onDelete: 'CASCADE' });
  C.hasMany(D, { foreignKey: 'cId', onDelete: 'RESTRICT' });
});
afterEach(async () => {
  await sequelize.close();
  await database.drop();
});

const TABLES = ['"Bs"', '"Cs"', '"Ds"'];
const picture = () => Promise.all(TABLES.map((table) => rowsOf(database, table)));

async function synced(options: FkGuardOptions, sync: () => Promise<unknown>) {
  const guard = installFkGuard(sequelize, { logger: silent, ...options });
  const before = await picture();
  await sync();
  expect(await picture()).toEqual(before);
  return guard.lastOutcome?.steps.find(({ title }) => title.startsWith('Quarantine'))?.error;
}

test('the sync of one model orphans no rows of relations that it does not touch', async () => {
  expect(await synced({}, () => sequelize.model('B').sync())).toMatchObject({
    code: 'CASCADE_BLOCKED',
    message: containing('through public.Ds(cId), which has no key'),
    advice: containing(`relations: { 'D.cId': { onDelete } }`),
  });
});

test('nor does a clean-up those of a model that is excluded', async () => {
  expect(await synced({ exclude: ['D'] }, () => sequelize.sync())).toMatchObject({
    code: 'CASCADE_BLOCKED',
    message: containing('through public.Ds(cId), which has no key'),
  });
});

test('nor those of an excluded child that has no key', async () => {
  await database.query('alter table "Cs" drop constraint "Cs_bId_fkey"');
  expect(await synced({ exclude: ['C'] }, () => sequelize.model('B').sync())).toMatchObject({
    code: 'CASCADE_BLOCKED',
    message: containing('through public.Cs(bId), which has no key'),
  });
});

test('rows that nothing points at go all the same', async () => {
  await database.query('delete from "Ds" where id = 2');
  installFkGuard(sequelize, { logger: silent });
  await sequelize.model('B').sync();
  expect(await picture()).toEqual([['(1,1)'], ['(1,1)'], ['(1,1)']]);
});
