import { problemTest } from '../problem-tester';
import { inOneGo } from './partitions/setting';
import { withoutKey } from './partitions/without-key';

const kind = 'disabled-trigger';

/** A key that is valid by the catalog; `checkouts` come in while `switched` has its triggers off. */
const library = (checkouts: string, switched = 'checkouts', key = 'on delete cascade'): string => `
  create table users (id int primary key);
  create table checkouts (id int primary key, user_id int constraint fk references users ${key});
  insert into users select generate_series(1, 9);
  alter table ${switched} disable trigger all;
  insert into checkouts values ${checkouts}`;
const CHECKOUTS = {
  child: 'public.checkouts(user_id)',
  parent: 'public.users(id)',
  onDelete: 'CASCADE',
} as const;
const FK = 'public.checkouts fk: FOREIGN KEY (user_id) REFERENCES users(id)';
const OFF =
  'The foreign key "fk" of public.checkouts.user_id is valid, but not enforced: a trigger of it is disabled.';
const swap = (actions: string, table = 'checkouts'): readonly string[] => [
  'lock table "public"."users" in access exclusive mode',
  `alter table "public"."${table}" drop constraint "fk", add constraint "fk" foreign key ("user_id") references "public"."users" ("id") ${actions} not valid`,
];
const VALIDATE = 'alter table "public"."checkouts" validate constraint "fk"';

problemTest({
  kind,
  title: 'orphans hide under a "valid" key: they are counted, cleaned by policy, and the new key is proved',
  schema: library('(1, 1), (2, 99), (3, null)'),
  foreignKeys: [CHECKOUTS],
  findings: [
    {
      severity: 'error',
      message: OFF,
      why: 'One of the triggers that carry out the key is disabled (ALTER TABLE … DISABLE TRIGGER ALL, often left over from a data load). The key looks valid, and yet orphans can come in under it.',
      help: 'It is swapped for a new one with its triggers on, NOT VALID, and then validated; ENABLE TRIGGER would need a superuser and would look at no row. Let a data load that is still going on end first.',
      constraint: 'fk',
      repair: 'automatic',
    },
  ],
  besides: ['orphaned-rows'],
  plan: [
    ...swap('on delete cascade on update no action'),
    'Quarantine and delete: orphans of public.checkouts (user_id): 1',
    VALIDATE,
  ],
  end: [
    `- ${FK} ON DELETE CASCADE (triggers not enabled)`,
    `+ ${FK} ON DELETE CASCADE`,
    '- "public"."checkouts" (2,99)',
  ],
});

problemTest({
  kind,
  title: "the parent's side is off: deletes do nothing to the children",
  schema: `${library('(1, 1), (2, 2)', 'users')}; delete from users where id = 2`,
  foreignKeys: [CHECKOUTS],
  findings: [{ message: OFF, repair: 'automatic' }],
  besides: ['orphaned-rows'],
  plan: [
    ...swap('on delete cascade on update no action'),
    'Quarantine and delete: orphans of public.checkouts (user_id): 1',
    VALIDATE,
  ],
  end: [
    `- ${FK} ON DELETE CASCADE (triggers not enabled)`,
    `+ ${FK} ON DELETE CASCADE`,
    '- "public"."checkouts" (2,2)',
  ],
});

problemTest({
  kind,
  title: 'one trigger of four fires on replicas only, which is as good as off',
  schema: `${library('(1, 1)', 'checkouts')}; alter table checkouts enable trigger all;
    do $$ begin
      execute (select format('alter table users enable replica trigger %I', tgname) from pg_trigger
        where tgrelid = 'users'::regclass and tgfoid = '"RI_FKey_cascade_del"'::regproc);
    end $$`,
  foreignKeys: [CHECKOUTS],
  findings: [{ message: OFF, repair: 'automatic' }],
  plan: [...swap('on delete cascade on update no action'), VALIDATE],
  end: [`- ${FK} ON DELETE CASCADE (triggers not enabled)`, `+ ${FK} ON DELETE CASCADE`],
});

problemTest({
  kind,
  title: 'an orphan of which nobody wrote what happens to it: nothing is changed',
  schema: library('(1, 1), (2, 99)', 'checkouts', ''),
  foreignKeys: [{ child: CHECKOUTS.child, parent: CHECKOUTS.parent }],
  findings: [
    {
      message: OFF,
      repair: 'refused',
      refusal: `DEFAULT_ACTION: nobody wrote an ON DELETE action for public.checkouts.user_id; NO ACTION is only a default → onDelete in the model, or relations: { 'public.checkouts.user_id': { orphans: 'delete' | 'nullify' | 'keep' } }`,
    },
  ],
  besides: ['orphaned-rows'],
});

problemTest({
  kind,
  title: 'fence: true switches it on again, NOT VALID, and leaves the orphan',
  schema: library('(1, 1), (2, 99)', 'checkouts', ''),
  foreignKeys: [{ child: CHECKOUTS.child, parent: CHECKOUTS.parent }],
  options: { fence: true },
  findings: [{ message: OFF, repair: 'automatic' }],
  besides: ['orphaned-rows'],
  plan: swap('on delete no action on update no action'),
  status: 'refused',
  end: [`- ${FK} (triggers not enabled)`, `+ ${FK} NOT VALID`],
});

