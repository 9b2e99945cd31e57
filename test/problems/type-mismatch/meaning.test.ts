import { problemTest, type ProblemCase } from '../../problem-tester';

/** Values that every cast takes, and that would not mean the same afterwards. */
const kind = 'type-mismatch';
const tables = (type: string, parentType: string, values: string, parents: string): string => `
  create table parent (id ${parentType} primary key);
  create table child (id int primary key, parent_id ${type});
  insert into parent values ${parents};
  insert into child values ${values}`;
const CHILD = { child: 'public.child(parent_id)', parent: 'public.parent(id)', onDelete: 'CASCADE' } as const;
const told = (from: string, to: string): string =>
  `Key columns "parent_id" of public.child and "id" of public.parent are of incompatible types: ${from} and ${to}. public.child.parent_id is declared as ${to}.`;
const UUID = '6A1F7B0C-0000-4000-8000-00000000000A';

/** By their value these rows have a parent; taken for orphans, they would go. */
const otherwise: readonly [title: string, from: string, child: string, parents: string][] = [
  ['a uuid that its parent writes in capitals', 'uuid', `'${UUID}'`, `('${UUID}')`],
  ['a uuid that its parent writes without hyphens', 'uuid', `'${UUID}'`, `('${UUID.replaceAll('-', '')}')`],
  ['a number that its parent writes with leading zeros', 'integer', '7', `('007')`],
  ['a number that its parent writes with a blank', 'bigint', '7', `('7 ')`],
  ['a numeric whose scale shows in its text', 'numeric', '7.00', `('7')`],
];
for (const [title, from, child, parents] of otherwise)
  problemTest({
    kind,
    title,
    schema: tables(from, 'text', `(1, ${child})`, parents),
    foreignKeys: [{ ...CHILD, type: 'text' }],
    besides: ['orphaned-rows', 'missing-foreign-key'],
    findings: [
      {
        message: told(from, 'text'),
        repair: 'refused',
        refusal: `WRITTEN_OTHERWISE: 1 row of public.child would lose its parent: public.parent writes the same value in another way, such as 007 for 7 or a uuid in capitals → relations: { 'public.child.parent_id': { remap: { using: 'select old, new …' } } }`,
      },
    ],
  });

problemTest({
  kind,
  title: 'the same in one column of a composite key, under another tenant it is an orphan like any other',
  schema: `
    create table parent (tenant int, id text, primary key (tenant, id));
    create table child (id int primary key, tenant int, parent_id int);
    insert into parent values (1, '007'), (2, '8');
    insert into child values (1, 1, 7), (2, 2, 7)`,
  foreignKeys: [
    {
      child: 'public.child(tenant, parent_id)',
      parent: 'public.parent(tenant, id)',
      type: ['integer', 'text'],
    },
  ],
  besides: ['orphaned-rows', 'missing-foreign-key'],
  findings: [
    {
      message:
        'Key columns "parent_id" of public.child and "id" of public.parent are of incompatible types: integer and text. public.child.tenant,parent_id is declared as text.',
      repair: 'refused',
      refusal: `WRITTEN_OTHERWISE: 1 row of public.child would lose its parent: public.parent writes the same value in another way, such as 007 for 7 or a uuid in capitals → relations: { 'public.child.tenant,parent_id': { remap: { using: 'select old, new …' } } }`,
    },
  ],
});

const LOCK = 'lock table "public"."child" in access exclusive mode';
problemTest({
  kind,
  title: 'a remap says how the parents write it',
  schema: tables('integer', 'text', '(1, 7)', `('007')`),
  foreignKeys: [{ ...CHILD, type: 'text' }],
  options: {
    relations: {
      'public.child.parent_id': { remap: { using: 'select id::int, id from public.parent' } },
    },
  },
  besides: ['missing-foreign-key'],
  findings: [{ message: told('integer', 'text'), repair: 'automatic' }],
  plan: [
    LOCK,
    `create temporary table "fk_guard_remap" on commit drop as select r.old, r.new::pg_catalog.text as new from (
  select m.old::pg_catalog.text as old, m.new::pg_catalog.text as new
    from ((select id::int, id from public.parent
) union all select null, null) as m(old, new)
   where m.old is not null or m.new is not null) as r`,
    'create unique index on pg_temp."fk_guard_remap" (old)',
    `create function pg_temp."fk_guard_remapped"(pg_catalog.text) returns pg_catalog.text language sql stable as 'select m.new from pg_temp."fk_guard_remap" m where m.old operator(pg_catalog.=) $1'`,
    'alter table "public"."child" alter column "parent_id" type pg_catalog.text using coalesce(pg_temp."fk_guard_remapped"("parent_id"::pg_catalog.text), case when true then "parent_id"::pg_catalog.text end)',
    'analyze "public"."child" ("parent_id")',
    'drop function pg_temp."fk_guard_remapped"(pg_catalog.text)',
    'lock table "public"."parent" in share row exclusive mode',
    'alter table "public"."child" add constraint "child_parent_id_fkey" foreign key ("parent_id") references "public"."parent" ("id") on delete cascade on update no action not valid',
    'alter table "public"."child" validate constraint "child_parent_id_fkey"',
  ],
  end: [
    '- public.child parent_id integer',
    '+ public.child parent_id text',
    '+ public.child child_parent_id_fkey: FOREIGN KEY (parent_id) REFERENCES parent(id) ON DELETE CASCADE',
    '- "public"."child" (1,7)',
    '+ "public"."child" (1,007)',
  ],
  beforeRestore: `alter table child alter parent_id type integer using null`,
});

const unique: readonly [title: string, index: string, options?: ProblemCase['options']][] = [
  ['a unique index', 'create unique index one on child (parent_id)'],
  [
    'a unique index of a large table',
    'create unique index one on child (parent_id)',
    { limits: { rewriteRows: 1 } },
  ],
  [
    'a primary key',
    'alter table child drop constraint child_pkey, add constraint one primary key (parent_id, state)',
  ],
];
for (const [title, index, options] of unique)
  problemTest({
    kind,
    title: `${title} would hold a value twice`,
    schema: `${tables('text', 'integer', `(1, '7'), (2, '007')`, '(7)')};
      alter table child add state int not null default 0; ${index}`,
    foreignKeys: [{ ...CHILD, type: 'integer' }],
    ...(options && { options }),
    besides: ['missing-foreign-key'],
    findings: [
      {
        message: told('text', 'integer'),
        repair: 'refused',
        refusal:
          'DUPLICATE_VALUES: values that differ as text are the same as integer, and the index one of public.child is unique',
      },
    ],
  });
