import { problemTest } from '../../problem-tester';

const kind = 'type-mismatch';
const UUID = '6a1f7b0c-0000-4000-8000-000000000001';

/** Keys declared by hand; the declaration says the type. */
const declared = (type: string, parentType: string, values: string, parents: string): string => `
  create table parent (id ${parentType} primary key);
  create table child (id int primary key, parent_id ${type});
  insert into parent values ${parents};
  insert into child values ${values}`;
const CHILD = { child: 'public.child(parent_id)', parent: 'public.parent(id)' } as const;
const told = (from: string, to: string, word = to): string =>
  `Key columns "parent_id" of public.child and "id" of public.parent are of incompatible types: ${from} and ${to}. public.child.parent_id is declared as ${word}.`;
const key = (action = 'no action'): readonly string[] => [
  'lock table "public"."parent" in share row exclusive mode',
  `alter table "public"."child" add constraint "child_parent_id_fkey" foreign key ("parent_id") references "public"."parent" ("id") on delete ${action} on update no action not valid`,
  'alter table "public"."child" validate constraint "child_parent_id_fkey"',
];
const ANALYZE = 'analyze "public"."child" ("parent_id")';
const LOCK = 'lock table "public"."child" in access exclusive mode';
const KEPT = '+ public.child child_parent_id_fkey: FOREIGN KEY (parent_id) REFERENCES parent(id)';

problemTest({
  kind,
  title:
    'numbers in a text column: converted, those that change their form are copied, orphans go as the policy says',
  schema: `${declared("text not null default '7'", 'int', `(1, '7'), (2, '007'), (3, '+8'), (4, '9')`, '(7), (8)')};
    create index child_parent on child (parent_id, id)`,
  foreignKeys: [{ ...CHILD, onDelete: 'CASCADE', type: 'int' }],
  findings: [{ message: told('text', 'integer', 'int'), repair: 'automatic' }],
  besides: ['orphaned-rows', 'missing-foreign-key'],
  plan: [
    LOCK,
    `alter table "public"."child" alter column "parent_id" drop default, alter column "parent_id" type integer using "parent_id"::integer, alter column "parent_id" set default '7'`,
    ANALYZE,
    ...key('cascade').slice(0, 2),
    'Quarantine and delete: orphans of public.child (parent_id): 1',
    ...key('cascade').slice(2),
  ],
  end: [
    `- public.child parent_id text not null default '7'::text`,
    `+ public.child parent_id integer not null default 7`,
    `${KEPT} ON DELETE CASCADE`,
    '- "public"."child" (2,007)',
    '- "public"."child" (3,+8)',
    '- "public"."child" (4,9)',
    '+ "public"."child" (2,7)',
    '+ "public"."child" (3,8)',
  ],
  beforeRestore: `alter table child alter parent_id drop default; alter table child alter parent_id type text`,
});

