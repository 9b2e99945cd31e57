import { DataTypes, type Sequelize } from 'sequelize';
import type { FkGuardOptions, ProblemKind } from 'sequelize-fk-guard';
import { problemTest } from '../problem-tester';

const kind = 'foreign-key-on-primary-key';

/** Posts that have nothing to do with the user of the same number. */
const library = (posts: string, ...more: readonly string[]): string => `
  create table "Users" (id int primary key);
  create table "Posts" (id int primary key, "userId" int);
  insert into "Users" values (1), (2);
  insert into "Posts" values ${posts};
  ${more.join(';')}`;
const ORPHANS = '(1, 1), (2, 1), (3, 1), (4, 2)';
const NONE = '(1, 1), (2, 1)';
const key = (more: string): string =>
  `alter table "Posts" add constraint fk foreign key (id) references "Users" ${more}`;

/** `foreignKey` was taken for the parent's column. */
function byId(sequelize: Sequelize): void {
  const [user, post] = [sequelize.define('User', {}), sequelize.define('Post', {})];
  user.hasMany(post, { foreignKey: 'id', onDelete: 'CASCADE' });
}

const ALLOWED: FkGuardOptions = {
  onDelete: 'CASCADE',
  orphans: 'delete',
  fence: true,
  scan: 'all',
  limits: { rows: 1000, fraction: 1 },
  relations: { 'Post.id': { onDelete: 'CASCADE', orphans: 'delete', disposable: true } },
};
const HAS_MANY = "User.hasMany(Post, { onDelete: 'CASCADE' })";
const says = (live = ''): string =>
  `Post.id is the whole primary key of public.Posts, and ${HAS_MANY} makes it point at public.Users (id)${live}.`;

problemTest({
  kind,
  title: "hasMany with the child's own id: no row is an orphan because of it, whatever the options allow",
  schema: library(ORPHANS),
  models: byId,
  options: ALLOWED,
  findings: [
    {
      severity: 'error',
      message: says(),
      why: "The foreign key is the child's own id: a parent could have one child at most, and only the one that happens to have the same number. Under such a key nearly every child looks orphaned.",
      help: `foreignKey in ${HAS_MANY} has to name the column of public.Posts that holds the parent's key. If the two tables share their key, write hasOne. Until then no key is created or changed, and no row is touched.`,
      repair: 'manual',
    },
  ],
});

problemTest({
  kind,
  title: 'the same with a belongsTo that repeats the mistake',
  schema: library(ORPHANS),
  models(sequelize) {
    byId(sequelize);
    const { User, Post } = sequelize.models;
    if (User) Post?.belongsTo(User, { foreignKey: 'id' });
  },
  options: ALLOWED,
  findings: [{ message: says(), repair: 'manual' }],
});

/** Keys that a sync without the guard has made. */
const live: readonly [title: string, schema: string, besides: readonly ProblemKind[]][] = [
  ['a valid key', library(NONE, key('on update cascade on delete cascade')), []],
  [
    'a key that is not valid',
    library(ORPHANS, key('on update cascade on delete cascade not valid')),
    ['not-valid-foreign-key'],
  ],
  ['a key with another action', library(NONE, key('on update cascade')), ['wrong-on-delete']],
  [
    'a key twice',
    library(
      NONE,
      key('on update cascade on delete cascade'),
      key('on update cascade on delete cascade').replace(' fk ', ' fk2 '),
    ),
    ['duplicate-foreign-key'],
  ],
];
for (const [title, schema, besides] of live)
  problemTest({
    kind,
    title: `${title} stays as it is`,
    schema,
    models: byId,
    options: ALLOWED,
    findings: [
      {
        message: says(', as "fk" does in the database'),
        help: `foreignKey in ${HAS_MANY} has to name the column of public.Posts that holds the parent's key. If the two tables share their key, write hasOne. If it is a mistake, drop "fk" in a migration. Until then no key is created or changed, and no row is touched.`,
        constraint: 'fk',
        repair: 'manual',
      },
    ],
    besides,
    status: besides.length > 0 ? 'refused' : 'clean',
  });

problemTest({
  kind,
  title: 'the key of the model is not the key of the table: either of them counts',
  schema: `
    create table "Users" (id int primary key);
    create table "Posts" (id int not null, slug text primary key);
    insert into "Posts" values (7, 'a')`,
  models(sequelize) {
    const [user, post] = [sequelize.define('User', {}), sequelize.define('Post', { slug: DataTypes.TEXT })];
    user.hasMany(post, { foreignKey: 'slug', onDelete: 'CASCADE' });
  },
  options: ALLOWED.limits ? { limits: ALLOWED.limits, orphans: 'delete' } : {},
  findings: [
    {
      message: `Post.slug is the whole primary key of public.Posts, and ${HAS_MANY} makes it point at public.Users (id).`,
      repair: 'manual',
    },
  ],
  besides: ['wrong-primary-key'],
});

problemTest({
  kind,
  title: 'silence: two tables that share their key are repaired like any others',
  schema: library('(1, 1), (9, 1)'),
  models(sequelize) {
    const [user, post] = [sequelize.define('User', {}), sequelize.define('Post', {})];
    user.hasOne(post, { foreignKey: 'id', onDelete: 'CASCADE' });
    post.belongsTo(user, { foreignKey: 'id' });
  },
  findings: [],
  besides: ['orphaned-rows', 'missing-foreign-key'],
  plan: [
    'lock table "public"."Users" in share row exclusive mode',
    'alter table "public"."Posts" add constraint "Posts_id_fkey" foreign key ("id") references "public"."Users" ("id") on delete cascade on update cascade not valid',
    'Quarantine and delete: orphans of public.Posts (id): 1',
    'alter table "public"."Posts" validate constraint "Posts_id_fkey"',
  ],
  end: [
    '+ public."Posts" "Posts_id_fkey": FOREIGN KEY (id) REFERENCES "Users"(id) ON UPDATE CASCADE ON DELETE CASCADE',
    '- "public"."Posts" (9,1)',
  ],
});

problemTest({
  kind,
  title: 'silence: a join table, whose keys are parts of its primary key, and a hasMany that asks for no key',
  schema: `${library(ORPHANS)};
    create table "PostTags" ("postId" int references "Posts" on update cascade on delete cascade,
      "tagId" int references "Users" on update cascade on delete cascade, primary key ("postId", "tagId"))`,
  models(sequelize) {
    const [user, post] = [sequelize.define('User', {}), sequelize.define('Post', {})];
    const tagging = sequelize.define('PostTag', {});
    post.belongsToMany(user, { through: tagging, foreignKey: 'postId', otherKey: 'tagId' });
    post.hasMany(tagging, { foreignKey: 'postId' });
    user.hasMany(post, { foreignKey: 'id', as: 'same', constraints: false });
  },
  findings: [],
});
