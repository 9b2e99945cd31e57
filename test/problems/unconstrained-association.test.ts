import { DataTypes, Sequelize } from 'sequelize';
import { createGuard } from 'sequelize-fk-guard';
import { problemTest } from '../problem-tester';

const kind = 'unconstrained-association';
const NO_KEY = { constraints: false } as const;

/** Badge 2 is nobody's; without a key nothing says so, and nothing is done about it. */
const library = (users = '', badges = ''): string => `
  create table "Users" (id int ${users === '' ? 'primary key' : users});
  create table "Badges" (id int primary key, "userId" int ${badges});
  insert into "Users" values (1);
  insert into "Badges" values (1, 1), (2, 9)`;

function badges(sequelize: Sequelize) {
  const User = sequelize.define('User', {});
  const Badge = sequelize.define('Badge', { userId: DataTypes.INTEGER });
  return { User, Badge };
}
const ADVICE =
  'Remove constraints: false there. fk-guard check then counts the rows without a parent, and the key is created once there are none. Keep it only where the column is not meant to have a key.';
const WHY =
  'With `constraints: false` the database enforces nothing: children of deleted parents stay behind, and ON DELETE does nothing. It is often left over from a start that failed (42830, 23503), whose cause can be repaired.';

problemTest({
  kind,
  title:
    'both sides say constraints: false; rows are neither counted nor cleaned, whatever the options allow',
  schema: library(),
  models(sequelize) {
    const { User, Badge } = badges(sequelize);
    User.hasMany(Badge, { foreignKey: 'userId', as: 'badges', ...NO_KEY });
    Badge.belongsTo(User, { foreignKey: 'userId', as: 'user', ...NO_KEY });
  },
  options: { orphans: 'delete', onDelete: 'CASCADE', fence: true, scan: 'all', indexes: 'create' },
  findings: [
    {
      severity: 'info',
      message:
        "No key holds Badge.userId to public.Users (id): User.hasMany(Badge, { as: 'badges' }) and Badge.belongsTo(User, { as: 'user' }) say constraints: false.",
      why: WHY,
      help: ADVICE,
      repair: 'manual',
    },
  ],
});

problemTest({
  kind,
  title: 'a parent without its primary key, as in the outage that such lines are written in: both are told',
  schema: library('not null'),
  models(sequelize) {
    const { User, Badge } = badges(sequelize);
    Badge.belongsTo(User, { foreignKey: 'userId', ...NO_KEY });
  },
  findings: [
    {
      message:
        'No key holds Badge.userId to public.Users (id): Badge.belongsTo(User) says constraints: false.',
      repair: 'manual',
    },
  ],
  besides: ['missing-primary-key'],
  plan: [
    'create unique index concurrently "Users_id_idx" on "public"."Users" ("id")',
    'alter table "public"."Users" add constraint "Users_pkey" primary key using index "Users_id_idx"',
  ],
  end: [
    '+ public."Users" "Users_pkey": PRIMARY KEY (id)',
    '+ CREATE UNIQUE INDEX "Users_pkey" ON public."Users" USING btree (id)',
  ],
});

problemTest({
  kind,
  title: 'a unique column of the parent, a self-reference, and both keys of a join table in another schema',
  schema: `
    create schema "Club";
    create table "Club"."Users" (id int primary key, mail text unique, "bossMail" text);
    create table "Club"."Tags" (id int primary key);
    create table "Club"."UserTags" ("UserId" int, "TagId" int, primary key ("UserId", "TagId"))`,
  models(sequelize) {
    const own = { schema: 'Club' };
    const User = sequelize.define('User', { mail: DataTypes.TEXT, bossMail: DataTypes.TEXT }, own);
    const Tag = sequelize.define('Tag', {}, own);
    const UserTag = sequelize.define('UserTag', {}, own);
    User.belongsTo(User, { as: 'boss', foreignKey: 'bossMail', targetKey: 'mail', ...NO_KEY });
    User.belongsToMany(Tag, { through: UserTag, ...NO_KEY });
  },
  findings: [
    {
      message:
        "No key holds User.bossMail to Club.Users (mail): User.belongsTo(User, { as: 'boss' }) says constraints: false.",
      repair: 'manual',
    },
    {
      message:
        "No key holds UserTag.UserId to Club.Users (id): User.belongsToMany(Tag, { through: 'UserTag' }) says constraints: false.",
      repair: 'manual',
    },
    {
      message:
        "No key holds UserTag.TagId to Club.Tags (id): User.belongsToMany(Tag, { through: 'UserTag' }) says constraints: false.",
      repair: 'manual',
    },
  ],
});

