import { problemTest, type ProblemCase } from '../../problem-tester';
import { since } from '../../postgres/version';
import {
  add,
  alter,
  BOOKS,
  BOOKS_ID,
  COLUMNS,
  GOOD,
  library,
  lockParent,
  ORPHANS,
  printed,
  straight,
  turned,
  validate,
} from './setting';

/** What no model can say about a key must not get lost when the key is replaced. */
const LIST = 'on delete set null ("author,Id")';
const PRINTED_LIST = ' ON DELETE SET NULL ("author,Id")';
const TENANTED = 'tenant int not null, "author,Id" int';

problemTest({
  kind: 'wrong-on-delete',
  title: 'MATCH FULL stays MATCH FULL in a swap',
  schema: library(COLUMNS, straight('k', 'match full on delete restrict')),
  foreignKeys: [{ ...BOOKS, onDelete: 'CASCADE' }],
  findings: [
    {
      message: `The foreign key "k" of ${BOOKS_ID} says ON DELETE RESTRICT; CASCADE is wanted.`,
      repair: 'automatic',
    },
  ],
  plan: [
    lockParent('access exclusive'),
    alter(`drop constraint "k", ${add('k', 'on delete cascade on update no action', ' match full')}`),
    validate('k'),
  ],
  end: [
    `- ${printed('k', ' MATCH FULL ON DELETE RESTRICT')}`,
    `+ ${printed('k', ' MATCH FULL ON DELETE CASCADE')}`,
  ],
});

problemTest({
  kind: 'duplicate-foreign-key',
  title: 'of two keys the MATCH FULL one stays',
  schema: library(COLUMNS, turned('simple') + straight('full', 'match full')),
  foreignKeys: [BOOKS],
  findings: [
    {
      message: `${BOOKS_ID} has 2 foreign keys: "full" (ON DELETE NO ACTION, MATCH FULL), "simple" (ON DELETE NO ACTION).`,
      repair: 'automatic',
    },
  ],
  plan: [lockParent('access exclusive'), alter('drop constraint "simple"')],
  end: [
    '- "my.lib"."Books" simple: FOREIGN KEY ("author,Id", tenant) REFERENCES "my.lib"."Author""s"("Id", tenant)',
  ],
});

problemTest({
  kind: 'duplicate-foreign-key',
  title: 'a MATCH FULL key that is not valid is not dropped for a valid one that allows more',
  schema: library(COLUMNS, GOOD + straight('simple') + straight('full', 'match full not valid')),
  foreignKeys: [BOOKS],
  findings: [
    {
      message: `${BOOKS_ID} has 2 foreign keys: "simple" (ON DELETE NO ACTION), "full" (ON DELETE NO ACTION, MATCH FULL).`,
      repair: 'refused',
      refusal:
        'MATCH_FULL: "full" is MATCH FULL: without it a key could be half null; validate or drop it by hand',
    },
  ],
});

