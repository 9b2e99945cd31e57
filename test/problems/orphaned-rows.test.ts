import { problemTest } from '../problem-tester';

const kind = 'orphaned-rows';

/** Checkout 3 belongs to a user that is gone, and so does nothing else. */
const LIBRARY = `
  create table users (id int primary key);
  create table checkouts (id int primary key, user_id int, note text);
  insert into users values (1), (2);
  insert into checkouts values (1, 1, 'a'), (2, null, null), (3, 9, '  "b", \\ ')`;
const CHECKOUTS = { child: 'public.checkouts(user_id)', parent: 'public.users(id)', onUpdate: 'CASCADE' } as const;
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
