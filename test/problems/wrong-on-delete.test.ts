import type { Sequelize } from 'sequelize';
import { problemTest } from '../problem-tester';

const kind = 'wrong-on-delete';

/** Checkouts with keys on their user, each as `name → actions`. */
const library = (...keys: readonly string[]): string => `
  create table "Users" (id int primary key);
  create table "Checkouts" (id int primary key, "userId" int);
  insert into "Users" values (1), (2);
  insert into "Checkouts" values (1, 1), (2, 2), (3, null);
  ${keys.map((key) => `alter table "Checkouts" add constraint ${key.replace('→', 'foreign key ("userId") references "Users"')};`).join('\n')}`;
const CHECKOUTS = { child: 'public.Checkouts(userId)', parent: 'public.Users(id)' } as const;
const swap = (name: string, actions: string): readonly string[] => [
  'lock table "public"."Users" in access exclusive mode',
  `alter table "public"."Checkouts" drop constraint "${name}", add constraint "${name}" foreign key ("userId") references "public"."Users" ("id") ${actions} not valid`,
  `alter table "public"."Checkouts" validate constraint "${name}"`,
];
const OLD = '- public."Checkouts" fk: FOREIGN KEY ("userId") REFERENCES "Users"(id)';
const NEW = '+ public."Checkouts" fk: FOREIGN KEY ("userId") REFERENCES "Users"(id)';

/** A user has many checkouts that may be without one; nobody wrote an action. */
function unwritten(sequelize: Sequelize): void {
  const [user, checkout] = [sequelize.define('User', {}), sequelize.define('Checkout', {})];
  checkout.belongsTo(user, { foreignKey: 'userId' });
}

problemTest({
  kind,
  title: 'NO ACTION where the author wrote CASCADE',
  schema: library('fk →'),
  foreignKeys: [{ ...CHECKOUTS, onDelete: 'CASCADE' }],
  findings: [
    {
      severity: 'error',
      message: 'The foreign key "fk" of public.Checkouts.userId says ON DELETE NO ACTION; CASCADE is wanted.',
      why: 'Deleting a parent does something else than what is wanted: it is blocked, or children vanish or stay.',
      help: 'It is swapped for a right one in one statement, so that no moment is without a fence, and then validated.',
      constraint: 'fk',
      repair: 'automatic',
    },
  ],
  plan: swap('fk', 'on delete cascade on update no action'),
  end: [OLD, `${NEW} ON DELETE CASCADE`],
});

problemTest({
  kind,
  title: 'a second key to another table stays when the first is swapped',
  schema: library('fk →', 'second foreign key ("userId") references people on delete cascade').replace(
    'create table "Users"',
    'create table people (id int primary key); insert into people values (1), (2); create table "Users"',
  ),
  foreignKeys: [{ ...CHECKOUTS, onDelete: 'CASCADE' }],
  findings: [
    {
      message: 'The foreign key "fk" of public.Checkouts.userId says ON DELETE NO ACTION; CASCADE is wanted.',
      repair: 'automatic',
    },
  ],
  besides: ['unclaimed-foreign-key'],
  plan: swap('fk', 'on delete cascade on update no action'),
  end: [OLD, `${NEW} ON DELETE CASCADE`],
});

const written = ['RESTRICT', 'SET NULL', 'SET DEFAULT'] as const;
for (const action of written)
  problemTest({
    kind,
    title: `CASCADE where the author wrote ${action}`,
    schema: library('fk → on delete cascade deferrable'),
    foreignKeys: [{ ...CHECKOUTS, onDelete: action, onUpdate: 'NO ACTION' }],
    findings: [
      {
        message: `The foreign key "fk" of public.Checkouts.userId says ON DELETE CASCADE; ${action} is wanted.`,
        repair: 'automatic',
      },
    ],
    plan: swap('fk', `on delete ${action.toLowerCase()} on update no action deferrable`),
    end: [`${OLD} ON DELETE CASCADE DEFERRABLE`, `${NEW} ON DELETE ${action} DEFERRABLE`],
  });

problemTest({
  kind,
  title: 'two keys, neither of them right: one statement replaces both, under the name of the older one',
  schema: library('"b-a" → on delete set null', '"a" → on delete restrict not valid'),
  foreignKeys: [{ ...CHECKOUTS, onDelete: 'CASCADE' }],
  findings: [
    {
      message: 'The foreign key "b-a" of public.Checkouts.userId says ON DELETE SET NULL; CASCADE is wanted.',
      repair: 'automatic',
    },
  ],
  plan: [
    'lock table "public"."Users" in access exclusive mode',
    'alter table "public"."Checkouts" drop constraint "b-a", drop constraint "a", add constraint "b-a" foreign key ("userId") references "public"."Users" ("id") on delete cascade on update no action not valid',
    'alter table "public"."Checkouts" validate constraint "b-a"',
  ],
  end: [
    '- public."Checkouts" a: FOREIGN KEY ("userId") REFERENCES "Users"(id) ON DELETE RESTRICT NOT VALID',
    '- public."Checkouts" "b-a": FOREIGN KEY ("userId") REFERENCES "Users"(id) ON DELETE SET NULL',
    '+ public."Checkouts" "b-a": FOREIGN KEY ("userId") REFERENCES "Users"(id) ON DELETE CASCADE',
  ],
});