problemTest({
  kind,
  title:
    'a table above the limit: by a second column, with its index, NOT NULL, default, comment and privileges',
  schema: `${declared("text not null default '7'", 'int', `(1, '7'), (2, '007'), (3, '8')`, '(7), (8)')};
    create index child_parent on child (parent_id, id);
    comment on column child.parent_id is 'whose it is';
    grant select (parent_id) on child to public`,
  foreignKeys: [{ ...CHILD, type: 'int' }],
  options: { limits: { rewriteRows: 2 } },
  findings: [{ message: told('text', 'integer', 'int'), repair: 'automatic' }],
  besides: ['missing-foreign-key'],
  plan: [
    'create schema if not exists "fk_guard"',
    'alter table "public"."child" add column "parent_id_fk_guard" integer',
    `comment on column "public"."child"."parent_id_fk_guard" is 'fk-guard: takes the place of "parent_id" as integer when it is filled'`,
    `create function "fk_guard"."public_child_parent_id_convert"() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as 'begin new."parent_id_fk_guard" := case when case when (new."parent_id"::pg_catalog.text collate pg_catalog."C") operator(pg_catalog.~) ''^[-+]?[0-9]{1,40}$'' then new."parent_id"::pg_catalog.text::numeric operator(pg_catalog.>=) (-2147483648) and new."parent_id"::pg_catalog.text::numeric operator(pg_catalog.<=) 2147483647 else false end then new."parent_id"::integer end; return new; end'`,
    'create trigger "zzz_parent_id_fk_guard" before insert or update on "public"."child" for each row when (new."parent_id_fk_guard" is null or new."parent_id_fk_guard" is not null) execute function "fk_guard"."public_child_parent_id_convert"()',
    'Fill parent_id_fk_guard of public.child in batches: 0',
    'create index concurrently "child_parent_fk_guard" on "public"."child" using "btree" ("parent_id_fk_guard", "id")',
    'create index concurrently "child_parent_id_fk_guard_changed" on "public"."child" using "btree" ("parent_id_fk_guard") where ("parent_id"::pg_catalog.text collate pg_catalog."C" is distinct from "parent_id_fk_guard"::pg_catalog.text collate pg_catalog."C")',
    'alter table "public"."child" add constraint "child_parent_id_fk_guard_check" check ("parent_id_fk_guard" is not null) not valid',
    'alter table "public"."child" validate constraint "child_parent_id_fk_guard_check"',
    'lock table "public"."child" in access exclusive mode',
    'drop trigger "zzz_parent_id_fk_guard" on "public"."child"',
    'alter table "public"."child" drop column "parent_id"',
    'alter table "public"."child" rename column "parent_id_fk_guard" to "parent_id"',
    'alter table "public"."child" alter column "parent_id" set not null',
    'alter table "public"."child" drop constraint "child_parent_id_fk_guard_check"',
    `alter table "public"."child" alter column "parent_id" set default '7'`,
    `comment on column "public"."child"."parent_id" is 'whose it is'`,
    'grant select ("parent_id") on "public"."child" to public',
    'alter index "public"."child_parent_fk_guard" rename to "child_parent"',
    'drop function "fk_guard"."public_child_parent_id_convert"()',
    ...key(),
  ],
  end: [
    `- public.child parent_id text not null default '7'::text`,
    `+ public.child parent_id integer not null default 7`,
    KEPT,
    '- "public"."child" (2,007)',
    '+ "public"."child" (2,7)',
  ],
  beforeRestore: `alter table child alter parent_id drop default; alter table child alter parent_id type text`,
});

problemTest({
  kind,
  title:
    'uuids in a text column, under hostile names: those in capitals or without hyphens change their form',
  schema: `
    create schema "S.1";
    create table "S.1"."Par""ent" (id uuid primary key);
    create table "S.1"."Chi'ld" (id int primary key, "uüser id" character(36), unique ("uüser id"));
    insert into "S.1"."Par""ent" values ('6a1f7b0c-0000-4000-8000-00000000000a'), ('6a1f7b0c-0000-4000-8000-00000000000b');
    insert into "S.1"."Chi'ld" values
      (1, '6a1f7b0c-0000-4000-8000-00000000000a'), (2, '6A1F7B0C-0000-4000-8000-00000000000B'), (3, null)`,
  foreignKeys: [
    {
      child: `S.1."Chi'ld"("uüser id")`.replace('S.1', '"S.1"'),
      parent: `"S.1"."Par""ent"(id)`,
      type: 'UUID',
    },
  ],
  findings: [
    {
      message:
        'Key columns "uüser id" of "S.1".Chi\'ld and "id" of "S.1"."Par""ent" are of incompatible types: character(36) and uuid. "S.1".Chi\'ld.uüser id is declared as UUID.',
      repair: 'automatic',
    },
  ],
  besides: ['missing-foreign-key'],
  plan: [
    `lock table "S.1"."Chi'ld" in access exclusive mode`,
    `alter table "S.1"."Chi'ld" alter column "uüser id" type pg_catalog.uuid using "uüser id"::pg_catalog.text::pg_catalog.uuid`,
    `analyze "S.1"."Chi'ld" ("uüser id")`,
    'lock table "S.1"."Par""ent" in share row exclusive mode',
    `alter table "S.1"."Chi'ld" add constraint "Chi'ld_uüser id_fkey" foreign key ("uüser id") references "S.1"."Par""ent" ("id") on delete no action on update no action not valid`,
    `alter table "S.1"."Chi'ld" validate constraint "Chi'ld_uüser id_fkey"`,
  ],
  end: [
    `- "S.1"."Chi'ld" "uüser id" character(36)`,
    `+ "S.1"."Chi'ld" "uüser id" uuid`,
    `+ "S.1"."Chi'ld" "Chi'ld_uüser id_fkey": FOREIGN KEY ("uüser id") REFERENCES "S.1"."Par""ent"(id)`,
    `- "S.1"."Chi'ld" (2,6A1F7B0C-0000-4000-8000-00000000000B)`,
    `+ "S.1"."Chi'ld" (2,6a1f7b0c-0000-4000-8000-00000000000b)`,
  ],
  beforeRestore: `alter table "S.1"."Chi'ld" alter "uüser id" type character(36)`,
});

