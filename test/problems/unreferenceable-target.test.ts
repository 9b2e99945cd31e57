import { DataTypes, Sequelize } from 'sequelize';
import { fkGuardMigration } from 'sequelize-fk-guard';
import { createDatabase } from '../postgres/database';
import { problemTest } from '../problem-tester';
import { difference, stateOf } from '../problem-tester/state';

const kind = 'unreferenceable-target';

const library = (users: string, values = `(1, 'a'), (2, 'b')`): string => `
  create table users (id int primary key, mail text);
  create table checkouts (id int primary key, mail text);
  insert into users values ${values};
  insert into checkouts values (1, 'a'), (2, null);
  ${users}`;
const CHECKOUTS = { child: 'public.checkouts(mail)', parent: 'public.users(mail)' } as const;
const NO_KEY = 'public.users has no unique key on mail, which public.checkouts.mail points at.';
const KEY = [
  'lock table "public"."users" in share row exclusive mode',
  'alter table "public"."checkouts" add constraint "checkouts_mail_fkey" foreign key ("mail") references "public"."users" ("mail") on delete no action on update no action not valid',
  'alter table "public"."checkouts" validate constraint "checkouts_mail_fkey"',
];
const KEY_MADE = '+ public.checkouts checkouts_mail_fkey: FOREIGN KEY (mail) REFERENCES users(mail)';

problemTest({
  kind,
  title: 'a column of the parent that is unique in fact, with nulls, and not by a key',
  schema: library('', `(1, 'a'), (2, 'b'), (3, null), (4, null)`),
  foreignKeys: [CHECKOUTS],
  findings: [
    {
      severity: 'error',
      message: NO_KEY,
      why: 'PostgreSQL lets a key point only at columns with a primary key or a full, valid, immediate unique index (42830); partial, deferrable and invalid ones do not count.',
      help: 'A unique index is built without blocking writers; that is all that a key needs.',
      repair: 'automatic',
    },
  ],
  besides: ['missing-foreign-key'],
  plan: ['create unique index concurrently "users_mail_key" on "public"."users" ("mail")', ...KEY],
  end: [KEY_MADE, '+ CREATE UNIQUE INDEX users_mail_key ON public.users USING btree (mail)'],
});

const unusable: readonly [title: string, index: string][] = [
  ['partial', 'create unique index users_mail_idx on users (mail) where id > 0'],
  ['deferrable', 'alter table users add constraint users_mail_idx unique (mail) deferrable'],
  ['on an expression', 'create unique index users_mail_idx on users (lower(mail))'],
  ['not unique', 'create index users_mail_idx on users (mail)'],
];
for (const [title, index] of unusable)
  problemTest({
    kind,
    title: `an index that is ${title} does not count`,
    schema: library(index),
    foreignKeys: [CHECKOUTS],
    findings: [{ message: NO_KEY, repair: 'automatic' }],
    besides: ['missing-foreign-key'],
    plan: ['create unique index concurrently "users_mail_key" on "public"."users" ("mail")', ...KEY],
    end: [KEY_MADE, '+ CREATE UNIQUE INDEX users_mail_key ON public.users USING btree (mail)'],
  });

problemTest({
  kind,
  title: 'an invalid index that an interrupted build has left: dropped and built again',
  schema: library(`
    create unique index users_mail_key on users (mail);
    update pg_index set indisvalid = false where indexrelid = 'users_mail_key'::regclass`),
  foreignKeys: [CHECKOUTS],
  findings: [{ message: NO_KEY, repair: 'automatic' }],
  besides: ['missing-foreign-key'],
  plan: [
    'drop index concurrently if exists "public"."users_mail_key"',
    'create unique index concurrently "users_mail_key" on "public"."users" ("mail")',
    ...KEY,
  ],
  end: [
    '- CREATE UNIQUE INDEX users_mail_key ON public.users USING btree (mail) (invalid)',
    KEY_MADE,
    '+ CREATE UNIQUE INDEX users_mail_key ON public.users USING btree (mail)',
  ],
});

