import type { FkGuardOptions } from 'sequelize-fk-guard';
import { problemTest } from '../problem-tester';

const kind = 'orphaned-rows';

/** Checkout 3 belongs to a user that is gone, and so does nothing else. */
const LIBRARY = `
  create table users (id int primary key);
  create table checkouts (id int primary key, user_id int, note text);
  insert into users values (1), (2);
  insert into checkouts values (1, 1, 'a'), (2, null, null), (3, 9, '  "b", \\ ')`;
const CHECKOUTS = {
  child: 'public.checkouts(user_id)',
  parent: 'public.users(id)',
  onUpdate: 'CASCADE',
} as const;
const ONE_ORPHAN = '1 row of public.checkouts has no parent in public.users (public.checkouts.user_id).';

problemTest({
  kind,
  title: 'ON DELETE CASCADE was written: the row goes, with a copy',
  schema: LIBRARY,
  foreignKeys: [{ ...CHECKOUTS, onDelete: 'CASCADE' }],
  findings: [
    {
      severity: 'error',
      message: ONE_ORPHAN,
      why: 'Rows point at a parent that does not exist. They block the foreign key (23503) and show up as records of nobody.',
      help: 'They are copied into the quarantine and then removed or set to null as ON DELETE says, if an author wrote it; otherwise an option decides.',
      rows: 1,
      repair: 'automatic',
    },
  ],
  besides: ['missing-foreign-key'],
  plan: [
    'lock table "public"."users" in share row exclusive mode',
    'alter table "public"."checkouts" add constraint "checkouts_user_id_fkey" foreign key ("user_id") references "public"."users" ("id") on delete cascade on update cascade not valid',
    'Quarantine and delete: orphans of public.checkouts (user_id): 1',
    'alter table "public"."checkouts" validate constraint "checkouts_user_id_fkey"',
  ],
  end: [
    '+ public.checkouts checkouts_user_id_fkey: FOREIGN KEY (user_id) REFERENCES users(id) ON UPDATE CASCADE ON DELETE CASCADE',
    '- "public"."checkouts" (3,9,"  ""b"", \\\\ ")',
  ],
});

problemTest({
  kind,
  title: 'ON DELETE SET NULL was written: the row stays, with a copy of what it was',
  schema: LIBRARY,
  foreignKeys: [{ ...CHECKOUTS, onDelete: 'SET NULL' }],
  findings: [{ message: ONE_ORPHAN, rows: 1, repair: 'automatic' }],
  besides: ['missing-foreign-key'],
  plan: [
    'lock table "public"."users" in share row exclusive mode',
    'alter table "public"."checkouts" add constraint "checkouts_user_id_fkey" foreign key ("user_id") references "public"."users" ("id") on delete set null on update cascade not valid',
    'Quarantine and set to null: orphans of public.checkouts (user_id): 1',
    'alter table "public"."checkouts" validate constraint "checkouts_user_id_fkey"',
  ],
  end: [
    '+ public.checkouts checkouts_user_id_fkey: FOREIGN KEY (user_id) REFERENCES users(id) ON UPDATE CASCADE ON DELETE SET NULL',
    '- "public"."checkouts" (3,9,"  ""b"", \\\\ ")',
    '+ "public"."checkouts" (3,,"  ""b"", \\\\ ")',
  ],
});

const CASCADE = { ...CHECKOUTS, onDelete: 'CASCADE' } as const;
const FENCE = [
  'lock table "public"."users" in share row exclusive mode',
  'alter table "public"."checkouts" add constraint "checkouts_user_id_fkey" foreign key ("user_id") references "public"."users" ("id") on delete cascade on update cascade not valid',
];
const CLEAN = 'Quarantine and delete: orphans of public.checkouts (user_id): 1';
const PROOF = 'alter table "public"."checkouts" validate constraint "checkouts_user_id_fkey"';
const KEY =
  '+ public.checkouts checkouts_user_id_fkey: FOREIGN KEY (user_id) REFERENCES users(id) ON UPDATE CASCADE ON DELETE CASCADE';
const GONE = '- "public"."checkouts" (3,9,"  ""b"", \\\\ ")';
const ONE_REPAIRED = [{ message: ONE_ORPHAN, rows: 1, repair: 'automatic' }] as const;

problemTest({
  kind,
  title: 'what cascades behind it, and what is set to null or to a default, has a copy too',
  schema: `${LIBRARY};
    create schema "Money.";
    create table "Money."."Fi""nes" (id int primary key, checkout_id int references checkouts on delete cascade);
    create table letters (id int primary key, fine_id int references "Money."."Fi""nes" on delete set null);
    create table notes (id int primary key, checkout_id int default 1 references checkouts on delete set default);
    insert into "Money."."Fi""nes" values (1, 1), (2, 3), (3, 3);
    insert into letters values (1, 1), (2, 2);
    insert into notes values (1, 3)`,
  foreignKeys: [CASCADE],
  findings: ONE_REPAIRED,
  besides: ['missing-foreign-key'],
  plan: [...FENCE, CLEAN, PROOF],
  end: [
    KEY,
    '- "Money."."Fi""nes" (2,3)',
    '- "Money."."Fi""nes" (3,3)',
    GONE,
    '- "public"."letters" (2,2)',
    '- "public"."notes" (1,3)',
    '+ "public"."letters" (2,)',
    '+ "public"."notes" (1,1)',
  ],
});