const pairs: readonly [
  from: string,
  to: string,
  using: string,
  child: string,
  parents: string,
  kept?: boolean,
][] = [
  ['integer', 'character varying(2)', '"parent_id"::character varying(2)', '12', `('12')`],
  ['integer', 'text', '"parent_id"::pg_catalog.text', '12', `('12')`],
  ['uuid', 'character varying', '"parent_id"::character varying', `'${UUID}'`, `('${UUID}')`],
  ['numeric', 'bigint', '"parent_id"::bigint', '12', '(12)'],
  ['text', 'numeric(4,1)', '"parent_id"::numeric(4, 1)', `'12.5'`, '(12.5)'],
];
for (const [from, to, using, child, parents] of pairs)
  problemTest({
    kind,
    title: `${from} becomes ${to}, and no value changes its form`,
    schema: declared(from, to, `(1, ${child}), (2, null)`, parents),
    foreignKeys: [{ ...CHILD, type: to }],
    findings: [{ message: told(from, to), repair: 'automatic' }],
    besides: ['missing-foreign-key'],
    plan: [
      LOCK,
      `alter table "public"."child" alter column "parent_id" type ${to.replace('text', 'pg_catalog.text').replace(',', ', ')} using ${using}`,
      ANALYZE,
      ...key(),
    ],
    end: [`- public.child parent_id ${from}`, `+ public.child parent_id ${to}`, KEPT],
  });

problemTest({
  kind,
  title: 'a text key keeps the collation that its parent is compared under',
  schema: declared('integer', 'text collate "C"', '(1, 12)', `('12')`),
  foreignKeys: [{ ...CHILD, type: 'text' }],
  findings: [{ message: told('integer', 'text'), repair: 'automatic' }],
  besides: ['missing-foreign-key'],
  plan: [
    LOCK,
    'alter table "public"."child" alter column "parent_id" type pg_catalog.text collate "pg_catalog"."C" using "parent_id"::pg_catalog.text',
    ANALYZE,
    ...key(),
  ],
  end: ['- public.child parent_id integer', '+ public.child parent_id text', KEPT],
});

problemTest({
  kind,
  title: 'one column of a composite key',
  schema: `
    create table parent (tenant int, id int, primary key (tenant, id));
    create table child (id int primary key, tenant int, parent_id text);
    insert into parent values (1, 7), (1, 8);
    insert into child values (1, 1, '7'), (2, 1, '08'), (3, null, '9')`,
  foreignKeys: [
    {
      child: 'public.child(tenant, parent_id)',
      parent: 'public.parent(tenant, id)',
      type: ['integer', 'integer'],
    },
  ],
  findings: [
    {
      message:
        'Key columns "parent_id" of public.child and "id" of public.parent are of incompatible types: text and integer. public.child.tenant,parent_id is declared as integer.',
      repair: 'automatic',
    },
  ],
  besides: ['missing-foreign-key'],
  plan: [
    LOCK,
    'alter table "public"."child" alter column "parent_id" type integer using "parent_id"::integer',
    ANALYZE,
    'lock table "public"."parent" in share row exclusive mode',
    'alter table "public"."child" add constraint "child_tenant_parent_id_fkey" foreign key ("tenant", "parent_id") references "public"."parent" ("tenant", "id") on delete no action on update no action not valid',
    'alter table "public"."child" validate constraint "child_tenant_parent_id_fkey"',
  ],
  end: [
    '- public.child parent_id text',
    '+ public.child parent_id integer',
    '+ public.child child_tenant_parent_id_fkey: FOREIGN KEY (tenant, parent_id) REFERENCES parent(tenant, id)',
    '- "public"."child" (2,1,08)',
    '+ "public"."child" (2,1,8)',
  ],
  beforeRestore: `alter table child alter parent_id type text`,
});
