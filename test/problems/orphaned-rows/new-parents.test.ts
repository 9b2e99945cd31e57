import { problemTest } from '../../problem-tester';

const kind = 'orphaned-rows';

/** Checkouts 3 and 4 belong to users that are gone; user 1 is who takes over what nobody owns. */
const LIBRARY = `
  create table users (id serial primary key, name text not null, joined date default date '2020-02-02');
  create table checkouts (id int primary key, user_id int, note text);
  insert into users values (1, 'nobody'), (2, 'Ada');
  insert into checkouts values (1, 1, 'a'), (2, null, null), (3, 9, 'b'), (4, 7, null), (5, 9, null)`;
const CHECKOUTS = {
  child: 'public.checkouts(user_id)',
  parent: 'public.users(id)',
  onDelete: 'RESTRICT',
} as const;
const ID = 'public.checkouts.user_id';
const FOUND = [
  {
    message: '3 rows of public.checkouts have no parent in public.users (public.checkouts.user_id).',
    rows: 3,
    repair: 'automatic',
  },
] as const;
const FENCE = [
  'lock table "public"."users" in share row exclusive mode',
  'alter table "public"."checkouts" add constraint "checkouts_user_id_fkey" foreign key ("user_id") references "public"."users" ("id") on delete restrict on update cascade not valid',
];
const PROOF = 'alter table "public"."checkouts" validate constraint "checkouts_user_id_fkey"';
const KEY =
  '+ public.checkouts checkouts_user_id_fkey: FOREIGN KEY (user_id) REFERENCES users(id) ON UPDATE CASCADE ON DELETE RESTRICT';

problemTest({
  kind,
  title: 'reparent: the rows get the parent that the option names, with a copy of what they were',
  schema: LIBRARY,
  foreignKeys: [{ ...CHECKOUTS, onUpdate: 'CASCADE' }],
  options: { relations: { [ID]: { reparent: 1 } } },
  findings: FOUND,
  besides: ['missing-foreign-key'],
  plan: [...FENCE, 'Quarantine and give the parent 1: orphans of public.checkouts (user_id): 3', PROOF],
  end: [
    KEY,
    '- "public"."checkouts" (3,9,b)',
    '- "public"."checkouts" (4,7,)',
    '- "public"."checkouts" (5,9,)',
    '+ "public"."checkouts" (3,1,b)',
    '+ "public"."checkouts" (4,1,)',
    '+ "public"."checkouts" (5,1,)',
  ],
});

const MADE = [
  `+ "public"."users" (7,"it's user 7",2020-02-02)`,
  `+ "public"."users" (9,"it's user 9",2020-02-02)`,
];

problemTest({
  kind,
  title: 'createParent: the missing parents are made as the function says, and no row is changed',
  schema: LIBRARY,
  foreignKeys: [{ ...CHECKOUTS, onUpdate: 'CASCADE' }],
  options: {
    relations: { [ID]: { createParent: ({ id }) => ({ name: `it's user ${id}`, joined: undefined }) } },
  },
  findings: FOUND,
  besides: ['missing-foreign-key'],
  plan: [
    ...FENCE,
    `insert into "public"."users" ("id", "name") overriding system value values ('7', 'it''s user 7') on conflict ("id") do nothing`,
    `insert into "public"."users" ("id", "name") overriding system value values ('9', 'it''s user 9') on conflict ("id") do nothing`,
    PROOF,
  ],
  written: MADE,
  end: [KEY, ...MADE],
});

const COMPOSITE = `
  create schema "Ten.ants";
  create table "Ten.ants"."Us""ers" (tenant text, "no" bigint generated always as identity, "the name" varchar(9) not null, twice text generated always as (tenant || tenant) stored, primary key (tenant, "no"));
  create table checkouts (id int primary key, "who" int, tenant varchar);
  insert into "Ten.ants"."Us""ers" (tenant, "no", "the name") overriding system value values ('a', 1, 'Ada'), ('b', 2, 'Bob');
  insert into checkouts values (1, 1, 'a'), (2, 2, 'a'), (3, null, 'c'), (4, 5, 'it''s')`;
const COMPOSITE_KEY = {
  child: 'public.checkouts(tenant,who)',
  parent: '"Ten.ants"."Us""ers"(tenant,no)',
  onDelete: 'CASCADE',
  onUpdate: 'CASCADE',
} as const;
const COMPOSITE_ID = 'public.checkouts.tenant,who';
const COMPOSITE_FENCE = [
  'lock table "Ten.ants"."Us""ers" in share row exclusive mode',
  'alter table "public"."checkouts" add constraint "checkouts_tenant_who_fkey" foreign key ("tenant", "who") references "Ten.ants"."Us""ers" ("tenant", "no") on delete cascade on update cascade not valid',
];
const COMPOSITE_PROOF = 'alter table "public"."checkouts" validate constraint "checkouts_tenant_who_fkey"';
const COMPOSITE_END =
  '+ public.checkouts checkouts_tenant_who_fkey: FOREIGN KEY (tenant, who) REFERENCES "Ten.ants"."Us""ers"(tenant, no) ON UPDATE CASCADE ON DELETE CASCADE';
const COMPOSITE_FOUND = [
  {
    message: `2 rows of public.checkouts have no parent in "Ten.ants"."Us""ers" (${COMPOSITE_ID}).`,
    rows: 2,
    repair: 'automatic',
  },
] as const;

for (const [written, reparent] of [
  ['a list', ['b', 2]],
  ['an object', { no: 2n, tenant: 'b' }],
] as const)
  problemTest({
    kind,
    title: `reparent with a composite key, written as ${written}`,
    schema: COMPOSITE,
    foreignKeys: [COMPOSITE_KEY],
    options: { relations: { [COMPOSITE_ID]: { reparent } } },
    findings: COMPOSITE_FOUND,
    besides: ['missing-foreign-key'],
    plan: [
      ...COMPOSITE_FENCE,
      'Quarantine and give the parent b, 2: orphans of public.checkouts (tenant, who): 2',
      COMPOSITE_PROOF,
    ],
    end: [
      COMPOSITE_END,
      '- "public"."checkouts" (2,2,a)',
      `- "public"."checkouts" (4,5,it's)`,
      '+ "public"."checkouts" (2,2,b)',
      '+ "public"."checkouts" (4,2,b)',
    ],
  });

const COMPOSITE_MADE = [
  '+ "Ten.ants"."Us""ers" (a,2,lost,aa)',
  `+ "Ten.ants"."Us""ers" (it's,5,lost,it'sit's)`,
];

problemTest({
  kind,
  title: 'createParent with a composite key: identity columns take the key, computed ones compute themselves',
  schema: COMPOSITE,
  foreignKeys: [COMPOSITE_KEY],
  options: {
    relations: {
      [COMPOSITE_ID]: { createParent: (key) => Promise.resolve({ ...key, 'the name': 'lost' }) },
    },
  },
  findings: COMPOSITE_FOUND,
  besides: ['missing-foreign-key'],
  plan: [
    ...COMPOSITE_FENCE,
    `insert into "Ten.ants"."Us""ers" ("tenant", "no", "the name") overriding system value values ('a', '2', 'lost') on conflict ("tenant", "no") do nothing`,
    `insert into "Ten.ants"."Us""ers" ("tenant", "no", "the name") overriding system value values ('it''s', '5', 'lost') on conflict ("tenant", "no") do nothing`,
    COMPOSITE_PROOF,
  ],
  written: COMPOSITE_MADE,
  end: [COMPOSITE_END, ...COMPOSITE_MADE],
});