problemTest({
  kind,
  title: 'a chain without any key: grandchildren become orphans with their parents, and go with them',
  schema: `${LIBRARY};
    create table fines (id int primary key, checkout_id int);
    insert into fines values (1, 1), (2, 3), (3, 7)`,
  foreignKeys: [
    CASCADE,
    { child: 'public.fines(checkout_id)', parent: 'public.checkouts(id)', onDelete: 'CASCADE' },
  ],
  findings: [
    ...ONE_REPAIRED,
    {
      message: '1 row of public.fines has no parent in public.checkouts (public.fines.checkout_id).',
      rows: 1,
      repair: 'automatic',
    },
  ],
  besides: ['missing-foreign-key', 'missing-foreign-key'],
  plan: [
    ...FENCE,
    'lock table "public"."checkouts" in share row exclusive mode',
    'alter table "public"."fines" add constraint "fines_checkout_id_fkey" foreign key ("checkout_id") references "public"."checkouts" ("id") on delete cascade on update no action not valid',
    CLEAN,
    'Quarantine and delete: orphans of public.fines (checkout_id): 1',
    PROOF,
    'alter table "public"."fines" validate constraint "fines_checkout_id_fkey"',
  ],
  end: [
    KEY,
    '+ public.fines fines_checkout_id_fkey: FOREIGN KEY (checkout_id) REFERENCES checkouts(id) ON DELETE CASCADE',
    GONE,
    '- "public"."fines" (2,3)',
    '- "public"."fines" (3,7)',
  ],
});

problemTest({
  kind,
  title: 'a composite key: half a key is no orphan; both columns are set to null',
  schema: `
    create schema "S.";
    create table "S."."Us""ers" (tenant int, "ID" uuid, primary key (tenant, "ID"));
    create table "S."."Cards" (no int primary key, tenant int, "User" uuid);
    insert into "S."."Us""ers" values (1, '00000000-0000-0000-0000-000000000001');
    insert into "S."."Cards" values
      (1, 1, '00000000-0000-0000-0000-000000000001'), (2, 2, '00000000-0000-0000-0000-000000000001'), (3, 2, null)`,
  foreignKeys: [
    { child: '"S.".Cards(tenant,User)', parent: '"S."."Us""ers"(tenant,ID)', onDelete: 'SET NULL' },
  ],
  options: { sampleKeys: 3 },
  findings: [
    {
      message: '1 row of "S.".Cards has no parent in "S."."Us""ers" ("S.".Cards.tenant,User).',
      rows: 1,
      sampleKeys: ['(2, 00000000-0000-0000-0000-000000000001)'],
      repair: 'automatic',
    },
  ],
  besides: ['missing-foreign-key'],
  plan: [
    'lock table "S."."Us""ers" in share row exclusive mode',
    'alter table "S."."Cards" add constraint "Cards_tenant_User_fkey" foreign key ("tenant", "User") references "S."."Us""ers" ("tenant", "ID") on delete set null on update no action not valid',
    'Quarantine and set to null: orphans of "S.".Cards (tenant, User): 1',
    'alter table "S."."Cards" validate constraint "Cards_tenant_User_fkey"',
  ],
  end: [
    '+ "S."."Cards" "Cards_tenant_User_fkey": FOREIGN KEY (tenant, "User") REFERENCES "S."."Us""ers"(tenant, "ID") ON DELETE SET NULL',
    '- "S."."Cards" (2,2,00000000-0000-0000-0000-000000000001)',
    '+ "S."."Cards" (2,,)',
  ],
});

/** Each option lifts a refusal that `orphaned-rows/refusals.test.ts` shows; the end is the same. */
const lifting: readonly [title: string, options: FkGuardOptions, more: string, onDelete?: 'CASCADE'][] = [
  ["orphans: 'delete'", { orphans: 'delete', onDelete: 'CASCADE' }, ''],
  [
    'disposable rows',
    { onDelete: 'CASCADE', relations: { 'public.checkouts.user_id': { disposable: true } } },
    '',
  ],
  ['an action from the options', { relations: { 'public.checkouts.user_id': { onDelete: 'CASCADE' } } }, ''],
  [
    'a parent without any row, and limits: { fraction: 1 }',
    { limits: { fraction: 1 } },
    'delete from users; delete from checkouts where id = 1',
    'CASCADE',
  ],
  [
    'a polymorphic sibling, and a word about this relation',
    { relations: { 'public.checkouts.user_id': { orphans: 'delete' } } },
    'alter table checkouts rename note to user_type',
    'CASCADE',
  ],
];
for (const [title, options, more, onDelete] of lifting)
  problemTest({
    kind,
    title: `allowed: ${title}`,
    schema: `${LIBRARY}; ${more}`,
    foreignKeys: [{ ...CHECKOUTS, ...(onDelete && { onDelete }) }],
    options,
    findings: ONE_REPAIRED,
    besides: ['missing-foreign-key'],
    plan: [...FENCE, CLEAN, PROOF],
    end: [KEY, GONE],
  });

