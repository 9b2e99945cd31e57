import { DataTypes, DatabaseError, Sequelize } from 'sequelize';
import { installFkGuard } from 'sequelize-fk-guard';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { dump } from '../postgres/dump';
import { matching, silent } from '../quarantine/setup';

let database: TestDatabase;
let sequelize: Sequelize;
beforeEach(async () => {
  database = await createDatabase('story_001');
  await database.query(`
    create table users (id serial primary key, name text);
    create table sessions (id serial primary key, "userId" uuid, token text);
    insert into users (name) values ('Ada'), ('Bob');
    insert into sessions ("userId", token) select md5(i::text)::uuid, 'token ' || i from generate_series(1, 5) i`);
  sequelize = new Sequelize(database.url, { logging: false, define: { timestamps: false } });
});
afterEach(async () => {
  await sequelize.close();
  await database.drop();
});

function define(): void {
  const user = sequelize.define('User', { name: DataTypes.TEXT }, { tableName: 'users' });
  const session = sequelize.define(
    'Session',
    { userId: DataTypes.INTEGER, token: DataTypes.TEXT },
    { tableName: 'sessions' },
  );
  session.belongsTo(user, { foreignKey: 'userId', onDelete: 'SET NULL', onUpdate: 'CASCADE' });
}

const CANNOT = 'foreign key constraint "sessions_userId_fkey" cannot be implemented';
const DETAIL = matching(/"userId" .*"id" .*are of incompatible types: uuid and integer\.$/);

test('the migration of the seed fails with its error', async () => {
  const add = sequelize.getQueryInterface().addConstraint('sessions', {
    type: 'foreign key',
    name: 'sessions_userId_fkey',
    fields: ['userId'],
    references: { table: 'users', field: 'id' },
    onDelete: 'SET NULL',
    onUpdate: 'CASCADE',
  });
  const error = await add.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(DatabaseError);
  expect(error).toMatchObject({ message: CANNOT, parent: { code: '42804', detail: DETAIL } });
});

test('so does sync({ alter: true }) without the guard: a uuid becomes no integer', async () => {
  define();
  const error = await sequelize.sync({ alter: true }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(DatabaseError);
  // Sequelize tries the key or the column first, as its version likes.
  expect((error as { parent: { code: string } }).parent.code).toMatch(/^(42804|42846)$/);
});

test('with the guard and without another word, nothing is thrown away: no row, no column', async () => {
  const guard = installFkGuard(sequelize, { logger: silent });
  define();
  const before = await dump(database);
  await sequelize.sync();
  expect(await dump(database)).toBe(before);
  expect(guard.lastOutcome).toMatchObject({ rowsDeleted: 0, rowsNullified: 0 });
  expect(guard.lastOutcome?.remaining.filter(({ severity }) => severity === 'error')).not.toEqual([]);
});

test('without a word about the rows it is refused, with the three ways out', async () => {
  const guard = installFkGuard(sequelize, { logger: silent });
  define();
  const { findings } = await guard.check();
  const { message, refusal, rows } = findings.find(({ kind }) => kind === 'type-mismatch') ?? {};
  expect({ message, rows, code: refusal?.code }).toEqual({
    message:
      'Key columns "userId" of public.sessions and "id" of public.users are of incompatible types: uuid and integer. Session.userId is declared as INTEGER, its parent as INTEGER.',
    rows: 5,
    code: 'UNCASTABLE_VALUES',
  });
  expect(refusal?.option).toEqual(matching(/disposable: true.*remap: \{ using.*the type in the model/));
});

test('disposable sessions go into the quarantine, the column is integer, the key is there, once', async () => {
  const guard = installFkGuard(sequelize, {
    logger: silent,
    relations: { 'Session.userId': { disposable: true, because: 'whoever was logged in logs in again' } },
  });
  define();
  expect(await guard.apply()).toMatchObject({ status: 'repaired', rowsDeleted: 5, rowsQuarantined: 5 });
  expect(
    await database.query(`select format_type(atttypid, atttypmod) as type, pg_get_constraintdef(c.oid) as key, convalidated as valid
      from pg_attribute a join pg_constraint c on c.conrelid = a.attrelid and c.contype = 'f'
     where a.attrelid = 'sessions'::regclass and a.attname = 'userId'`),
  ).toEqual([
    {
      type: 'integer',
      key: 'FOREIGN KEY ("userId") REFERENCES users(id) ON UPDATE CASCADE ON DELETE SET NULL',
      valid: true,
    },
  ]);
  expect(await database.query('select from sessions')).toEqual([]);
  expect(await guard.apply()).toMatchObject({ status: 'clean', steps: [] });
});
