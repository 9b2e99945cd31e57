import { problemTest } from '../../problem-tester';
import { inOneGo, lock } from './setting';

const USERS = `
  create schema "a.b";
  create table "a.b"."Users" (place int, mail text, no int) partition by list (place);
  create table "a.b"."Users.1" partition of "a.b"."Users" for values in (1);
  create table "a.b"."Users.2" partition of "a.b"."Users" for values in (2) partition by list (mail);
  create table leaf (no int, mail text, place int);
  alter table "a.b"."Users.2" attach partition leaf default;
  create table checkouts (id int primary key, place int, mail text);
  insert into "a.b"."Users" values (1, 'a'), (2, 'a'), (2, 'b');
  insert into checkouts values (1, 1, 'a'), (2, 2, 'b'), (3, null, 'c');`;
const CHECKOUTS = {
  child: 'public.checkouts(mail,place)',
  parent: '"a.b"."Users"(mail,place)',
} as const;
const NO_KEY = '"a.b".Users has no unique key on mail, place, which public.checkouts.mail,place points at.';
const KEY = [
  lock('"a.b"."Users"'),
  'alter table "public"."checkouts" add constraint "checkouts_mail_place_fkey" foreign key ("mail", "place") references "a.b"."Users" ("mail", "place") on delete no action on update no action not valid',
  'alter table "public"."checkouts" validate constraint "checkouts_mail_place_fkey"',
];
const TEXT = 'FOREIGN KEY (mail, place) REFERENCES "a.b"."Users"(mail, place)';
const KEY_MADE = inOneGo
  ? [
      `+ public.checkouts checkouts_mail_place_fkey: ${TEXT}`,
      ...['"a.b"."Users.1"', '"a.b"."Users.2"', 'leaf'].map(
        (part, i) =>
          `+ public.checkouts checkouts_mail_place_fkey_${i + 1}: ${TEXT.replace('"a.b"."Users"', part)}`,
      ),
    ]
  : [
      `+ public.checkouts checkouts_mail_place_fkey: ${TEXT}`,
      ...['"a.b"."Users.1"', '"a.b"."Users.2"', 'leaf'].map(
        (part, i) =>
          `+ public.checkouts checkouts_mail_place_fkey${i + 1}: ${TEXT.replace('"a.b"."Users"', part)} NOT VALID`,
      ),
    ];
const only = (table: string, name: string): string =>
  `create unique index "${name}" on only ${table} ("mail", "place")`;
const build = (table: string, name: string): string =>
  `create unique index concurrently "${name}" on ${table} ("mail", "place")`;

problemTest({
  kind: 'unreferenceable-target',
  title: 'a partitioned parent: its index is built partition by partition, beside its writers',
  schema: USERS,
  foreignKeys: [CHECKOUTS],
  findings: [{ message: NO_KEY, repair: 'automatic' }],
  besides: ['missing-foreign-key'],
  plan: [
    only('"a.b"."Users"', 'Users_mail_place_key'),
    only('"a.b"."Users.2"', 'Users.2_mail_place_key'),
    build('"a.b"."Users.1"', 'Users.1_mail_place_key'),
    build('"public"."leaf"', 'leaf_mail_place_key'),
    'alter index "a.b"."Users_mail_place_key" attach partition "a.b"."Users.1_mail_place_key"',
    'alter index "a.b"."Users_mail_place_key" attach partition "a.b"."Users.2_mail_place_key"',
    'alter index "a.b"."Users.2_mail_place_key" attach partition "public"."leaf_mail_place_key"',
    ...KEY,
  ],
  end: [
    ...KEY_MADE,
    '+ CREATE UNIQUE INDEX "Users.1_mail_place_key" ON "a.b"."Users.1" USING btree (mail, place)',
    '+ CREATE UNIQUE INDEX "Users.2_mail_place_key" ON ONLY "a.b"."Users.2" USING btree (mail, place)',
    '+ CREATE UNIQUE INDEX "Users_mail_place_key" ON ONLY "a.b"."Users" USING btree (mail, place)',
    '+ CREATE UNIQUE INDEX leaf_mail_place_key ON public.leaf USING btree (mail, place)',
  ],
});

problemTest({
  kind: 'unreferenceable-target',
  title: 'a partition that has the index already: it is attached, not built again',
  schema: `${USERS} create unique index mine on "a.b"."Users.1" (mail, place)`,
  foreignKeys: [CHECKOUTS],
  findings: [{ message: NO_KEY, repair: 'automatic' }],
  besides: ['missing-foreign-key'],
  plan: [
    only('"a.b"."Users"', 'Users_mail_place_key'),
    only('"a.b"."Users.2"', 'Users.2_mail_place_key'),
    build('"public"."leaf"', 'leaf_mail_place_key'),
    'alter index "a.b"."Users_mail_place_key" attach partition "a.b"."mine"',
    'alter index "a.b"."Users_mail_place_key" attach partition "a.b"."Users.2_mail_place_key"',
    'alter index "a.b"."Users.2_mail_place_key" attach partition "public"."leaf_mail_place_key"',
    ...KEY,
  ],
  end: [
    ...KEY_MADE,
    '+ CREATE UNIQUE INDEX "Users.2_mail_place_key" ON ONLY "a.b"."Users.2" USING btree (mail, place)',
    '+ CREATE UNIQUE INDEX "Users_mail_place_key" ON ONLY "a.b"."Users" USING btree (mail, place)',
    '+ CREATE UNIQUE INDEX leaf_mail_place_key ON public.leaf USING btree (mail, place)',
  ],
});

problemTest({
  kind: 'unreferenceable-target',
  title: 'columns without the partition key of the whole, or of a part',
  schema: `${USERS} alter table checkouts drop column mail`,
  foreignKeys: [{ child: 'public.checkouts(place)', parent: '"a.b"."Users"(place)' }],
  findings: [
    {
      message: '"a.b".Users has no unique key on place, which public.checkouts.place points at.',
      sampleKeys: ['2'],
      repair: 'refused',
      refusal: 'PARTITIONED: "a.b"."Users.2" is partitioned by mail, which a unique index of it must hold',
    },
  ],
  besides: ['missing-foreign-key'],
});
