import { problemTest } from '../problem-tester';

const kind = 'wrong-target';

/** Checkouts point at customers 1 and 2; the models say people. */
const library = (people: string): string => `
  create table customers (id int primary key, number int unique);
  create table people (id int primary key);
  create table checkouts (id int primary key, user_id int constraint checkouts_fk references customers on delete cascade);
  insert into customers values (1, 2), (2, 1);
  insert into people values ${people};
  insert into checkouts values (1, 1), (2, 2), (3, null)`;
const CHECKOUTS = { child: 'public.checkouts(user_id)', parent: 'public.people(id)' } as const;
const TO_PEOPLE =
  'The foreign key "checkouts_fk" of public.checkouts.user_id points at public.customers (id); the models say public.people (id).';

problemTest({
  kind,
  title: 'every row has a parent there too: the key is swapped, and keeps the action that nobody wrote',
  schema: library('(1), (2)'),
  foreignKeys: [CHECKOUTS],
  findings: [
    {
      severity: 'error',
      message: TO_PEOPLE,
      why: 'The key in the database points at another table or column than the models say, so one of the two is wrong about what the rows mean.',
      help: 'The key is swapped when every row has a parent there too. Otherwise nothing is changed: correct the model or the rows.',
      constraint: 'checkouts_fk',
      repair: 'automatic',
    },
  ],
  plan: [
    'lock table "public"."customers", "public"."people" in access exclusive mode',
    'alter table "public"."checkouts" drop constraint "checkouts_fk", add constraint "checkouts_fk" foreign key ("user_id") references "public"."people" ("id") on delete cascade on update no action not valid',
    'alter table "public"."checkouts" validate constraint "checkouts_fk"',
  ],
  end: [
    '- public.checkouts checkouts_fk: FOREIGN KEY (user_id) REFERENCES customers(id) ON DELETE CASCADE',
    '+ public.checkouts checkouts_fk: FOREIGN KEY (user_id) REFERENCES people(id) ON DELETE CASCADE',
  ],
});

problemTest({
  kind,
  title: 'another column of the same table, by two keys of which one is NOT VALID',
  schema: `${library('(1)')};
    alter table checkouts add constraint "again." foreign key (user_id) references customers (id) not valid`,
  foreignKeys: [
    { child: 'public.checkouts(user_id)', parent: 'public.customers(number)', onDelete: 'SET NULL' },
  ],
  findings: [
    {
      message:
        'The foreign key "checkouts_fk" of public.checkouts.user_id points at public.customers (id); the models say public.customers (number).',
      repair: 'automatic',
    },
  ],
  plan: [
    'lock table "public"."customers" in access exclusive mode',
    'alter table "public"."checkouts" drop constraint "checkouts_fk", drop constraint "again.", add constraint "checkouts_fk" foreign key ("user_id") references "public"."customers" ("number") on delete set null on update no action not valid',
    'alter table "public"."checkouts" validate constraint "checkouts_fk"',
  ],
  end: [
    '- public.checkouts "again.": FOREIGN KEY (user_id) REFERENCES customers(id) NOT VALID',
    '- public.checkouts checkouts_fk: FOREIGN KEY (user_id) REFERENCES customers(id) ON DELETE CASCADE',
    '+ public.checkouts checkouts_fk: FOREIGN KEY (user_id) REFERENCES customers(number) ON DELETE SET NULL',
  ],
});

problemTest({
  kind,
  title:
    'rows that have their parent only where the key points are never called orphans, whatever the options say',
  schema: library('(1), (3)'),
  foreignKeys: [{ ...CHECKOUTS, onDelete: 'CASCADE' }],
  options: { orphans: 'delete', limits: { rows: 1000, fraction: 1 } },
  findings: [
    {
      message: TO_PEOPLE,
      rows: 1,
      repair: 'refused',
      refusal: 'ROWS_OF_OTHER_TARGET: 1 row has no parent in public.people',
    },
  ],
});

problemTest({
  kind,
  title: 'sample keys on request: those of the rows that have no parent where the models say',
  schema: `${library('(7)')}; insert into checkouts values (4, 2)`,
  foreignKeys: [CHECKOUTS],
  options: { sampleKeys: 5 },
  findings: [
    {
      message: TO_PEOPLE,
      rows: 3,
      sampleKeys: ['1', '2'],
      repair: 'refused',
      refusal: 'ROWS_OF_OTHER_TARGET: 3 rows have no parent in public.people',
    },
  ],
});

problemTest({
  kind,
  title: 'a parent whose key is of another type cannot be compared',
  schema: `
    create table customers (id uuid primary key);
    create table people (id int primary key);
    create table checkouts (id int primary key, user_id uuid constraint checkouts_fk references customers)`,
  foreignKeys: [CHECKOUTS],
  findings: [
    {
      message: TO_PEOPLE,
      repair: 'refused',
      refusal: 'NOT_MEASURED: the rows could not be looked at (type-mismatch)',
    },
  ],
  besides: ['type-mismatch'],
});

problemTest({
  kind,
  title: 'silence: a composite key whose columns stand in another order',
  schema: `
    create schema "S";
    create table "S"."Parent" (a int, b int, primary key (a, b));
    create table "S"."Child" (id int primary key, x int, y int, foreign key (y, x) references "S"."Parent" (b, a))`,
  foreignKeys: [{ child: 'S.Child(x,y)', parent: 'S.Parent(a,b)' }],
  findings: [],
});

problemTest({
  kind,
  title: 'the same columns, crossed',
  schema: `
    create schema "S";
    create table "S"."Parent" (a int, b int, primary key (a, b));
    create table "S"."Child" (id int primary key, x int, y int,
      constraint "crossed!" foreign key (y, x) references "S"."Parent" (a, b));
    insert into "S"."Parent" values (1, 2), (2, 1);
    insert into "S"."Child" values (1, 1, 2)`,
  foreignKeys: [{ child: 'S.Child(x,y)', parent: 'S.Parent(a,b)' }],
  findings: [
    {
      message:
        'The foreign key "crossed!" of S.Child.x,y points at S.Parent (b, a); the models say S.Parent (a, b).',
      repair: 'automatic',
    },
  ],
  plan: [
    'lock table "S"."Parent" in access exclusive mode',
    'alter table "S"."Child" drop constraint "crossed!", add constraint "crossed!" foreign key ("x", "y") references "S"."Parent" ("a", "b") on delete no action on update no action not valid',
    'alter table "S"."Child" validate constraint "crossed!"',
  ],
  end: [
    '- "S"."Child" "crossed!": FOREIGN KEY (y, x) REFERENCES "S"."Parent"(a, b)',
    '+ "S"."Child" "crossed!": FOREIGN KEY (x, y) REFERENCES "S"."Parent"(a, b)',
  ],
});
