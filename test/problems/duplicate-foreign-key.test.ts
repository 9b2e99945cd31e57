import { DataTypes } from 'sequelize';
import { problemTest } from '../problem-tester';

const kind = 'duplicate-foreign-key';

const library = (...keys: readonly string[]): string => `
  create table users (id int primary key);
  create table people (id int primary key);
  create table checkouts (id int primary key, user_id int);
  insert into users values (1), (2);
  insert into people values (1);
  insert into checkouts values (1, 1), (2, null);
  ${keys.map((key) => `alter table checkouts add constraint ${key}`).join(';')}`;
const TO_USERS = 'foreign key (user_id) references users';
const CHECKOUTS = { child: 'public.checkouts(user_id)', parent: 'public.users(id)' } as const;

problemTest({
  kind,
  title: 'a left-over beside the key that was written',
  schema: library(`"left-over" ${TO_USERS}`, `fk ${TO_USERS} on delete cascade`),
  foreignKeys: [{ ...CHECKOUTS, onDelete: 'CASCADE' }],
  findings: [
    {
      severity: 'error',
      message:
        'public.checkouts.user_id has 2 foreign keys: "fk" (ON DELETE CASCADE), "left-over" (ON DELETE NO ACTION).',
      why: "With two keys on one column PostgreSQL does not define whose ON DELETE acts, usually the older key's: a left-over silently disables CASCADE.",
      help: '"fk" says what is wanted; every other one is dropped.',
      constraint: 'fk',
      repair: 'automatic',
    },
  ],
  plan: [
    'lock table "public"."users" in access exclusive mode',
    'alter table "public"."checkouts" drop constraint "left-over"',
  ],
  end: ['- public.checkouts "left-over": FOREIGN KEY (user_id) REFERENCES users(id)'],
});

problemTest({
  kind,
  title: 'three equal keys, as sync({ alter: true }) leaves them: the oldest stays',
  schema: `
    create schema "Lending.desk";
    create table "Lending.desk"."Users" (id int primary key);
    create table "Lending.desk"."Checkouts" (id int primary key, "userId" int,
      constraint "fk""1" foreign key ("userId") references "Lending.desk"."Users" on update cascade on delete set null,
      constraint "fk""2" foreign key ("userId") references "Lending.desk"."Users" on update cascade on delete set null,
      constraint "fk""3" foreign key ("userId") references "Lending.desk"."Users" on update cascade on delete set null)`,
  models(sequelize) {
    const user = sequelize.define('User', {}, { schema: 'Lending.desk' });
    const checkout = sequelize.define('Checkout', {}, { schema: 'Lending.desk' });
    user.hasMany(checkout, { foreignKey: 'userId' });
  },
  findings: [
    {
      message:
        'Checkout.userId has 3 foreign keys: "fk"1" (ON DELETE SET NULL), "fk"2" (ON DELETE SET NULL), "fk"3" (ON DELETE SET NULL).',
      repair: 'automatic',
    },
  ],
  plan: [
    'lock table "Lending.desk"."Users" in access exclusive mode',
    'alter table "Lending.desk"."Checkouts" drop constraint "fk""2", drop constraint "fk""3"',
  ],
  end: [
    '- "Lending.desk"."Checkouts" "fk""2": FOREIGN KEY ("userId") REFERENCES "Lending.desk"."Users"(id) ON UPDATE CASCADE ON DELETE SET NULL',
    '- "Lending.desk"."Checkouts" "fk""3": FOREIGN KEY ("userId") REFERENCES "Lending.desk"."Users"(id) ON UPDATE CASCADE ON DELETE SET NULL',
  ],
});

problemTest({
  kind,
  title: 'silence: a second key to another table is no left-over of the first',
  schema: library(`elsewhere foreign key (user_id) references people`, `fk ${TO_USERS}`),
  foreignKeys: [{ ...CHECKOUTS, onDelete: 'NO ACTION' }],
  findings: [],
  besides: ['unclaimed-foreign-key'],
});

problemTest({
  kind,
  title: 'models that name two parents: neither key is dropped',
  schema: library(
    `fk ${TO_USERS}`,
    'a foreign key (user_id) references people',
    'b foreign key (user_id) references people',
  ),
  models(sequelize) {
    const plain = { timestamps: false };
    const User = sequelize.define('User', {}, { ...plain, tableName: 'users' });
    sequelize.define('Person', {}, { ...plain, tableName: 'people' });
    const Checkout = sequelize.define(
      'Checkout',
      { user_id: { type: DataTypes.INTEGER, references: { model: 'people', key: 'id' } } },
      { ...plain, tableName: 'checkouts' },
    );
    Checkout.belongsTo(User, { foreignKey: 'user_id' });
  },
  findings: [
    {
      message: 'Checkout.user_id has 2 foreign keys: "a" (ON DELETE NO ACTION), "b" (ON DELETE NO ACTION).',
      repair: 'refused',
      refusal: 'CONTRADICTION: the models name different parents for Checkout.user_id',
    },
  ],
  besides: ['contradictory-models'],
});

