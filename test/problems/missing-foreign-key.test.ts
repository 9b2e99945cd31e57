import { DataTypes } from 'sequelize';
import { problemTest } from '../problem-tester';

const kind = 'missing-foreign-key';

const library = (checkouts = '(1, 1), (2, null)', nullability = ''): string => `
  create table "Users" (id int primary key);
  create table "Checkouts" (id int primary key, "userId" int ${nullability});
  insert into "Users" values (1), (2);
  insert into "Checkouts" values ${checkouts}`;
const CHECKOUTS = { child: 'public.Checkouts(userId)', parent: 'public.Users(id)' } as const;
const NO_KEY = 'public.Checkouts.userId should point at public.Users (id), but there is no foreign key.';
const add = (name: string, actions: string): readonly string[] => [
  'lock table "public"."Users" in share row exclusive mode',
  `alter table "public"."Checkouts" add constraint "${name}" foreign key ("userId") references "public"."Users" ("id") ${actions} not valid`,
];
const validate = (name: string): string => `alter table "public"."Checkouts" validate constraint "${name}"`;
const MADE = '+ public."Checkouts" "Checkouts_userId_fkey": FOREIGN KEY ("userId") REFERENCES "Users"(id)';

problemTest({
  kind,
  title: 'the author wrote the actions',
  schema: library(),
  foreignKeys: [
    { ...CHECKOUTS, onDelete: 'SET NULL', onUpdate: 'RESTRICT', deferrable: 'INITIALLY DEFERRED' },
  ],
  findings: [
    {
      severity: 'error',
      message: NO_KEY,
      why: 'The models promise a relation that the database does not enforce: children of deleted parents stay behind, and ON DELETE does nothing.',
      help: 'The key is added NOT VALID, which holds up nobody for long, and then validated; ON DELETE SET NULL.',
      repair: 'automatic',
    },
  ],
  plan: [
    ...add('Checkouts_userId_fkey', 'on delete set null on update restrict deferrable initially deferred'),
    validate('Checkouts_userId_fkey'),
  ],
  end: [`${MADE} ON UPDATE RESTRICT ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED`],
});

const defaults: readonly [title: string, nullability: string, onDelete: string, end: string][] = [
  ["nobody wrote an action: a new key gets Sequelize's default", '', 'set null', ' ON DELETE SET NULL'],
  ['the default is SET NULL, and the column is NOT NULL: NO ACTION', 'not null', 'no action', ''],
];
for (const [title, nullability, onDelete, end] of defaults)
  problemTest({
    kind,
    title,
    schema: library('(1, 1)', nullability),
    models(sequelize) {
      const [user, checkout] = [sequelize.define('User', {}), sequelize.define('Checkout', {})];
      checkout.belongsTo(user, { foreignKey: 'userId' });
    },
    findings: [
      {
        message: 'Checkout.userId should point at public.Users (id), but there is no foreign key.',
        help: `The key is added NOT VALID, which holds up nobody for long, and then validated; ON DELETE ${onDelete.toUpperCase()}.`,
        repair: 'automatic',
      },
    ],
    plan: [
      ...add('Checkouts_userId_fkey', `on delete ${onDelete} on update cascade`),
      validate('Checkouts_userId_fkey'),
    ],
    end: [`${MADE} ON UPDATE CASCADE${end}`],
  });

problemTest({
  kind,
  title: 'a composite self-reference, where the names are as long as names can be, and taken',
  schema: `
    create schema "Ünïts.of ""63"" bytes";
    create table "Ünïts.of ""63"" bytes"."üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüC" (
      tenant int, id int, "öööööööööööööööööööööööööööööööK" int, primary key (tenant, id),
      constraint "üüüüüüüüüüüüüü_tenant_öööööööööö_fkey" check (id > 0));
    insert into "Ünïts.of ""63"" bytes"."üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüC" values (1, 1, null), (1, 2, 1)`,
  foreignKeys: [
    {
      child:
        '"Ünïts.of ""63"" bytes".üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüC(tenant,öööööööööööööööööööööööööööööööK)',
      parent: '"Ünïts.of ""63"" bytes".üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüC(tenant,id)',
      onDelete: 'CASCADE',
    },
  ],
  findings: [
    {
      message:
        '"Ünïts.of ""63"" bytes".üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüC.tenant,öööööööööööööööööööööööööööööööK should point at "Ünïts.of ""63"" bytes".üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüC (tenant, id), but there is no foreign key.',
      repair: 'automatic',
    },
  ],
  plan: [
    'lock table "Ünïts.of ""63"" bytes"."üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüC" in share row exclusive mode',
    'alter table "Ünïts.of ""63"" bytes"."üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüC" add constraint "üüüüüüüüüüüüüü_tenant_öööööööööö_fkey1" foreign key ("tenant", "öööööööööööööööööööööööööööööööK") references "Ünïts.of ""63"" bytes"."üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüC" ("tenant", "id") on delete cascade on update no action not valid',
    'alter table "Ünïts.of ""63"" bytes"."üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüC" validate constraint "üüüüüüüüüüüüüü_tenant_öööööööööö_fkey1"',
  ],
  end: [
    '+ "Ünïts.of ""63"" bytes"."üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüC" "üüüüüüüüüüüüüü_tenant_öööööööööö_fkey1": FOREIGN KEY (tenant, "öööööööööööööööööööööööööööööööK") REFERENCES "Ünïts.of ""63"" bytes"."üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüC"(tenant, id) ON DELETE CASCADE',
  ],
});

