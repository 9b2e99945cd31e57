import { DataTypes, Sequelize } from 'sequelize';
import { assertForeignKeys, installFkGuard, type FkGuardOptions } from 'sequelize-fk-guard';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { dump } from '../postgres/dump';
import { containing, matching, silent } from '../quarantine/setup';

let database: TestDatabase;
const applications: Sequelize[] = [];
beforeEach(async () => {
  database = await createDatabase('story_004');
  // From an earlier migration, or made by hand: there is an id, and nothing that says so.
  await database.query(`
    create table users (id uuid, name text);
    insert into users select md5(i::text)::uuid, 'user ' || i from generate_series(1, 20) i`);
});
afterEach(async () => {
  await Promise.all(applications.splice(0).map((sequelize) => sequelize.close()));
  await database.drop();
});

interface Variant {
  readonly options?: FkGuardOptions | 'no guard';
  /** How the badge says whom it belongs to, in the attribute and in the association. */
  readonly attribute?: object;
  readonly association?: object;
}

function badges({ options = {}, attribute = REFERENCES, association = {} }: Variant) {
  const sequelize = new Sequelize(database.url, { logging: false, define: { timestamps: false } });
  applications.push(sequelize);
  const guard =
    options === 'no guard' ? undefined : installFkGuard(sequelize, { logger: silent, ...options });
  const id = { type: DataTypes.UUID, defaultValue: DataTypes.UUIDV4, primaryKey: true };
  const User = sequelize.define('User', { id, name: DataTypes.TEXT }, { tableName: 'users' });
  const Badge = sequelize.define('Badge', { id, title: DataTypes.TEXT }, { tableName: 'badges' });
  const UserBadge = sequelize.define(
    'UserBadge',
    {
      id,
      userId: { type: DataTypes.UUID, allowNull: false, field: 'user_id', ...attribute },
      badgeId: { type: DataTypes.UUID, allowNull: false, field: 'badge_id' },
    },
    { tableName: 'user_badges' },
  );
  User.hasMany(UserBadge, { foreignKey: 'userId', as: 'badges', ...association });
  UserBadge.belongsTo(User, { foreignKey: 'userId', as: 'user', ...association });
  Badge.hasMany(UserBadge, { foreignKey: 'badgeId', onDelete: 'CASCADE' });
  UserBadge.belongsTo(Badge, { foreignKey: 'badgeId', onDelete: 'CASCADE' });
  return { sequelize, guard };
}
const REFERENCES = { references: { model: 'users', key: 'id' }, onDelete: 'CASCADE', onUpdate: 'CASCADE' };

const constraints = async (): Promise<readonly string[]> =>
  (
    await database.query<{ line: string }>(`
      select conrelid::regclass || ' ' || pg_get_constraintdef(oid) as line from pg_constraint
       where contype in ('f', 'p') and connamespace = 'public'::regnamespace`)
  )
    .map(({ line }) => line)
    .sort();

const SOUND = [
  'badges PRIMARY KEY (id)',
  'user_badges FOREIGN KEY (badge_id) REFERENCES badges(id) ON UPDATE CASCADE ON DELETE CASCADE',
  'user_badges FOREIGN KEY (user_id) REFERENCES users(id) ON UPDATE CASCADE ON DELETE CASCADE',
  'user_badges PRIMARY KEY (id)',
  'users PRIMARY KEY (id)',
];

test('without the guard the server does not start', async () => {
  const { sequelize } = badges({ options: 'no guard' });
  const crash = await sequelize.sync({ force: false, alter: false }).catch((error: unknown) => error);
  expect(crash).toMatchObject({
    name: 'SequelizeDatabaseError',
    message: 'there is no unique constraint matching given keys for referenced table "users"',
    parent: { code: '42830' },
    sql: containing('CREATE TABLE IF NOT EXISTS "user_badges"'),
  });
  expect((await constraints()).filter((line) => line.startsWith('user_badges'))).toEqual([]);
});

test('with it the key is added, no row is touched, and sync makes everything else', async () => {
  const before = await database.query('select * from users order by id');
  const { sequelize, guard } = badges({});
  await sequelize.sync({ force: false, alter: false });
  expect(guard?.lastOutcome).toMatchObject({ status: 'repaired', rowsDeleted: 0, rowsQuarantined: 0 });
  expect(await constraints()).toEqual(SOUND);
  expect(await database.query('select * from users order by id')).toEqual(before);
  await expect(assertForeignKeys(sequelize)).resolves.toBeUndefined();
});