problemTest({
  kind,
  title: 'a replacement that stopped half way: the new key is validated before the old one goes',
  schema: library(`old ${TO_USERS}`, `new ${TO_USERS} on delete cascade not valid`),
  foreignKeys: [{ ...CHECKOUTS, onDelete: 'CASCADE' }],
  findings: [
    {
      message:
        'public.checkouts.user_id has 2 foreign keys: "new" (ON DELETE CASCADE), "old" (ON DELETE NO ACTION).',
      help: '"new" says what is wanted; every other one is dropped once it is valid.',
      repair: 'automatic',
    },
  ],
  besides: ['not-valid-foreign-key'],
  plan: [
    'alter table "public"."checkouts" validate constraint "new"',
    'lock table "public"."users" in access exclusive mode',
    'alter table "public"."checkouts" drop constraint "old"',
  ],
  end: [
    '- public.checkouts new: FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE NOT VALID',
    '- public.checkouts old: FOREIGN KEY (user_id) REFERENCES users(id)',
    '+ public.checkouts new: FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE',
  ],
});

problemTest({
  kind,
  title: 'neither is valid, and they disagree about the orphan',
  schema: `${library()}
    insert into checkouts values (3, 9);
    alter table checkouts add constraint old ${TO_USERS} not valid;
    alter table checkouts add constraint new ${TO_USERS} on delete cascade not valid`,
  foreignKeys: [{ ...CHECKOUTS, onDelete: 'CASCADE' }],
  findings: [
    {
      message:
        'public.checkouts.user_id has 2 foreign keys: "new" (ON DELETE CASCADE), "old" (ON DELETE NO ACTION).',
      repair: 'refused',
      refusal: `LIVE_KEY_DISAGREES: the live key "old" says ON DELETE NO ACTION, and CASCADE is wanted → relations: { 'public.checkouts.user_id': { orphans: 'delete' | 'nullify' | 'keep' } }`,
    },
  ],
  besides: ['orphaned-rows', 'not-valid-foreign-key'],
});

problemTest({
  kind,
  title: 'different actions, and nobody wrote which is wanted',
  schema: library(`one ${TO_USERS}`, `two ${TO_USERS} on delete cascade`),
  foreignKeys: [CHECKOUTS],
  findings: [
    {
      message:
        'public.checkouts.user_id has 2 foreign keys: "one" (ON DELETE NO ACTION), "two" (ON DELETE CASCADE).',
      help: "Nothing is changed. To decide: relations: { 'public.checkouts.user_id': { onDelete } }.",
      repair: 'refused',
      refusal: `WHICH_ACTION: the keys differ and nobody wrote which action is wanted → relations: { 'public.checkouts.user_id': { onDelete } }`,
    },
  ],
});

problemTest({
  kind,
  title: 'an option says which is wanted',
  schema: library(`one ${TO_USERS}`, `two ${TO_USERS} on delete cascade`),
  foreignKeys: [CHECKOUTS],
  options: {
    relations: {
      'public.checkouts.user_id': { onDelete: 'CASCADE', because: 'checkouts go with their user' },
    },
  },
  findings: [
    {
      message:
        'public.checkouts.user_id has 2 foreign keys: "two" (ON DELETE CASCADE), "one" (ON DELETE NO ACTION).',
      repair: 'automatic',
    },
  ],
  plan: [
    'lock table "public"."users" in access exclusive mode',
    'alter table "public"."checkouts" drop constraint "one"',
  ],
  end: ['- public.checkouts one: FOREIGN KEY (user_id) REFERENCES users(id)'],
});

problemTest({
  kind,
  title: 'silence: one key, and another on more columns',
  schema: `${library(`fk ${TO_USERS}`)};
    create table shelves (user_id int, no int, primary key (user_id, no));
    alter table checkouts add column shelf int, add constraint shelf foreign key (user_id, shelf) references shelves`,
  foreignKeys: [
    CHECKOUTS,
    { child: 'public.checkouts(user_id,shelf)', parent: 'public.shelves(user_id,no)' },
  ],
  findings: [],
});