problemTest({
  kind,
  title: 'allowed: as many rows as limits: { rows } says',
  schema: `${LIBRARY}; delete from checkouts; insert into checkouts select i, 9 from generate_series(1, 12) i`,
  foreignKeys: [CASCADE],
  options: { limits: { rows: 12 } },
  findings: [
    {
      message: ONE_ORPHAN.replace('1 row of public.checkouts has', '12 rows of public.checkouts have'),
      rows: 12,
      repair: 'automatic',
    },
  ],
  besides: ['missing-foreign-key'],
  plan: [...FENCE, CLEAN.replace(': 1', ': 12'), PROOF],
  end: [KEY, ...Array.from({ length: 12 }, (_, i) => `- "public"."checkouts" (${i + 1},9,)`).toSorted()],
});

problemTest({
  kind,
  title: 'allowed: a trigger that is named; it does its work',
  schema: `${LIBRARY};
    create table gone (id int);
    create function note() returns trigger language plpgsql as 'begin insert into gone values (old.id); return old; end';
    create trigger noted before delete on checkouts for each row execute function note()`,
  foreignKeys: [CASCADE],
  options: { triggers: ['public.checkouts.noted'] },
  findings: ONE_REPAIRED,
  besides: ['missing-foreign-key'],
  plan: [...FENCE, CLEAN, PROOF],
  end: [KEY, GONE, '+ "public"."gone" (3)'],
  written: ['+ "public"."gone" (3)'],
});

const FENCED = `${KEY} NOT VALID`;
const stopped = (error: string): readonly string[] => [
  'done: Fence: add checkouts_user_id_fkey to public.checkouts, ON DELETE CASCADE, NOT VALID',
  `refused: Quarantine and delete: orphans of public.checkouts (user_id): ${error}`,
  'skipped: Validate checkouts_user_id_fkey of public.checkouts',
];

/** What only shows while rows are being removed. The fence stands, and not one row is gone. */
const stops: readonly [title: string, more: string, error: string][] = [
  [
    'a key below, without an action, holds an orphan fast',
    `create table fines (id int primary key, checkout_id int constraint fines_fk references checkouts); insert into fines values (1, 3)`,
    'CASCADE_BLOCKED: 1 row points at orphans of public.checkouts through fines_fk; the batch was rolled back.',
  ],
  [
    'a cascade would take too many rows of another table',
    `create table fines (id int primary key, checkout_id int references checkouts on delete cascade);
     insert into fines select i, 3 from generate_series(1, 11) i`,
    'LIMIT: 11 of the 11 rows of public.fines would go, more than 10 and more than 20 % of it.',
  ],
  [
    'an allowed trigger keeps the row',
    `create function note() returns trigger language plpgsql as 'begin return null; end';
     create trigger noted before delete on checkouts for each row execute function note()`,
    'TRIGGER_VETO: 1 row of public.checkouts was kept by a trigger or rule; the batch was rolled back.',
  ],
];
for (const [title, more, error] of stops)
  problemTest({
    kind,
    title,
    schema: `${LIBRARY}; ${more}`,
    foreignKeys: [CASCADE],
    options: { triggers: ['public.checkouts.noted'] },
    findings: ONE_REPAIRED,
    besides: ['missing-foreign-key'],
    plan: [...FENCE, CLEAN, PROOF],
    results: stopped(error),
    status: 'refused',
    end: [FENCED],
  });

problemTest({
  kind,
  title: 'silence: nulls, half keys, and parents that only a key can tell to be equal',
  schema: `
    create table users (id numeric primary key);
    create table checkouts (id int primary key, user_id int references users on delete cascade);
    insert into users values (1.0);
    insert into checkouts values (1, 1), (2, null)`,
  foreignKeys: [{ ...CHECKOUTS, onUpdate: 'NO ACTION', onDelete: 'CASCADE' }],
  options: { scan: 'all' },
  findings: [],
});

problemTest({
  kind,
  title: 'silence: children of parents that are only marked as deleted (paranoid), which are still there',
  schema: `
    create table "Users" (id int primary key, "createdAt" timestamptz, "updatedAt" timestamptz, "deletedAt" timestamptz);
    create table "Checkouts" (id int primary key, "userId" int);
    insert into "Users" values (1, '2026-01-01', '2026-01-01', '2026-02-01'), (2, '2026-01-01', '2026-01-01', null);
    insert into "Checkouts" values (1, 1), (2, 2), (3, 1)`,
  models(sequelize) {
    const user = sequelize.define('User', {}, { paranoid: true, timestamps: true });
    user.hasMany(sequelize.define('Checkout', {}), { foreignKey: 'userId', onDelete: 'CASCADE' });
  },
  options: { orphans: 'delete', limits: { rows: 1000, fraction: 1 } },
  findings: [],
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
