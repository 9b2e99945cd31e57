import { DataTypes, type Sequelize } from 'sequelize';
import { problemTest } from '../problem-tester';

const kind = 'wrong-primary-key';

const users = (sequelize: Sequelize) => void sequelize.define('User', { email: DataTypes.TEXT });
const IF_THE_TABLE = (columns: string, model = 'User'): string =>
  `If the table is right, write primaryKey: true at ${columns} of ${model}. If the model is right, change the key in a migration: the keys that refer to it have to go first and come back after it.`;

problemTest({
  kind,
  title: 'the key is on another column, and nothing keeps the ids apart',
  schema: `
    create table "Users" (id int not null, email text primary key);
    insert into "Users" values (1, 'a'), (1, 'b')`,
  models: users,
  findings: [
    {
      severity: 'warning',
      message: 'The primary key "Users_pkey" of public.Users is on email; the model User says id.',
      why: 'Nothing keeps the ids that the model relies on unique: findByPk may find any of several rows, and save, destroy or upsert of one instance can hit others or fail (42P10).',
      help: IF_THE_TABLE('email'),
      constraint: 'Users_pkey',
      repair: 'manual',
    },
  ],
});

problemTest({
  kind,
  title: 'the ids are unique, but may be null',
  schema: `create table "Users" (id int unique, email text constraint "E-mail" primary key)`,
  models: users,
  findings: [
    {
      message: 'The primary key "E-mail" of public.Users is on email; the model User says id.',
      constraint: 'E-mail',
      repair: 'manual',
    },
  ],
});

problemTest({
  kind,
  title: 'a partial and a deferrable index keep no ids apart',
  schema: `
    create table "Users" (id int not null unique deferrable, email text primary key);
    create unique index half on "Users" (id) where id > 0`,
  models: users,
  findings: [
    {
      message: 'The primary key "Users_pkey" of public.Users is on email; the model User says id.',
      repair: 'manual',
    },
  ],
});

problemTest({
  kind,
  title: 'the key has a column more, as that of a partitioned table must',
  schema: `create table "Users" (id int, email text, primary key (email, id)) partition by list (email)`,
  models: users,
  findings: [
    {
      message: 'The primary key "Users_pkey" of public.Users is on email, id; the model User says id.',
      help: 'Write primaryKey: true at email of User as well: a primary key of a partitioned table has to hold the columns that it is partitioned by.',
      repair: 'manual',
    },
  ],
});

const join = (sequelize: Sequelize) => {
  const [user, role] = [sequelize.define('User', {}), sequelize.define('Role', {})];
  user.belongsToMany(role, { through: 'UserRoles', foreignKey: 'userId', otherKey: 'roleId' });
};
const ROLES = `
  create table "Users" (id int primary key);
  create table "Roles" (id int primary key);
  create table "UserRoles" (id serial constraint own primary key,
    "userId" int not null references "Users" on update cascade on delete cascade,
    "roleId" int not null references "Roles" on update cascade on delete cascade`;

problemTest({
  kind,
  title: 'a join table with an id of its own, in which a pair can stand twice',
  schema: `${ROLES}); insert into "Users" values (1); insert into "Roles" values (1); insert into "UserRoles" ("userId", "roleId") values (1, 1), (1, 1)`,
  models: join,
  findings: [
    {
      message: 'The primary key "own" of public.UserRoles is on id; the model UserRoles says userId, roleId.',
      help: IF_THE_TABLE('id', 'UserRoles'),
      repair: 'manual',
    },
  ],
});

problemTest({
  kind,
  title: 'the key is narrower than the model: it forbids rows that the model allows',
  schema: `create table "Odds" (a int primary key, b int not null, unique (a, b))`,
  models: (sequelize) =>
    void sequelize.define('Odd', {
      a: { type: DataTypes.INTEGER, primaryKey: true },
      b: { type: DataTypes.INTEGER, primaryKey: true },
    }),
  findings: [
    {
      message: 'The primary key "Odds_pkey" of public.Odds is on a; the model Odd says a, b.',
      repair: 'manual',
    },
  ],
});

problemTest({
  kind,
  title: 'the column of the model is not there at all, under odd names',
  schema: `create schema "S."; create table "S."."Us.ers" ("The Key" int primary key)`,
  models: (sequelize) => void sequelize.define('User', {}, { schema: 'S.', tableName: 'Us.ers' }),
  findings: [
    {
      message:
        'The primary key "Us.ers_pkey" of "S."."Us.ers" is on The Key; the model User says id, and there is no column id.',
      repair: 'manual',
    },
  ],
});

problemTest({
  kind,
  title: 'silence: the same columns, also in another order, a model without a key, a view',
  schema: `
    create table "Users" (id int constraint odd primary key, email text);
    create table "Pairs" (a int, b int, primary key (b, a));
    create table "Logs" (line text primary key);
    create view "Reports" as select id from "Users"`,
  models(sequelize) {
    users(sequelize);
    const column = { type: DataTypes.INTEGER, primaryKey: true };
    sequelize.define('Pair', { a: column, b: { ...column } });
    sequelize.define('Log', { line: DataTypes.TEXT }).removeAttribute('id');
    sequelize.define('Report', {});
  },
  findings: [],
});

problemTest({
  kind,
  title: 'silence: the columns of the model are unique and never null, which is all that it relies on',
  schema: `${ROLES}, unique ("roleId", "userId"))`,
  models: join,
  findings: [],
});
