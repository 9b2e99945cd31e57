import type { Sequelize } from 'sequelize';
import type { FkGuardOptions } from 'sequelize-fk-guard';
import { problemTest } from '../../problem-tester';

const kind = 'contradictory-models';

const library = (...more: readonly string[]): string => `
  create table "Users" (id int primary key);
  create table "Checkouts" (id int primary key, "userId" int);
  insert into "Users" values (1);
  insert into "Checkouts" values (1, 1), (2, null);
  ${more.join(';')}`;
const key = (actions: string): string =>
  `alter table "Checkouts" add constraint fk foreign key ("userId") references "Users" ${actions}`;

const written = (hasMany: object, belongsTo: object) => (sequelize: Sequelize) => {
  const [user, checkout] = [sequelize.define('User', {}), sequelize.define('Checkout', {})];
  user.hasMany(checkout, { foreignKey: 'userId', ...hasMany });
  checkout.belongsTo(user, { foreignKey: 'userId', ...belongsTo });
};
const deletes = written({ onDelete: 'CASCADE' }, { onDelete: 'SET NULL' });
const CASCADE = "User.hasMany(Checkout, { onDelete: 'CASCADE' })";
const SET_NULL = "Checkout.belongsTo(User, { onDelete: 'SET NULL' })";
const DELETES = `The models name different ON DELETE actions for Checkout.userId: ${CASCADE} says CASCADE, ${SET_NULL} says SET NULL.`;
const OR = "or in relations: { 'Checkout.userId': { onDelete } }";
const STAY =
  'Until then a live key stays as it is, a missing one is created as Sequelize would, and no row is touched.';

problemTest({
  kind,
  title: 'two actions and no key: it is created as Sequelize would, which takes the first one',
  schema: library(),
  models: deletes,
  findings: [
    {
      severity: 'error',
      message: DELETES,
      help: `Sequelize says ON DELETE CASCADE: to have that, change ${SET_NULL}; to have another, write it in every line ${OR}. ${STAY}`,
      repair: 'manual',
    },
  ],
  besides: ['missing-foreign-key'],
  plan: [
    'lock table "public"."Users" in share row exclusive mode',
    'alter table "public"."Checkouts" add constraint "Checkouts_userId_fkey" foreign key ("userId") references "public"."Users" ("id") on delete cascade on update cascade not valid',
    'alter table "public"."Checkouts" validate constraint "Checkouts_userId_fkey"',
  ],
  end: [
    '+ public."Checkouts" "Checkouts_userId_fkey": FOREIGN KEY ("userId") REFERENCES "Users"(id) ON UPDATE CASCADE ON DELETE CASCADE',
  ],
});

problemTest({
  kind,
  title: 'two actions and a live key: it says which line to change, and stays',
  schema: library(key('on update cascade on delete set null')),
  models: deletes,
  options: { onDelete: 'models' },
  findings: [
    {
      message: DELETES,
      help: `The key "fk" in the database says ON DELETE SET NULL: to have that, change ${CASCADE}; to have another, write it in every line ${OR}. ${STAY}`,
      repair: 'manual',
    },
  ],
});

problemTest({
  kind,
  title: 'two actions and a live key with a third one: it stays',
  schema: library(key('on update cascade on delete restrict')),
  models: deletes,
  options: { onDelete: 'CASCADE' },
  findings: [
    {
      message: DELETES,
      help: `The key "fk" in the database says ON DELETE RESTRICT: to have that, change ${CASCADE} and ${SET_NULL}; to have another, write it in every line ${OR}. ${STAY}`,
      repair: 'manual',
    },
  ],
});

const updates = written({ onUpdate: 'RESTRICT', onDelete: 'CASCADE' }, { onUpdate: 'NO ACTION' });
const UPDATES =
  "The models name different ON UPDATE actions for Checkout.userId: User.hasMany(Checkout, { onDelete: 'CASCADE', onUpdate: 'RESTRICT' }) says RESTRICT, Checkout.belongsTo(User, { onUpdate: 'NO ACTION' }) says NO ACTION.";