const silent: readonly [title: string, schema: string, models: (sequelize: Sequelize) => void][] = [
  [
    'one side asks for the key',
    `${library()}; delete from "Badges" where id = 2;
     alter table "Badges" add foreign key ("userId") references "Users" on delete set null on update cascade`,
    (sequelize) => {
      const { User, Badge } = badges(sequelize);
      User.hasMany(Badge, { foreignKey: 'userId', ...NO_KEY });
      Badge.belongsTo(User, { foreignKey: 'userId' });
    },
  ],
  [
    'another model of the same table asks for the key, or says another parent',
    `${library('', ', "filmId" int')}; create table "Films" (id int primary key); delete from "Badges" where id = 2;
     alter table "Badges" add foreign key ("userId") references "Users" on update cascade`,
    (sequelize) => {
      const { User, Badge } = badges(sequelize);
      const Film = sequelize.define('Film', {});
      const Medal = sequelize.define('Medal', { userId: DataTypes.INTEGER }, { tableName: 'Badges' });
      Badge.belongsTo(User, { foreignKey: 'userId', ...NO_KEY });
      Medal.belongsTo(User, { foreignKey: 'userId' });
      Badge.belongsTo(Film, { foreignKey: 'filmId', ...NO_KEY });
      Medal.belongsTo(User, { foreignKey: 'filmId', as: 'other', ...NO_KEY });
    },
  ],
  [
    'a column for keys of two tables, or with a type beside it, or under a scope',
    `${library('', ', "subjectId" int, "subjectType" text, "ownerId" int, "ownerKind" text, "topicId" int')};
     create table "Films" (id int primary key); create table "Topics" (id int primary key)`,
    (sequelize) => {
      const { User, Badge } = badges(sequelize);
      const [Film, Topic] = [sequelize.define('Film', {}), sequelize.define('Topic', {})];
      Badge.belongsTo(User, { foreignKey: 'userId', as: 'user', ...NO_KEY });
      Badge.belongsTo(Film, { foreignKey: 'userId', as: 'film', ...NO_KEY });
      Badge.belongsTo(Film, { foreignKey: 'subjectId', as: 'subject', ...NO_KEY });
      Badge.belongsTo(User, { foreignKey: 'ownerId', as: 'owner', ...NO_KEY });
      Topic.hasMany(Badge, { foreignKey: 'topicId', scope: { id: 1 }, ...NO_KEY });
    },
  ],
  [
    'a view, a parent with heirs, a parent that no key can point at, other types, a child’s own id, and what is not there',
    `${library('', ', tag text, "goneId" int, "staffId" int')};
     create view "Members" as select id from "Users";
     create table "Staff" (id int primary key); create table "Heirs" () inherits ("Staff");
     create table "Tags" (id int primary key, name text, level int)`,
    (sequelize) => {
      const { User, Badge } = badges(sequelize);
      const [Member, Gone] = [sequelize.define('Member', {}), sequelize.define('Gone', {})];
      const Tag = sequelize.define('Tag', { name: DataTypes.TEXT, level: DataTypes.INTEGER });
      const Staff = sequelize.define('Staff', {}, { tableName: 'Staff' });
      Badge.belongsTo(Member, { foreignKey: 'userId', ...NO_KEY });
      Badge.belongsTo(Staff, { foreignKey: 'staffId', ...NO_KEY });
      Badge.belongsTo(Tag, { foreignKey: 'tag', targetKey: 'name', as: 'byName', ...NO_KEY });
      Tag.belongsTo(User, { foreignKey: 'name', as: 'named', ...NO_KEY });
      User.hasMany(Tag, { foreignKey: 'id', ...NO_KEY });
      Badge.belongsTo(Gone, { foreignKey: 'goneId', ...NO_KEY });
      Badge.belongsTo(User, { foreignKey: 'lostId', as: 'lost', ...NO_KEY });
    },
  ],
];
for (const [title, schema, models] of silent)
  problemTest({
    kind,
    title: `silence: ${title}`,
    schema,
    models,
    findings: [],
    ...(title.includes('not there') && { besides: ['missing-table'] }),
  });

problemTest({
  kind,
  title:
    'silence: the primary key of the parent is another one than the model says, so no key can point at its id',
  schema: `
    create table "Users" (id int, born int, primary key (id, born)) partition by range (born);
    create table "Films" (id int not null, code int primary key);
    create table "Badges" (id int primary key, "userId" int, "filmId" int)`,
  models(sequelize) {
    const { User, Badge } = badges(sequelize);
    const Film = sequelize.define('Film', {});
    Badge.belongsTo(User, { foreignKey: 'userId', ...NO_KEY });
    Badge.belongsTo(Film, { foreignKey: 'filmId', ...NO_KEY });
  },
  findings: [],
  besides: ['wrong-primary-key', 'wrong-primary-key'],
});

problemTest({
  kind,
  title: 'silence: a key is there all the same, which is told as one that no model declares',
  schema: `${library()}; delete from "Badges" where id = 2; alter table "Badges" add foreign key ("userId") references "Users"`,
  models(sequelize) {
    const { User, Badge } = badges(sequelize);
    Badge.belongsTo(User, { foreignKey: 'userId', ...NO_KEY });
  },
  findings: [],
  besides: ['unclaimed-foreign-key'],
});

problemTest({
  kind,
  title: 'silence: a model that is left out, or a parent that is',
  schema: `${library()}; create table "Films" (id int primary key); create table "Seats" (id int primary key, "filmId" int)`,
  models(sequelize) {
    const { User, Badge } = badges(sequelize);
    const [Film, Seat] = [sequelize.define('Film', {}), sequelize.define('Seat', {})];
    Badge.belongsTo(User, { foreignKey: 'userId', ...NO_KEY });
    Seat.belongsTo(Film, { foreignKey: 'filmId', ...NO_KEY });
  },
  options: { exclude: ['Badge', 'Films'] },
  findings: [],
});

test('an option for it is an error that says why it is no relation', async () => {
  const sequelize = new Sequelize('postgres://nobody@127.0.0.1:1/none', { logging: false });
  const { User, Badge } = badges(sequelize);
  Badge.belongsTo(User, { foreignKey: 'userId', ...NO_KEY });
  const guard = createGuard({ sequelize }, { relations: { 'Badge.userId': { orphans: 'delete' } } });
  await expect(Promise.resolve().then(() => guard.apply())).rejects.toMatchObject({
    code: 'OPTIONS',
    message:
      'Invalid options: "relations" names "Badge.userId", and Badge.belongsTo(User) says constraints: false, so it is no relation.',
  });
  await sequelize.close();
});