since<ProblemCase>(
  15,
  {
    kind: 'wrong-on-delete',
    title: 'SET NULL of one column is not SET NULL of all, and is not swapped for it',
    schema: library(TENANTED, straight('k', LIST)),
    foreignKeys: [{ ...BOOKS, onDelete: 'SET NULL' }],
    findings: [
      {
        message: `The foreign key "k" of ${BOOKS_ID} says ON DELETE SET NULL (author,Id); SET NULL is wanted.`,
        repair: 'refused',
        refusal:
          "COLUMN_LIST: nobody wrote which columns SET NULL changes, and a swap would lose that only author,Id does → onDeleteColumns: ['author,Id'] in the declaration to keep it, or ['tenant', 'author,Id'] to swap it",
      },
    ],
  },
  {
    kind: 'wrong-on-delete',
    title: 'the column that is written down: silence',
    schema: library(TENANTED, straight('k', LIST)),
    foreignKeys: [{ ...BOOKS, onDelete: 'SET NULL', onDeleteColumns: ['author,Id'] }],
    findings: [],
  },
  {
    kind: 'wrong-on-delete',
    title: 'all columns that are written down: a swap',
    schema: library(COLUMNS, straight('k', LIST)),
    foreignKeys: [{ ...BOOKS, onDelete: 'SET NULL', onDeleteColumns: ['author,Id', 'tenant'] }],
    findings: [
      {
        message: `The foreign key "k" of ${BOOKS_ID} says ON DELETE SET NULL (author,Id); SET NULL is wanted.`,
        repair: 'automatic',
      },
    ],
    plan: [
      lockParent('access exclusive'),
      alter(`drop constraint "k", ${add('k', 'on delete set null on update no action')}`),
      validate('k'),
    ],
    end: [`- ${printed('k', PRINTED_LIST)}`, `+ ${printed('k', ' ON DELETE SET NULL')}`],
  },
  {
    kind: 'wrong-on-update',
    title: 'a swap for another reason keeps the list',
    schema: library(TENANTED, straight('k', LIST)),
    foreignKeys: [{ ...BOOKS, onUpdate: 'CASCADE' }],
    findings: [
      {
        message: `The foreign key "k" of ${BOOKS_ID} says ON UPDATE NO ACTION; CASCADE is wanted.`,
        repair: 'automatic',
      },
    ],
    plan: [
      lockParent('access exclusive'),
      alter(`drop constraint "k", ${add('k', `${LIST} on update cascade`)}`),
      validate('k'),
    ],
    end: [`- ${printed('k', PRINTED_LIST)}`, `+ ${printed('k', ` ON UPDATE CASCADE${PRINTED_LIST}`)}`],
  },
  {
    kind: 'orphaned-rows',
    title: 'the clean-up sets the same columns to null as the key will',
    schema: library(TENANTED, `insert into "my.lib"."Books" values (1, 1, 1), (4, 9, null);` + ORPHANS),
    foreignKeys: [{ ...BOOKS, onDelete: 'SET NULL', onDeleteColumns: ['author,Id'] }],
    findings: [
      {
        message: `2 rows of "my.lib".Books have no parent in "my.lib"."Author""s" (${BOOKS_ID}).`,
        rows: 2,
        repair: 'automatic',
      },
    ],
    besides: ['missing-foreign-key'],
    plan: [
      lockParent(),
      alter(add('Books_tenant_author,Id_fkey', `${LIST} on update no action`)),
      'Quarantine and set to null: orphans of "my.lib".Books (tenant, author,Id): 2',
      validate('Books_tenant_author,Id_fkey'),
    ],
    end: [
      `+ ${printed('"Books_tenant_author,Id_fkey"', PRINTED_LIST)}`,
      '- "my.lib"."Books" (6,2,2)',
      '- "my.lib"."Books" (7,3,1)',
      '+ "my.lib"."Books" (6,2,)',
      '+ "my.lib"."Books" (7,3,)',
    ],
  },
  {
    kind: 'orphaned-rows',
    title: 'a list of columns below a cascade: only they are given back',
    schema: `
      create table p (id int primary key);
      create table c (t int, id int, p_id int, primary key (t, id));
      create table n (t int, c_id int, note text,
        constraint n_c foreign key (t, c_id) references c on delete set null (c_id));
      insert into p values (1);
      insert into c values (1, 1, 1), (1, 2, 9);
      insert into n values (1, 1, 'stays'), (1, 2, 'changes'), (1, null, 'half null before')`,
    foreignKeys: [{ child: 'public.c(p_id)', parent: 'public.p(id)', onDelete: 'CASCADE' }],
    findings: [
      {
        message: '1 row of public.c has no parent in public.p (public.c.p_id).',
        rows: 1,
        repair: 'automatic',
      },
    ],
    besides: ['missing-foreign-key'],
    plan: [
      'lock table "public"."p" in share row exclusive mode',
      'alter table "public"."c" add constraint "c_p_id_fkey" foreign key ("p_id") references "public"."p" ("id") on delete cascade on update no action not valid',
      'Quarantine and delete: orphans of public.c (p_id): 1',
      'alter table "public"."c" validate constraint "c_p_id_fkey"',
    ],
    end: [
      '+ public.c c_p_id_fkey: FOREIGN KEY (p_id) REFERENCES p(id) ON DELETE CASCADE',
      '- "public"."c" (1,2,9)',
      '- "public"."n" (1,2,changes)',
      '+ "public"."n" (1,,changes)',
    ],
  },
).forEach(problemTest);

const ROOMS = `
  create extension if not exists btree_gist;
  create table rooms (id int, during daterange, primary key (id, during without overlaps));
  create table stays (room int, during daterange);
  insert into rooms values (1, '[2020-01-01,2021-01-01)'), (1, '[2021-01-01,2022-01-01)');
  insert into stays values (1, '[2020-06-01,2021-06-01)');
  alter table stays add constraint k foreign key (room, period during) references rooms (id, period during)`;
const STAYS = { child: 'public.stays(room,during)', parent: 'public.rooms(id,during)' } as const;

since<ProblemCase>(
  18,
  {
    kind: 'wrong-on-delete',
    title: 'a key with a PERIOD is never swapped for a plain one',
    schema: ROOMS,
    foreignKeys: [{ ...STAYS, onDelete: 'CASCADE' }],
    findings: [
      {
        message:
          'The foreign key "k" of public.stays.room,during says ON DELETE NO ACTION; CASCADE is wanted.',
        repair: 'refused',
        refusal: 'TEMPORAL_KEY: "k" has a PERIOD, which no model can say; a swap would lose it',
      },
    ],
  },
  {
    kind: 'orphaned-rows',
    title: 'rows under a PERIOD are covered, not equal: never counted as orphans',
    schema: `${ROOMS} not valid`,
    foreignKeys: [STAYS],
    options: { scan: 'all', orphans: 'delete' },
    findings: [],
    besides: ['not-valid-foreign-key'],
    status: 'refused',
  },
).forEach(problemTest);
