import { DataTypes, Sequelize } from 'sequelize';
import { createGuard, installFkGuard, type FkGuard, type FkGuardOptions } from 'sequelize-fk-guard';
import { createDatabase, type TestDatabase } from '../../postgres/database';
import { rowsOf, silent } from '../../quarantine/setup';

let database: TestDatabase;
let sequelize: Sequelize;

/** Of 100 notes five are an admin's; by the users alone they look orphaned, and so few that no limit keeps them. */
beforeEach(async () => {
  database = await createDatabase('two_spellings');
  await database.query(`
    create table users (id integer primary key);
    create table admins (id integer primary key);
    create table notes (id integer primary key, "ownerId" integer);
    insert into users select generate_series(1, 95);
    insert into admins select generate_series(101, 105);
    insert into notes select i, case when i > 95 then i + 5 else i end from generate_series(1, 100) i`);
  sequelize = new Sequelize(database.url, { logging: false, define: { timestamps: false } });
});
afterEach(async () => {
  await sequelize.close();
  await database.drop();
});

/** The same table, once found along the search_path and once by its schema. */
function guardWith(
  options: FkGuardOptions,
  admins: { onDelete: string; parent: 'users' | 'admins' },
): FkGuard {
  const guard = installFkGuard(sequelize, { logger: silent, ...options });
  const id = { id: { type: DataTypes.INTEGER, primaryKey: true } };
  const User = sequelize.define('User', id, { tableName: 'users' });
  const Note = sequelize.define('Note', id, { tableName: 'notes' });
  const Admin = sequelize.define('Admin', id, { tableName: admins.parent, schema: 'public' });
  const AdminNote = sequelize.define('AdminNote', id, { tableName: 'notes', schema: 'public' });
  User.hasMany(Note, { foreignKey: 'ownerId', onDelete: 'CASCADE' });
  Admin.hasMany(AdminNote, { foreignKey: 'ownerId', onDelete: admins.onDelete });
  return guard;
}

const refusalsOf = async (guard: FkGuard): Promise<(string | undefined)[]> =>
  (await guard.run()).remaining
    .filter(({ kind }) => kind !== 'unindexed-foreign-key')
    .map(({ kind, relation }) => `${kind} ${relation}`);

test.each([
  ['compared', {}, ['contradictory-models Note.ownerId', 'contradictory-models AdminNote.ownerId']],
  ['excluded', { exclude: ['AdminNote'] }, ['contradictory-models Note.ownerId']],
])(
  'two models of one table that name different parents take no rows (%s)',
  async (_title, options, found) => {
    const before = await rowsOf(database, 'notes');
    expect(await refusalsOf(guardWith(options, { onDelete: 'CASCADE', parent: 'admins' }))).toEqual(found);
    expect(await rowsOf(database, 'notes')).toEqual(before);
  },
);

test('nor two that name different actions', async () => {
  const before = await rowsOf(database, 'notes');
  const guard = guardWith({}, { onDelete: 'SET NULL', parent: 'users' });
  const { remaining } = await guard.run();
  expect(remaining.find(({ kind }) => kind === 'orphaned-rows')?.refusal?.code).toBe('CONTRADICTION');
  expect(await rowsOf(database, 'notes')).toEqual(before);
});

test('nor two keys that are written by hand', async () => {
  const guard = createGuard(
    {
      url: database.url,
      foreignKeys: [
        { child: 'notes(ownerId)', parent: 'users(id)', onDelete: 'CASCADE' },
        { child: 'public.notes(ownerId)', parent: 'admins(id)', onDelete: 'CASCADE' },
      ],
    },
    { logger: silent, limits: { fraction: 1 } },
  );
  expect((await guard.plan()).steps).toEqual([]);
});

test('two that agree take what both would take', async () => {
  const guard = guardWith({}, { onDelete: 'CASCADE', parent: 'users' });
  expect(await guard.run()).toMatchObject({ status: 'repaired', rowsDeleted: 5 });
});