const REFUSED = `DEFAULT_ACTION: nobody wrote an ON DELETE action for public.Checkouts.userId; NO ACTION is only a default → onDelete in the model, or relations: { 'public.Checkouts.userId': { orphans: 'delete' | 'nullify' | 'keep' } }`;

problemTest({
  kind,
  title: 'an orphan of which nobody wrote what happens to it: no key either',
  schema: library('(1, 1), (2, 9)'),
  foreignKeys: [CHECKOUTS],
  findings: [{ message: NO_KEY, repair: 'refused', refusal: REFUSED }],
  besides: ['orphaned-rows'],
});

problemTest({
  kind,
  title: 'fence: true adds the key all the same, NOT VALID, and leaves the orphan',
  schema: library('(1, 1), (2, 9)'),
  foreignKeys: [CHECKOUTS],
  options: { fence: true },
  findings: [{ message: NO_KEY, repair: 'automatic' }],
  besides: ['orphaned-rows'],
  plan: add('Checkouts_userId_fkey', 'on delete no action on update no action'),
  status: 'refused',
  end: [`${MADE} NOT VALID`],
});

problemTest({
  kind,
  title: 'the two columns are of types that cannot be compared',
  schema:
    'create table "Users" (id uuid primary key); create table "Checkouts" (id int primary key, "userId" int)',
  foreignKeys: [{ ...CHECKOUTS, onDelete: 'CASCADE' }],
  options: { fence: true },
  findings: [
    {
      message: NO_KEY,
      repair: 'refused',
      refusal: 'NOT_MEASURED: the rows of public.Checkouts.userId could not be looked at (type-mismatch)',
    },
  ],
  besides: ['type-mismatch'],
});

problemTest({
  kind,
  title: "the parent's values occur twice, so that nothing can point at them",
  schema: library().replace('primary key', '').replace('(1), (2)', '(1), (1)'),
  foreignKeys: [{ ...CHECKOUTS, onDelete: 'CASCADE' }],
  findings: [
    {
      message: NO_KEY,
      repair: 'refused',
      refusal:
        'BLOCKED_BY_FINDING: the parent has no unique key on these columns; a finding of its own says why it cannot get one',
    },
  ],
  besides: ['unreferenceable-target'],
});

problemTest({
  kind,
  title: 'silence: views, inheritance, a key that two models send to different parents',
  schema: `
    create table "Users" (id int primary key);
    create table "People" (id int primary key);
    create table "Employees" () inherits ("People");
    create view "Members" as select id from "Users";
    create table "Checkouts" (id int primary key, "userId" int, "memberId" int)`,
  models(sequelize) {
    const [user, person, member, checkout] = ['User', 'Person', 'Member', 'Checkout'].map((name) =>
      sequelize.define(name, {}),
    );
    if (!user || !person || !member || !checkout) return;
    checkout.belongsTo(member, { foreignKey: 'memberId', onDelete: 'CASCADE' });
    user.hasMany(checkout, { foreignKey: 'userId', onDelete: 'CASCADE' });
    person.hasMany(checkout, { foreignKey: 'userId', onDelete: 'CASCADE' });
  },
  findings: [],
  besides: ['contradictory-models', 'unsupported-table'],
});

problemTest({
  kind,
  title: 'silence: constraints: false, and a key that is there',
  schema: `${library()}; alter table "Checkouts" add constraint other foreign key ("userId") references "Users" on update cascade on delete set null, add "placeId" int`,
  models(sequelize) {
    const [user, checkout] = [
      sequelize.define('User', {}),
      sequelize.define('Checkout', { placeId: DataTypes.INTEGER }),
    ];
    checkout.belongsTo(user, { foreignKey: 'userId', onDelete: 'SET NULL' });
    checkout.belongsTo(user, { as: 'place', foreignKey: 'placeId', constraints: false });
  },
  findings: [],
  besides: ['unconstrained-association'],
});
