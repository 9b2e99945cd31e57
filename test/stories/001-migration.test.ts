import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SequelizeStorage, Umzug } from 'umzug';
import { DataTypes, Sequelize, type QueryInterface } from 'sequelize';
import { fkGuardMigration, type FkGuardOptions } from 'sequelize-fk-guard';
import { ROOT, runNode, type Finished } from '../booknexus/run-node';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { copies, matching, rowsOf, silent } from '../quarantine/setup';

const FIX = '20260201000000-fix-session-users.cjs';
const NEXT = '20260301000000-enhanced-platform.cjs';
const LET_GO = { relations: { 'Session.userId': { disposable: true } } } as const;

let database: TestDatabase;
let sequelize: Sequelize;
let folder: string;
beforeEach(async () => {
  database = await createDatabase('story_001_migration');
  await database.query(`
    create table users (id serial primary key, name text);
    create table sessions (id serial primary key, "userId" uuid, token text);
    create index on sessions ("userId");
    insert into users (name) values ('Ada'), ('Bob');
    insert into sessions ("userId", token) select md5(i::text)::uuid, 'token ' || i from generate_series(1, 5) i`);
  sequelize = new Sequelize(database.url, { logging: false });
  folder = mkdtempSync(join(tmpdir(), 'story-001-'));
  writeFileSync(join(folder, FIX), FIX_FILE);
  writeFileSync(join(folder, NEXT), NEXT_FILE);
});
afterEach(async () => {
  await sequelize.close();
  await database.drop();
  rmSync(folder, { recursive: true });
});

const MODELS = `
  const user = sequelize.define('User', { name: DataTypes.TEXT }, { tableName: 'users', timestamps: false });
  const session = sequelize.define('Session', { userId: DataTypes.INTEGER, token: DataTypes.TEXT }, { tableName: 'sessions', timestamps: false });
  session.belongsTo(user, { foreignKey: 'userId', onDelete: 'SET NULL', onUpdate: 'CASCADE' });`;
const FIX_FILE = `
const { Sequelize, DataTypes } = require(${JSON.stringify(join(ROOT, 'node_modules/sequelize'))});
const { fkGuardMigration } = require(${JSON.stringify(ROOT)});
const models = () => {
  const sequelize = new Sequelize(process.env.DATABASE_URL, { logging: false });${MODELS}
  return sequelize;
};
module.exports = fkGuardMigration({ sequelize: models, ...${JSON.stringify(LET_GO)} });`;
const NEXT_FILE = `
exports.up = (queryInterface, Sequelize) => queryInterface.addColumn('users', 'bio', Sequelize.TEXT);
exports.down = (queryInterface) => queryInterface.removeColumn('users', 'bio');`;

function define(): Sequelize {
  const user = sequelize.define('User', { name: DataTypes.TEXT }, { tableName: 'users', timestamps: false });
  const session = sequelize.define(
    'Session',
    { userId: DataTypes.INTEGER, token: DataTypes.TEXT },
    { tableName: 'sessions', timestamps: false },
  );
  session.belongsTo(user, { foreignKey: 'userId', onDelete: 'SET NULL', onUpdate: 'CASCADE' });
  return sequelize;
}

/** As `npm run migrate:fix-fk` does it. */
const migrations = (options: FkGuardOptions): Umzug<QueryInterface> =>
  new Umzug({
    migrations: [
      {
        ...fkGuardMigration({ sequelize: define, logger: silent, ...options }),
        name: FIX,
      },
    ],
    context: sequelize.getQueryInterface(),
    storage: new SequelizeStorage({ sequelize }),
    logger: undefined,
  });

const sequelizeCli = (command: string): Finished =>
  runNode(
    'node_modules/sequelize-cli/lib/sequelize',
    [command, '--url', database.url, '--migrations-path', folder],
    { DATABASE_URL: database.url },
  );
const recorded = async (): Promise<string[]> => (await rowsOf(database, '"SequelizeMeta"')).sort();
const runs = async (): Promise<unknown> => database.query('select count(*)::int as runs from fk_guard.run');

const sessionsUserId = async (): Promise<unknown> =>
  database.query(`
    select format_type(a.atttypid, a.atttypmod) as type,
      (select pg_get_constraintdef(c.oid) from pg_constraint c
        where c.conrelid = a.attrelid and c.contype = 'f' and c.convalidated) as key
    from pg_attribute a where a.attrelid = 'sessions'::regclass and a.attname = 'userId'`);
const KEY = 'FOREIGN KEY ("userId") REFERENCES users(id) ON UPDATE CASCADE ON DELETE SET NULL';
const MENDED = [{ type: 'integer', key: KEY }];

test('one migration mends it, once, and it stands beside those of sequelize-cli', async () => {
  await migrations(LET_GO).up();
  expect(await sessionsUserId()).toEqual(MENDED);
  expect(await copies(database)).toEqual(['sessions delete 5']);
  expect(await recorded()).toEqual([`(${FIX})`]);

  const before = await runs();
  expect(await migrations(LET_GO).up()).toEqual([]);
  expect(await runs()).toEqual(before);

  expect(sequelizeCli('db:migrate')).toMatchObject({ status: 0 });
  expect(await recorded()).toEqual([`(${FIX})`, `(${NEXT})`]);
  expect(sequelizeCli('db:migrate:undo')).toMatchObject({ status: 0 });
  expect(await recorded()).toEqual([`(${FIX})`]);
  expect(await sessionsUserId()).toEqual(MENDED);
});

test('sequelize-cli itself runs it, takes its key back and gives it again; the type stays', async () => {
  expect(sequelizeCli('db:migrate')).toMatchObject({ status: 0 });
  expect(await sessionsUserId()).toEqual(MENDED);
  expect(await recorded()).toEqual([`(${FIX})`, `(${NEXT})`]);

  expect(sequelizeCli('db:migrate:undo')).toMatchObject({ status: 0 });
  expect(sequelizeCli('db:migrate:undo')).toMatchObject({ status: 0 });
  expect(await recorded()).toEqual([]);
  expect(await sessionsUserId()).toEqual([{ type: 'integer', key: null }]);

  expect(sequelizeCli('db:migrate')).toMatchObject({ status: 0 });
  expect(await sessionsUserId()).toEqual(MENDED);
  expect(await copies(database)).toEqual(['sessions delete 5']);
});

test('without a word about the rows it is refused, not recorded, and says the three ways out', async () => {
  const before = await rowsOf(database, 'sessions');
  const error: unknown = await migrations({})
    .up()
    .catch((thrown: unknown) => thrown);
  expect(String((error as { cause?: unknown }).cause)).toEqual(
    matching(/disposable: true.*remap: \{ using.*the type in the model/s),
  );
  expect(await recorded()).toEqual([]);
  expect(await rowsOf(database, 'sessions')).toEqual(before);
  expect(await sessionsUserId()).toEqual([{ type: 'uuid', key: null }]);
});
