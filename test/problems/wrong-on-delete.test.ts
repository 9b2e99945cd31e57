import { problemTest } from '../problem-tester';

const kind = 'wrong-on-delete';

problemTest({
  kind,
  title: 'NO ACTION where the models say CASCADE',
  schema: `
    create table "Users" (id int primary key);
    create table "Checkouts" (id int primary key, "userId" int not null constraint "Checkouts_userId_fkey" references "Users");
    insert into "Users" values (1), (2);
    insert into "Checkouts" values (1, 1), (2, 2)`,
  foreignKeys: [{ child: 'public.Checkouts(userId)', parent: 'public.Users(id)', onDelete: 'CASCADE', onUpdate: 'CASCADE' }],
  findings: [
    {
      message: 'The foreign key "Checkouts_userId_fkey" of public.Checkouts.userId says ON DELETE NO ACTION; the models say CASCADE.',
      repair: 'automatic',
    },
  ],
  besides: ['wrong-on-update'],
  plan: [
    'lock table "public"."Users" in access exclusive mode',
    'alter table "public"."Checkouts" drop constraint "Checkouts_userId_fkey", add constraint "Checkouts_userId_fkey" foreign key ("userId") references "public"."Users" ("id") on delete cascade on update cascade not valid',
    'alter table "public"."Checkouts" validate constraint "Checkouts_userId_fkey"',
  ],
  end: [
    '- public."Checkouts" "Checkouts_userId_fkey": FOREIGN KEY ("userId") REFERENCES "Users"(id)',
    '+ public."Checkouts" "Checkouts_userId_fkey": FOREIGN KEY ("userId") REFERENCES "Users"(id) ON UPDATE CASCADE ON DELETE CASCADE',
  ],
});