problemTest({
  kind,
  title: 'it is not valid and says another action too: one swap mends all',
  schema: `${library('(1, 1)', 'checkouts', 'on delete restrict')}; alter table checkouts drop constraint fk,
    add constraint fk foreign key (user_id) references users on delete restrict not valid; alter table checkouts disable trigger all`,
  foreignKeys: [CHECKOUTS],
  findings: [
    {
      message:
        'The foreign key "fk" of public.checkouts.user_id is not valid, and not enforced: a trigger of it is disabled.',
      repair: 'automatic',
    },
  ],
  besides: ['wrong-on-delete'],
  plan: [...swap('on delete cascade on update no action'), VALIDATE],
  end: [`- ${FK} ON DELETE RESTRICT NOT VALID (triggers not enabled)`, `+ ${FK} ON DELETE CASCADE`],
});

problemTest({
  kind,
  title: 'an equal key beside it that acts and is not valid yet: that one is proved, and this one goes',
  schema: `${library('(1, 1), (2, 99)')};
    alter table checkouts add constraint other foreign key (user_id) references users on delete cascade not valid`,
  foreignKeys: [CHECKOUTS],
  findings: [],
  besides: ['orphaned-rows', 'not-valid-foreign-key', 'duplicate-foreign-key'],
  plan: [
    'Quarantine and delete: orphans of public.checkouts (user_id): 1',
    'alter table "public"."checkouts" validate constraint "other"',
    'lock table "public"."users" in access exclusive mode',
    'alter table "public"."checkouts" drop constraint "fk"',
  ],
  end: [
    `- ${FK} ON DELETE CASCADE (triggers not enabled)`,
    `- ${FK.replace(' fk:', ' other:')} ON DELETE CASCADE NOT VALID`,
    `+ ${FK.replace(' fk:', ' other:')} ON DELETE CASCADE`,
    '- "public"."checkouts" (2,99)',
  ],
});

const LOG_KEY = 'FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE';
const onLogs = (name: string, table: string): string =>
  `alter table "public"."${table}" add constraint "${name}" foreign key ("user_id") references "public"."users" ("id") on delete cascade on update no action not valid`;

problemTest({
  kind,
  title: 'a trigger is off on one partition of two: the whole key is open, and the rows of all are counted',
  schema: `
    create table users (id int primary key);
    create table logs (id int, user_id int constraint fk references users on delete cascade) partition by list (id);
    create table logs_1 partition of logs for values in (1);
    create table logs_2 partition of logs for values in (2);
    insert into users values (1);
    alter table logs_2 disable trigger all;
    insert into logs values (1, 1), (2, 1), (2, 9)`,
  foreignKeys: [{ child: 'public.logs(user_id)', parent: 'public.users(id)', onDelete: 'CASCADE' }],
  findings: [
    {
      message:
        'The foreign key "fk" of public.logs.user_id is valid, but not enforced: a trigger of it is disabled.',
      repair: 'automatic',
    },
  ],
  besides: ['orphaned-rows'],
  plan: inOneGo
    ? [
        ...swap('on delete cascade on update no action', 'logs'),
        'Quarantine and delete: orphans of public.logs (user_id): 1',
        'alter table "public"."logs" validate constraint "fk"',
      ]
    : [
        'lock table "public"."users" in share row exclusive mode',
        onLogs('logs_1_user_id_fkey', 'logs_1'),
        'lock table "public"."users" in share row exclusive mode',
        onLogs('logs_2_user_id_fkey', 'logs_2'),
        'Quarantine and delete: orphans of public.logs (user_id): 1',
        'alter table "public"."logs_1" validate constraint "logs_1_user_id_fkey"',
        'alter table "public"."logs_2" validate constraint "logs_2_user_id_fkey"',
        'lock table "public"."users" in access exclusive mode',
        'lock table "public"."logs" in access exclusive mode',
        withoutKey('"public"."logs"', '"public"."users"', 'c', `'user_id'`, `'id'`),
        'alter table "public"."logs" drop constraint "fk", add constraint "fk" foreign key ("user_id") references "public"."users" ("id") on delete cascade on update no action',
      ],
  end: inOneGo
    ? [
        `- public.logs_2 fk: ${LOG_KEY} (triggers not enabled)`,
        `+ public.logs_2 fk: ${LOG_KEY}`,
        '- "public"."logs_2" (2,9)',
      ]
    : [
        `- public.logs_1 fk: ${LOG_KEY}`,
        `- public.logs_2 fk: ${LOG_KEY} (triggers not enabled)`,
        `+ public.logs_1 logs_1_user_id_fkey: ${LOG_KEY}`,
        `+ public.logs_2 logs_2_user_id_fkey: ${LOG_KEY}`,
        '- "public"."logs_2" (2,9)',
      ],
});

problemTest({
  kind,
  title: 'silence: triggers of the application that are off, and triggers of the key that fire always',
  schema: `${library('(1, 1)')}; alter table checkouts enable trigger all;
    create function nothing() returns trigger language plpgsql as 'begin return new; end';
    create trigger own after insert on checkouts for each row execute function nothing();
    alter table checkouts disable trigger own;
    do $$ begin
      execute (select format('alter table users enable always trigger %I', tgname) from pg_trigger
        where tgrelid = 'users'::regclass and tgfoid = '"RI_FKey_cascade_del"'::regproc);
    end $$`,
  foreignKeys: [CHECKOUTS],
  findings: [],
});