problemTest({
  kind,
  title: 'two relations, one composite target, hostile names that are taken: one key for both',
  schema: `
    create schema "S.";
    create table "S."."P""arent" (id int primary key, tenant int, "No" int);
    create table "S."."P""arent_tenant_No_key" (id int primary key);
    create table "S."."Child" (id int primary key, a int, b int, c int);
    insert into "S."."P""arent" values (1, 1, 1), (2, 1, 2)`,
  foreignKeys: [
    { child: '"S.".Child(a,b)', parent: '"S."."P""arent"(tenant,No)' },
    { child: '"S.".Child(a,c)', parent: '"S."."P""arent"(tenant,No)' },
  ],
  findings: [
    {
      message: '"S."."P""arent" has no unique key on tenant, No, which "S.".Child.a,b points at.',
      repair: 'automatic',
    },
  ],
  besides: ['missing-foreign-key', 'missing-foreign-key'],
  plan: [
    'create unique index concurrently "P""arent_tenant_No_key1" on "S."."P""arent" ("tenant", "No")',
    ...['b', 'c'].flatMap((column) => [
      'lock table "S."."P""arent" in share row exclusive mode',
      `alter table "S."."Child" add constraint "Child_a_${column}_fkey" foreign key ("a", "${column}") references "S."."P""arent" ("tenant", "No") on delete no action on update no action not valid`,
    ]),
    'alter table "S."."Child" validate constraint "Child_a_b_fkey"',
    'alter table "S."."Child" validate constraint "Child_a_c_fkey"',
  ],
  end: [
    '+ "S."."Child" "Child_a_b_fkey": FOREIGN KEY (a, b) REFERENCES "S."."P""arent"(tenant, "No")',
    '+ "S."."Child" "Child_a_c_fkey": FOREIGN KEY (a, c) REFERENCES "S."."P""arent"(tenant, "No")',
    '+ CREATE UNIQUE INDEX "P""arent_tenant_No_key1" ON "S."."P""arent" USING btree (tenant, "No")',
  ],
});

problemTest({
  kind,
  title: 'values that occur twice',
  schema: library('', `(1, 'a'), (2, 'b'), (3, 'b'), (4, null), (5, null)`),
  foreignKeys: [CHECKOUTS],
  findings: [
    {
      message: NO_KEY,
      repair: 'refused',
      refusal: 'DUPLICATE_VALUES: 1 value occurs more than once: b',
      sampleKeys: ['b'],
    },
  ],
  besides: ['missing-foreign-key'],
});

problemTest({
  kind,
  title: 'silence: a unique index without a constraint, with columns besides its key',
  schema: library(
    'create unique index any_name on users (mail) include (id); alter table checkouts add foreign key (mail) references users (mail)',
  ),
  foreignKeys: [CHECKOUTS],
  findings: [],
});

test('a migration that is taken back takes the index back, too', async () => {
  const database = await createDatabase(kind);
  await database.query(library(''));
  const before = await stateOf(database);
  const sequelize = new Sequelize(database.url, { logging: false, define: { timestamps: false } });
  const user = sequelize.define('user', { mail: DataTypes.TEXT });
  const checkout = sequelize.define('checkout', { mail: DataTypes.TEXT });
  checkout.belongsTo(user, { foreignKey: 'mail', targetKey: 'mail', onDelete: 'CASCADE' });

  const migration = fkGuardMigration({ sequelize: () => sequelize });
  await migration.up(undefined);
  const after = await stateOf(database);
  await migration.down(undefined);

  expect(difference(before, after)).toEqual([
    `${KEY_MADE} ON UPDATE CASCADE ON DELETE CASCADE`,
    '+ CREATE UNIQUE INDEX users_mail_key ON public.users USING btree (mail)',
  ]);
  expect(difference(before, await stateOf(database))).toEqual([]);
  await sequelize.close();
  await database.drop();
});
