import { DataTypes } from 'sequelize';
import { problemTest } from '../../problem-tester';
import {
  add,
  alter,
  BOOKS,
  BOOKS_ID,
  COLUMNS,
  GOOD,
  library,
  lockParent,
  printed,
  printedTurned,
  straight,
  turned,
  validate,
} from './setting';

problemTest({
  kind: 'wrong-on-delete',
  title: 'composite, its columns turned round: swapped, in the order that is declared',
  schema: library(COLUMNS, GOOD + turned('k', 'on delete restrict')),
  foreignKeys: [{ ...BOOKS, onDelete: 'CASCADE' }],
  findings: [
    {
      message: `The foreign key "k" of ${BOOKS_ID} says ON DELETE RESTRICT; CASCADE is wanted.`,
      repair: 'automatic',
    },
  ],
  plan: [
    lockParent('access exclusive'),
    alter(`drop constraint "k", ${add('k', 'on delete cascade on update no action')}`),
    validate('k'),
  ],
  end: [`- ${printedTurned('k', ' ON DELETE RESTRICT')}`, `+ ${printed('k', ' ON DELETE CASCADE')}`],
});

problemTest({
  kind: 'wrong-on-update',
  title: 'composite',
  schema: library(COLUMNS, GOOD + turned('k', 'on update cascade on delete cascade')),
  foreignKeys: [{ ...BOOKS, onDelete: 'CASCADE', onUpdate: 'RESTRICT' }],
  findings: [
    {
      message: `The foreign key "k" of ${BOOKS_ID} says ON UPDATE CASCADE; RESTRICT is wanted.`,
      repair: 'automatic',
    },
  ],
  plan: [
    lockParent('access exclusive'),
    alter(`drop constraint "k", ${add('k', 'on delete cascade on update restrict')}`),
    validate('k'),
  ],
  end: [
    `- ${printedTurned('k', ' ON UPDATE CASCADE ON DELETE CASCADE')}`,
    `+ ${printed('k', ' ON UPDATE RESTRICT ON DELETE CASCADE')}`,
  ],
});

problemTest({
  kind: 'wrong-target',
  title: 'the right columns of the right parent, crossed',
  schema: library(
    COLUMNS,
    `insert into "my.lib"."Author""s" values (1, 9), (9, 1);
     insert into "my.lib"."Books" values (1, 1, 1), (2, 9, 1);
     alter table "my.lib"."Books" add constraint crossed foreign key ("author,Id", tenant) references "my.lib"."Author""s" (tenant, "Id")`,
  ),
  foreignKeys: [BOOKS],
  findings: [
    {
      message: `The foreign key "crossed" of ${BOOKS_ID} points at "my.lib"."Author""s" (Id, tenant); the models say "my.lib"."Author""s" (tenant, Id).`,
      repair: 'automatic',
    },
  ],
  plan: [
    lockParent('access exclusive'),
    alter(`drop constraint "crossed", ${add('crossed', 'on delete no action on update no action')}`),
    validate('crossed'),
  ],
  end: [
    '- "my.lib"."Books" crossed: FOREIGN KEY ("author,Id", tenant) REFERENCES "my.lib"."Author""s"(tenant, "Id")',
    `+ ${printed('crossed')}`,
  ],
});

problemTest({
  kind: 'duplicate-foreign-key',
  title: 'two keys whose columns stand in different order',
  schema: library(COLUMNS, GOOD + turned('old') + straight('new', 'on delete cascade')),
  foreignKeys: [{ ...BOOKS, onDelete: 'CASCADE' }],
  findings: [
    {
      message: `${BOOKS_ID} has 2 foreign keys: "new" (ON DELETE CASCADE), "old" (ON DELETE NO ACTION).`,
      repair: 'automatic',
    },
  ],
  plan: [lockParent('access exclusive'), alter('drop constraint "old"')],
  end: [`- ${printedTurned('old')}`],
});

const PARENTS = `
  create table p (x int not null, y int, z int);
  create table c (a int, b int);
  create table d (a int, b int);
  insert into p values (1, 1, 1), (1, 2, 2), (2, null, 3);
  insert into c values (1, 1), (1, null);`;
const TO_P = { child: 'public.c(a,b)', parent: 'public.p(x,y)' } as const;

problemTest({
  kind: 'unreferenceable-target',
  title: 'one index serves two relations that name the columns in different order',
  schema: PARENTS,
  foreignKeys: [TO_P, { child: 'public.d(b,a)', parent: 'public.p(y,x)' }],
  findings: [
    {
      message: 'public.p has no unique key on x, y, which public.c.a,b points at.',
      repair: 'automatic',
    },
  ],
  besides: ['missing-foreign-key', 'missing-foreign-key'],
  plan: [
    'create unique index concurrently "p_x_y_key" on "public"."p" ("x", "y")',
    'lock table "public"."p" in share row exclusive mode',
    'alter table "public"."d" add constraint "d_b_a_fkey" foreign key ("b", "a") references "public"."p" ("y", "x") on delete no action on update no action not valid',
    'lock table "public"."p" in share row exclusive mode',
    'alter table "public"."c" add constraint "c_a_b_fkey" foreign key ("a", "b") references "public"."p" ("x", "y") on delete no action on update no action not valid',
    'alter table "public"."d" validate constraint "d_b_a_fkey"',
    'alter table "public"."c" validate constraint "c_a_b_fkey"',
  ],
  end: [
    '+ public.c c_a_b_fkey: FOREIGN KEY (a, b) REFERENCES p(x, y)',
    '+ public.d d_b_a_fkey: FOREIGN KEY (b, a) REFERENCES p(y, x)',
    '+ CREATE UNIQUE INDEX p_x_y_key ON public.p USING btree (x, y)',
  ],
});

