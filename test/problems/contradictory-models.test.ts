import { DataTypes, type Sequelize } from 'sequelize';
import type { FkGuardOptions, ProblemKind } from 'sequelize-fk-guard';
import { problemTest } from '../problem-tester';

const kind = 'contradictory-models';

const CHECKOUTS = 'insert into "Checkouts" values (1, 1), (2, 7), (3, 99), (4, null)';
const library = (rows: string, ...more: readonly string[]): string => `
  create table "Users" (id int primary key);
  create table "People" (id int primary key, number int);
  create table "Checkouts" (id int primary key, "userId" int);
  insert into "Users" values (1);
  insert into "People" values (1, 1), (7, 1);
  ${[rows, ...more].join(';')}`;

const modelsOf = (sequelize: Sequelize) => ({
  user: sequelize.define('User', {}),
  person: sequelize.define('Person', {}),
  checkout: sequelize.define('Checkout', {}),
});

/** Two associations on one column, for two parents. */
function twoParents(sequelize: Sequelize): void {
  const { user, person, checkout } = modelsOf(sequelize);
  checkout.belongsTo(user, { foreignKey: 'userId', onDelete: 'CASCADE' });
  person.hasMany(checkout, { foreignKey: 'userId', onDelete: 'CASCADE' });
}

/** Whatever an option can allow, it does not allow this. */
const ALLOWED: FkGuardOptions = {
  onDelete: 'CASCADE',
  orphans: 'delete',
  fence: true,
  scan: 'all',
  limits: { rows: 1000, fraction: 1 },
  relations: { 'Checkout.userId': { onDelete: 'CASCADE', orphans: 'delete' } },
};
const [TO_USER, TO_PERSON] = [
  "Checkout.belongsTo(User, { onDelete: 'CASCADE' })",
  "Person.hasMany(Checkout, { onDelete: 'CASCADE' })",
];
const PARENTS = `The models name different parents for Checkout.userId: ${TO_USER} names public.Users (id), ${TO_PERSON} names public.People (id).`;
const SEVERAL = `If the column holds keys of several tables, write constraints: false in ${TO_USER} and ${TO_PERSON}.`;
const STAY = 'Until then no key is created or changed, and no row is touched.';

problemTest({
  kind,
  title: 'two parents, no key: none is created and no row is touched, whatever the options allow',
  schema: library(CHECKOUTS),
  models: twoParents,
  options: ALLOWED,
  findings: [
    {
      severity: 'error',
      message: PARENTS,
      why: 'Two places in the models say different things about one foreign key. Sequelize follows the first of them without a word, so what the other one promises never happens.',
      help: `Sequelize takes public.Users (id): correct ${TO_PERSON} if that is right, the other line if not. ${SEVERAL} ${STAY}`,
      repair: 'manual',
    },
  ],
});

const KEY = 'foreign key ("userId") references';
const toUsers = (more: string): string => `alter table "Checkouts" add constraint fk ${KEY} "Users" ${more}`;
const ONE = 'insert into "Checkouts" values (1, 1), (2, null)';

/** In each of them there is something to mend, if only it were clear what. */
const untouched: readonly [title: string, more: readonly string[], besides: readonly ProblemKind[]][] = [
  [
    'a key that is not valid',
    [CHECKOUTS, toUsers('on update cascade on delete cascade not valid')],
    ['not-valid-foreign-key'],
  ],
  ['a key with another action', [ONE, toUsers('on update cascade')], ['wrong-on-delete']],
  ['a key with another ON UPDATE', [ONE, toUsers('on update restrict on delete cascade')], []],
  [
    'a key twice',
    [
      ONE,
      toUsers('on update cascade on delete cascade'),
      `alter table "Checkouts" add constraint fk2 ${KEY} "Users" on update cascade on delete cascade`,
    ],
    ['duplicate-foreign-key'],
  ],
  [
    'a key that is switched off',
    [ONE, toUsers('on update cascade on delete cascade'), 'alter table "Checkouts" disable trigger all'],
    ['disabled-trigger'],
  ],
  [
    'a key that is checked at another time',
    [ONE, toUsers('on update cascade on delete cascade deferrable initially deferred')],
    [],
  ],
];
for (const [title, more, besides] of untouched)
  problemTest({
    kind,
    title: `two parents, and ${title}: it stays`,
    schema: library('', ...more),
    models: twoParents,
    options: ALLOWED,
    findings: [
      {
        message: PARENTS,
        help: `The key "fk" in the database points at public.Users (id), so ${TO_PERSON} is the line to change. ${SEVERAL} ${STAY}`,
        repair: 'manual',
      },
    ],
    besides,
    status: besides.length > 0 ? 'refused' : 'clean',
  });

problemTest({
  kind,
  title: 'two parents, and the key points at the second one: its line is right, and the key stays',
  schema: library(ONE, `alter table "Checkouts" add constraint fk ${KEY} "People" on update cascade`),
  models: twoParents,
  options: ALLOWED,
  findings: [
    {
      message: PARENTS,
      help: `The key "fk" in the database points at public.People (id), so ${TO_USER} is the line to change. ${SEVERAL} ${STAY}`,
      repair: 'manual',
    },
  ],
});