problemTest({
  kind,
  title: 'a composite self-reference under hostile names',
  schema: `
    create schema "a.b""c";
    create table "a.b""c"."Tree." (tenant int, "Id" int, "up." int, primary key (tenant, "Id"),
      constraint "Tree.→up" foreign key (tenant, "up.") references "a.b""c"."Tree." on delete cascade);
    insert into "a.b""c"."Tree." values (1, 1, null), (1, 2, 1)`,
  foreignKeys: [
    { child: '"a.b""c"."Tree."(tenant,"up.")', parent: '"a.b""c"."Tree."(tenant,Id)', onDelete: 'NO ACTION' },
  ],
  findings: [
    {
      message:
        'The foreign key "Tree.→up" of "a.b""c"."Tree.".tenant,up. says ON DELETE CASCADE; NO ACTION is wanted.',
      repair: 'automatic',
    },
  ],
  plan: [
    'lock table "a.b""c"."Tree." in access exclusive mode',
    'alter table "a.b""c"."Tree." drop constraint "Tree.→up", add constraint "Tree.→up" foreign key ("tenant", "up.") references "a.b""c"."Tree." ("tenant", "Id") on delete no action on update no action not valid',
    'alter table "a.b""c"."Tree." validate constraint "Tree.→up"',
  ],
  end: [
    '- "a.b""c"."Tree." "Tree.→up": FOREIGN KEY (tenant, "up.") REFERENCES "a.b""c"."Tree."(tenant, "Id") ON DELETE CASCADE',
    '+ "a.b""c"."Tree." "Tree.→up": FOREIGN KEY (tenant, "up.") REFERENCES "a.b""c"."Tree."(tenant, "Id")',
  ],
});

problemTest({
  kind,
  title: "onDelete: 'CASCADE' speaks for every relation of which no author spoke",
  schema: library('fk → on update cascade on delete set null'),
  models: unwritten,
  options: { onDelete: 'CASCADE' },
  findings: [
    {
      message: 'The foreign key "fk" of Checkout.userId says ON DELETE SET NULL; CASCADE is wanted.',
      repair: 'automatic',
    },
  ],
  plan: swap('fk', 'on delete cascade on update cascade'),
  end: [`${OLD} ON UPDATE CASCADE ON DELETE SET NULL`, `${NEW} ON UPDATE CASCADE ON DELETE CASCADE`],
});

problemTest({
  kind,
  title: 'an option for one relation wins over what its author wrote',
  schema: library('fk → on delete cascade'),
  foreignKeys: [{ ...CHECKOUTS, onDelete: 'CASCADE' }],
  options: { relations: { 'public.Checkouts.userId': { onDelete: 'RESTRICT', because: 'accounting' } } },
  findings: [
    {
      message: 'The foreign key "fk" of public.Checkouts.userId says ON DELETE CASCADE; RESTRICT is wanted.',
      repair: 'automatic',
    },
  ],
  plan: swap('fk', 'on delete restrict on update no action'),
  end: [`${OLD} ON DELETE CASCADE`, `${NEW} ON DELETE RESTRICT`],
});

problemTest({
  kind,
  title: 'an orphan under a key that is NOT VALID and disagrees: nothing is swapped',
  schema: `${library()} insert into "Checkouts" values (4, 9); alter table "Checkouts" add constraint fk foreign key ("userId") references "Users" not valid`,
  foreignKeys: [{ ...CHECKOUTS, onDelete: 'CASCADE' }],
  findings: [
    {
      message: 'The foreign key "fk" of public.Checkouts.userId says ON DELETE NO ACTION; CASCADE is wanted.',
      repair: 'refused',
      refusal: `LIVE_KEY_DISAGREES: the live key "fk" says ON DELETE NO ACTION, and CASCADE is wanted → relations: { 'public.Checkouts.userId': { orphans: 'delete' | 'nullify' | 'keep' } }`,
    },
  ],
  besides: ['orphaned-rows'],
});

problemTest({
  kind,
  title: 'the same orphan, and an option that says to delete it',
  schema: `${library()} insert into "Checkouts" values (4, 9); alter table "Checkouts" add constraint fk foreign key ("userId") references "Users" not valid`,
  foreignKeys: [{ ...CHECKOUTS, onDelete: 'CASCADE' }],
  options: { relations: { 'public.Checkouts.userId': { orphans: 'delete' } } },
  findings: [
    {
      message: 'The foreign key "fk" of public.Checkouts.userId says ON DELETE NO ACTION; CASCADE is wanted.',
      repair: 'automatic',
    },
  ],
  besides: ['orphaned-rows'],
  plan: swap('fk', 'on delete cascade on update no action').toSpliced(
    2,
    0,
    'Quarantine and delete: orphans of public.Checkouts (userId): 1',
  ),
  end: [`${OLD} NOT VALID`, `${NEW} ON DELETE CASCADE`, '- "public"."Checkouts" (4,9)'],
});

problemTest({
  kind,
  title: 'silence: two authors contradict each other, so no live key is wrong',
  schema: library('fk → on update cascade on delete restrict'),
  models(sequelize) {
    const [user, checkout] = [sequelize.define('User', {}), sequelize.define('Checkout', {})];
    user.hasMany(checkout, { foreignKey: 'userId', onDelete: 'CASCADE' });
    checkout.belongsTo(user, { foreignKey: 'userId', onDelete: 'SET NULL' });
  },
  findings: [],
  besides: ['contradictory-models'],
});

problemTest({
  kind,
  title: 'silence: nobody wrote an action that the live key could contradict',
  schema: library('fk → on update cascade on delete cascade'),
  models: unwritten,
  findings: [],
  besides: ['default-action-differs'],
});