/** Each would replace or drop a live key, or remove rows; `besides` says who asked for it. */
const refused: readonly [
  title: string,
  schema: string,
  models: (sequelize: Sequelize) => void,
  message: string,
  besides: readonly (
    | 'orphaned-rows'
    | 'missing-foreign-key'
    | 'disabled-trigger'
    | 'wrong-on-delete'
    | 'duplicate-foreign-key'
    | 'wrong-target'
  )[],
  options?: FkGuardOptions,
][] = [
  [
    'a key that is switched off is not swapped',
    library(key('on update cascade on delete restrict'), 'alter table "Checkouts" disable trigger all'),
    deletes,
    DELETES,
    ['disabled-trigger'],
  ],
  [
    'of two equal keys none is dropped',
    library(
      key('on update cascade on delete cascade'),
      key('on update cascade on delete cascade').replace(' fk ', ' fk2 '),
    ),
    deletes,
    DELETES,
    ['duplicate-foreign-key'],
  ],
  [
    'orphans stay',
    library('insert into "Checkouts" values (3, 9)'),
    deletes,
    DELETES,
    ['orphaned-rows', 'missing-foreign-key'],
  ],
  [
    'two ON UPDATE: a wrong ON DELETE is not swapped, because a swap has to write some ON UPDATE',
    library(key('on update set null on delete restrict')),
    updates,
    UPDATES,
    ['wrong-on-delete'],
  ],
  [
    'two ON UPDATE: orphans stay',
    library('insert into "Checkouts" values (3, 9)'),
    updates,
    UPDATES,
    ['orphaned-rows', 'missing-foreign-key'],
  ],
];
for (const [title, schema, models, message, besides, options] of refused)
  problemTest({
    kind,
    title,
    schema,
    models,
    findings: [{ message, repair: 'manual' }],
    besides,
    status: 'refused',
    ...(options && { options }),
  });

problemTest({
  kind,
  title: 'both actions: one finding tells both',
  schema: library(key('on update cascade on delete restrict')),
  models: written(
    { onDelete: 'CASCADE', onUpdate: 'RESTRICT' },
    { onDelete: 'SET NULL', onUpdate: 'NO ACTION' },
  ),
  findings: [
    {
      message:
        "The models name different ON DELETE actions for Checkout.userId: User.hasMany(Checkout, { onDelete: 'CASCADE', onUpdate: 'RESTRICT' }) says CASCADE, Checkout.belongsTo(User, { onDelete: 'SET NULL', onUpdate: 'NO ACTION' }) says SET NULL. The models name different ON UPDATE actions for Checkout.userId: User.hasMany(Checkout, { onDelete: 'CASCADE', onUpdate: 'RESTRICT' }) says RESTRICT, Checkout.belongsTo(User, { onDelete: 'SET NULL', onUpdate: 'NO ACTION' }) says NO ACTION.",
      repair: 'manual',
    },
  ],
});

problemTest({
  kind,
  title: 'silence: an option decides, and then the live key is swapped as it says',
  schema: library(key('on update cascade on delete restrict')),
  models: deletes,
  options: { relations: { 'Checkout.userId': { onDelete: 'SET NULL', because: 'the desk says so' } } },
  findings: [],
  besides: ['wrong-on-delete'],
  plan: [
    'lock table "public"."Users" in access exclusive mode',
    'alter table "public"."Checkouts" drop constraint "fk", add constraint "fk" foreign key ("userId") references "public"."Users" ("id") on delete set null on update cascade not valid',
    'alter table "public"."Checkouts" validate constraint "fk"',
  ],
  end: [
    '- public."Checkouts" fk: FOREIGN KEY ("userId") REFERENCES "Users"(id) ON UPDATE CASCADE ON DELETE RESTRICT',
    '+ public."Checkouts" fk: FOREIGN KEY ("userId") REFERENCES "Users"(id) ON UPDATE CASCADE ON DELETE SET NULL',
  ],
});

problemTest({
  kind,
  title: 'silence: an action and a default, or twice the same action',
  schema: library(key('on update cascade on delete cascade')),
  models: written({ onDelete: 'CASCADE' }, {}),
  findings: [],
});