test.each([
  [
    'doubled',
    `insert into users values (md5('7')::uuid, 'another')`,
    'DUPLICATE_VALUES',
    [`8f14e45f-ceea-167a-5a36-dedd4bea2543`],
  ],
  ['null', `insert into users values (null, 'nobody')`, 'NULL_VALUES', []],
] as const)(
  'ids that are %s: refused, with the keys, and nothing is changed',
  async (_, damage, code, keys) => {
    await database.query(damage);
    const before = await dump(database);
    const { sequelize, guard } = badges({ options: { sampleKeys: 3 } });
    const plan = await guard?.plan();
    expect(plan?.findings.find(({ kind }) => kind === 'missing-primary-key')).toMatchObject({
      repair: 'refused',
      refusal: { code },
      ...(keys.length > 0 && { sampleKeys: keys }),
    });
    expect(await dump(database)).toBe(before);
    await expect(assertForeignKeys(sequelize)).rejects.toMatchObject({
      code: 'FINDINGS',
      message: containing('missing-primary-key'),
    });
  },
);

test('an application’s own schema test: red before the repair, with what to do, green after it', async () => {
  const { sequelize, guard } = badges({});
  await expect(assertForeignKeys(sequelize)).rejects.toMatchObject({
    code: 'FINDINGS',
    message: containing('missing-primary-key: public.users has no primary key; the model User says id.'),
  });
  await sequelize.sync();
  expect(guard?.lastOutcome?.status).toBe('repaired');
  await expect(assertForeignKeys(sequelize)).resolves.toBeUndefined();
});

const WORK_AROUND = { attribute: {}, association: { constraints: false } } as const;

test('the work-around of the seed, constraints: false, is found, and to take it back is suggested', async () => {
  const { sequelize, guard } = badges(WORK_AROUND);
  await sequelize.sync();
  expect(await constraints()).toEqual(SOUND.filter((line) => !line.includes('REFERENCES users')));
  const found = {
    kind: 'unconstrained-association',
    severity: 'info',
    relation: 'UserBadge.userId',
    message:
      "No key holds UserBadge.userId to public.users (id): User.hasMany(UserBadge, { as: 'badges' }) and UserBadge.belongsTo(User, { as: 'user' }) say constraints: false.",
    help: containing('Remove constraints: false there.'),
    repair: 'manual',
  };
  expect(guard?.lastOutcome?.remaining.filter(({ kind }) => kind === found.kind)).toMatchObject([found]);
  const report = await guard?.check();
  expect(report?.findings.filter(({ kind }) => kind === found.kind)).toMatchObject([found]);
  await expect(assertForeignKeys(sequelize)).resolves.toBeUndefined();
});

test('what the work-around hid comes to light when it is taken back, and the next start gives the key', async () => {
  const before = badges(WORK_AROUND);
  await before.sequelize.sync();
  await database.query(`
    insert into badges select md5('b')::uuid;
    insert into user_badges select md5('ub' || i)::uuid, md5(i::text)::uuid, md5('b')::uuid from generate_series(1, 21) i`);
  const { sequelize, guard } = badges({ association: { onDelete: 'CASCADE' } });
  await sequelize.sync();
  expect(guard?.lastOutcome).toMatchObject({ status: 'repaired', rowsDeleted: 1, rowsQuarantined: 1 });
  expect(await constraints()).toEqual(SOUND);
  expect(guard?.lastOutcome?.remaining.filter(({ severity }) => severity !== 'warning')).toEqual([]);
});

test('keys declared in the model and in the association with different actions: told, and not cleaned by either', async () => {
  const { sequelize, guard } = badges({ association: { onDelete: 'RESTRICT' } });
  await sequelize.sync();
  await database.query(`
    alter table user_badges drop constraint user_badges_user_id_fkey;
    insert into badges select md5('b')::uuid;
    insert into user_badges select md5('ub')::uuid, md5('99')::uuid, md5('b')::uuid`);
  const outcome = await guard?.run();
  expect(outcome?.remaining.find(({ kind }) => kind === 'contradictory-models')).toMatchObject({
    severity: 'error',
    relation: 'UserBadge.userId',
    message: matching(/CASCADE.*RESTRICT|RESTRICT.*CASCADE/),
    repair: 'manual',
  });
  expect(outcome?.remaining.find(({ kind }) => kind === 'orphaned-rows')).toMatchObject({
    rows: 1,
    repair: 'refused',
    refusal: { code: 'CONTRADICTION' },
  });
  expect(await database.query('select count(*)::int as rows from user_badges')).toEqual([{ rows: 1 }]);
});