problemTest({
  kind,
  title: 'two parents, and a key to each of them: nobody knows which line to change, and both stay',
  schema: library(
    ONE,
    toUsers('on update cascade on delete cascade'),
    `alter table "Checkouts" add constraint fk2 ${KEY} "People" on update cascade on delete cascade`,
  ),
  models: twoParents,
  options: ALLOWED,
  findings: [
    {
      message: PARENTS,
      help: `Sequelize takes public.Users (id): correct ${TO_PERSON} if that is right, the other line if not. ${SEVERAL} ${STAY}`,
      repair: 'manual',
    },
  ],
});

const REFERENCES = "Checkout.userId: { references: { model: 'Users' } }";

problemTest({
  kind,
  title: 'references in the attribute, and an association that names another parent',
  schema: library(CHECKOUTS),
  models(sequelize) {
    const [user, person] = [sequelize.define('User', {}), sequelize.define('Person', {})];
    const checkout = sequelize.define('Checkout', {
      userId: { type: DataTypes.INTEGER, references: { model: user, key: 'id' } },
    });
    checkout.belongsTo(person, { foreignKey: 'userId', onDelete: 'CASCADE' });
  },
  options: ALLOWED,
  findings: [
    {
      message: `The models name different parents for Checkout.userId: ${REFERENCES} names public.Users, Checkout.belongsTo(Person, { onDelete: 'CASCADE' }) names public.People (id).`,
      repair: 'manual',
    },
  ],
});

problemTest({
  kind,
  title: 'one parent, and two of its columns; the index that only one of them would need is not built',
  schema: library(CHECKOUTS),
  models(sequelize) {
    const { checkout } = modelsOf(sequelize);
    const person = sequelize.define('Person', { number: DataTypes.INTEGER });
    checkout.belongsTo(person, { foreignKey: 'userId', targetKey: 'number', onDelete: 'CASCADE' });
    person.hasMany(checkout, { foreignKey: 'userId', onDelete: 'CASCADE' });
  },
  options: ALLOWED,
  findings: [
    {
      message:
        "The models name different parents for Checkout.userId: Checkout.belongsTo(Person, { onDelete: 'CASCADE' }) names public.People (number), Person.hasMany(Checkout, { onDelete: 'CASCADE' }) names public.People (id).",
      repair: 'manual',
    },
  ],
});

const COMMENTS = `
  create table "Posts" (id int primary key);
  create table "Videos" (id int primary key);
  create table "Comments" (id int primary key, "commentableId" int, "commentableType" text);
  insert into "Posts" values (1);
  insert into "Videos" values (2);
  insert into "Comments" values (1, 1, 'post'), (2, 2, 'video'), (3, 3, 'video')`;

/** The polymorphic association of Sequelize's manual; `constraints: false` is what is often forgotten. */
const polymorphic = (rest: object) => (sequelize: Sequelize) => {
  const [post, video] = [sequelize.define('Post', {}), sequelize.define('Video', {})];
  const comment = sequelize.define('Comment', { commentableType: DataTypes.TEXT });
  const foreignKey = 'commentableId';
  for (const [model, commentableType] of [
    [post, 'post'],
    [video, 'video'],
  ] as const) {
    model.hasMany(comment, { foreignKey, scope: { commentableType }, ...rest });
    comment.belongsTo(model, { foreignKey, ...rest });
  }
};

problemTest({
  kind,
  title: 'a polymorphic association without constraints: false',
  schema: COMMENTS,
  models: polymorphic({ onDelete: 'CASCADE' }),
  options: { orphans: 'delete', limits: { rows: 1000, fraction: 1 }, fence: true },
  findings: [
    {
      message:
        "The models name different parents for Comment.commentableId: Post.hasMany(Comment, { onDelete: 'CASCADE' }) names public.Posts (id), Comment.belongsTo(Post, { onDelete: 'CASCADE' }) names public.Posts (id), Video.hasMany(Comment, { onDelete: 'CASCADE' }) names public.Videos (id), Comment.belongsTo(Video, { onDelete: 'CASCADE' }) names public.Videos (id).",
      help: `"commentableType" beside the column looks polymorphic: write constraints: false in Post.hasMany(Comment, { onDelete: 'CASCADE' }) and Comment.belongsTo(Post, { onDelete: 'CASCADE' }) and Video.hasMany(Comment, { onDelete: 'CASCADE' }) and Comment.belongsTo(Video, { onDelete: 'CASCADE' }). ${STAY}`,
      repair: 'manual',
    },
  ],
});

problemTest({
  kind,
  title: 'silence: with constraints: false it is no relation at all, whatever its rows say',
  schema: COMMENTS,
  models: polymorphic({ constraints: false }),
  options: { orphans: 'delete', limits: { rows: 1000, fraction: 1 }, fence: true },
  findings: [],
});

problemTest({
  kind,
  title: 'silence: several places that say the same, and one that asks for no key',
  schema: library(ONE, toUsers('on update cascade on delete cascade')),
  models(sequelize) {
    const { user, person, checkout } = modelsOf(sequelize);
    checkout.belongsTo(user, { foreignKey: 'userId', onDelete: 'CASCADE' });
    user.hasMany(checkout, { foreignKey: 'userId', onDelete: 'cascade' });
    user.hasOne(checkout, { foreignKey: 'userId', as: 'last' });
    checkout.belongsTo(person, { foreignKey: 'userId', constraints: false });
  },
  findings: [],
});
