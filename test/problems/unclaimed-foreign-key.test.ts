import { problemTest } from '../problem-tester';

const kind = 'unclaimed-foreign-key';

const LIBRARY = `
  create schema "Back.office";
  create table users (id int primary key);
  create table "Back.office"."Staff" (tenant int, id int, primary key (tenant, id));
  create table checkouts (id int primary key, user_id int references users on delete cascade, tenant int, staff int,
    constraint "by ""whom""?" foreign key (tenant, staff) references "Back.office"."Staff" on delete set null)`;
const CHECKOUTS = {
  child: 'public.checkouts(user_id)',
  parent: 'public.users(id)',
  onDelete: 'CASCADE',
} as const;

problemTest({
  kind,
  title: 'a composite key to a table of another schema',
  schema: LIBRARY,
  foreignKeys: [CHECKOUTS],
  findings: [
    {
      severity: 'info',
      message:
        'No model declares the foreign key "by "whom"?" of public.checkouts (tenant, staff) to "Back.office".Staff; ON DELETE SET NULL.',
      why: 'It acts on deletes although no model mentions it. It may be right, and then a model should say so.',
      help: 'Declare the association, or drop the key in a migration. The guard leaves it alone.',
      constraint: 'by "whom"?',
      repair: 'manual',
    },
  ],
});

problemTest({
  kind,
  title: 'silence: a key between tables that no model is stored in',
  schema: `${LIBRARY};
    alter table checkouts drop constraint "by ""whom""?";
    create table audit (id int primary key, user_id int references users, checkout_id int references checkouts)`,
  foreignKeys: [CHECKOUTS],
  findings: [],
});
