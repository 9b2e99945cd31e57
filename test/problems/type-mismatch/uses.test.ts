import { problemTest } from '../../problem-tester';

/** What rests on a column: some of it follows to another type, some would be lost or would stop the statement. */
const kind = 'type-mismatch';
const tables = (column: string): string => `
  create table parent (id int primary key);
  create table child (id int primary key, parent_id ${column});
  insert into parent values (7);
  insert into child values (1, '7')`;
const CHILD = { child: 'public.child(parent_id)', parent: 'public.parent(id)', type: 'integer' } as const;
const told = (from: string): string =>
  `Key columns "parent_id" of public.child and "id" of public.parent are of incompatible types: ${from} and integer. public.child.parent_id is declared as integer.`;
const inUse = (by: string): string =>
  `COLUMN_IN_USE: the type of parent_id cannot be changed (0A000) while it is used by ${by}; drop that, and make it again afterwards`;

const left: readonly [title: string, schema: string, refusal: string][] = [
  [
    'an index under a collation of its own, which the new type has not',
    `${tables('text')}; create index own on child (parent_id collate "C")`,
    inUse('index public.own'),
  ],
  [
    'an index of a method that may not know the new type',
    `${tables('text')}; create index own on child using spgist (parent_id)`,
    inUse('index public.own'),
  ],
  [
    'a column that is computed from it',
    `${tables('text')}; alter table child add twice text generated always as (parent_id || parent_id) stored`,
    inUse('column twice of table public.child'),
  ],
  [
    'statistics over several columns',
    `${tables('text')}; create statistics own on id, parent_id from child`,
    inUse('statistics object public.own'),
  ],
  [
    'a table of a type',
    `create type shape as (id int, parent_id text);
     ${tables('text').replace('create table child (id int primary key, parent_id text)', 'create table child of shape')}`,
    inUse('the type public.shape of its table'),
  ],
  [
    'rows of the table as values of another one, through a domain',
    `${tables('text')}; create domain whole as child; create table copies (kept whole); insert into copies values (row(1, '7'))`,
    inUse('column kept of public.copies'),
  ],
  [
    'a publication of the table',
    `${tables('text')}; create publication news for table child`,
    'PUBLISHED: public.child is published by news: its subscribers would keep the old type and stop at the first new value; write a migration that changes both sides',
  ],
  [
    'a publication of all tables',
    `${tables('text')}; create publication news for all tables`,
    'PUBLISHED: public.child is published by news: its subscribers would keep the old type and stop at the first new value; write a migration that changes both sides',
  ],
];
for (const [title, schema, refusal] of left)
  for (const rewriteRows of [1, 0])
    problemTest({
      kind,
      title: `${title}${rewriteRows === 0 ? ', of a large table' : ''}: left`,
      schema,
      foreignKeys: [CHILD],
      options: { limits: { rewriteRows } },
      besides: ['missing-foreign-key'],
      findings: [{ message: told('text'), repair: 'refused', refusal }],
    });

const plan = (...alter: readonly string[]): readonly string[] => [
  'lock table "public"."child" in access exclusive mode',
  `alter table "public"."child" ${alter.join(', ')}`,
  'analyze "public"."child" ("parent_id")',
  'lock table "public"."parent" in share row exclusive mode',
  'alter table "public"."child" add constraint "child_parent_id_fkey" foreign key ("parent_id") references "public"."parent" ("id") on delete no action on update no action not valid',
  'alter table "public"."child" validate constraint "child_parent_id_fkey"',
];
const KEPT = '+ public.child child_parent_id_fkey: FOREIGN KEY (parent_id) REFERENCES parent(id)';

problemTest({
  kind,
  title: 'a default of null, which PostgreSQL keeps for a type with a length, goes with the type',
  schema: tables('varchar(36) default null'),
  foreignKeys: [CHILD],
  besides: ['missing-foreign-key'],
  findings: [{ message: told('character varying(36)'), repair: 'automatic' }],
  plan: plan(
    'alter column "parent_id" drop default',
    'alter column "parent_id" type integer using "parent_id"::integer',
  ),
  end: [
    '- public.child parent_id character varying(36) default NULL::character varying',
    '+ public.child parent_id integer',
    KEPT,
  ],
});