problemTest({
  kind: 'unreferenceable-target',
  title: 'silence: an index on the columns in another order is enough',
  schema: `${PARENTS} create unique index on p (y, x); alter table c add constraint k foreign key (a, b) references p (x, y)`,
  foreignKeys: [TO_P],
  findings: [],
});

problemTest({
  kind: 'unreferenceable-target',
  title: 'values that occur twice together',
  schema: `${PARENTS} insert into p values (1, 2, 4)`,
  foreignKeys: [TO_P],
  findings: [
    {
      message: 'public.p has no unique key on x, y, which public.c.a,b points at.',
      sampleKeys: ['(1, 2)'],
      repair: 'refused',
      refusal: 'DUPLICATE_VALUES: 1 value occurs more than once: (1, 2)',
    },
  ],
  besides: ['missing-foreign-key'],
});

problemTest({
  kind: 'missing-primary-key',
  title: 'composite, one of its columns nullable',
  schema:
    'create table "Lines" (order_id int not null, "No." int); insert into "Lines" values (1, 1), (1, 2), (2, 1)',
  models: (sequelize) =>
    void sequelize.define('Line', {
      order_id: { type: DataTypes.INTEGER, primaryKey: true },
      no: { type: DataTypes.INTEGER, primaryKey: true, field: 'No.' },
    }),
  findings: [
    {
      message: 'public.Lines has no primary key; the model Line says order_id, No..',
      repair: 'automatic',
    },
  ],
  plan: [
    'create unique index concurrently "Lines_order_id_No._idx" on "public"."Lines" ("order_id", "No.")',
    'alter table "public"."Lines" add constraint "Lines_No._not_null" check ("No." is not null) not valid',
    'alter table "public"."Lines" validate constraint "Lines_No._not_null"',
    'alter table "public"."Lines" add constraint "Lines_pkey" primary key using index "Lines_order_id_No._idx"',
    'alter table "public"."Lines" drop constraint "Lines_No._not_null"',
  ],
  end: [
    '- public."Lines" "No." integer',
    '+ public."Lines" "No." integer not null',
    '+ public."Lines" "Lines_pkey": PRIMARY KEY (order_id, "No.")',
    '+ CREATE UNIQUE INDEX "Lines_pkey" ON public."Lines" USING btree (order_id, "No.")',
  ],
});

problemTest({
  kind: 'impossible-set-null',
  title: 'one column of the key is NOT NULL',
  schema: library('tenant int not null, "author,Id" int', straight('k', 'on delete set null')),
  foreignKeys: [{ ...BOOKS, onDelete: 'SET NULL' }],
  findings: [
    {
      message: `${BOOKS_ID} says ON DELETE SET NULL, but "my.lib".Books.tenant is NOT NULL.`,
      help: "Either name the columns that may be null (onDeleteColumns, PostgreSQL 15), or allow null, or write another action: onDelete: 'CASCADE' or 'RESTRICT'.",
      repair: 'manual',
    },
  ],
});

problemTest({
  kind: 'default-action-differs',
  title: 'a composite key that does more than anybody wrote',
  schema: library(COLUMNS, turned('k', 'on delete set null')),
  foreignKeys: [BOOKS],
  findings: [
    {
      message: `${BOOKS_ID} has ON DELETE SET NULL in the database; the default for the model would be NO ACTION.`,
      repair: 'manual',
    },
  ],
});

problemTest({
  kind: 'unclaimed-foreign-key',
  title: 'a composite key beside a declared key on one of its columns',
  schema: library(
    COLUMNS,
    `delete from "my.lib"."Author""s" where "Id" > 1; alter table "my.lib"."Author""s" add unique (tenant);
     ${straight('k', 'on delete cascade')}
     alter table "my.lib"."Books" add constraint t foreign key (tenant) references "my.lib"."Author""s" (tenant)`,
  ),
  foreignKeys: [{ child: '"my.lib"."Books"(tenant)', parent: '"my.lib"."Author""s"(tenant)' }],
  findings: [
    {
      message:
        'No model declares the foreign key "k" of "my.lib".Books (tenant, author,Id) to "my.lib"."Author""s"; ON DELETE CASCADE.',
      repair: 'manual',
    },
  ],
});

problemTest({
  kind: 'missing-column',
  title: 'one of two columns',
  schema: library('tenant int'),
  foreignKeys: [BOOKS],
  findings: [
    {
      message: `${BOOKS_ID} needs the column "my.lib".Books.author,Id, which does not exist.`,
      repair: 'manual',
    },
  ],
});
