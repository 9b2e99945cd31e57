import { DataTypes, type Sequelize } from 'sequelize';
import { problemTest, type ProblemCase } from '../../problem-tester';

const kind = 'type-mismatch';
const besides = ['missing-foreign-key'] as const;

/** Nothing of these is repaired: what is said, and that nothing moves, is all there is to see. */
const refusal = (problem: Omit<ProblemCase, 'kind' | 'besides'> & Partial<ProblemCase>): void =>
  problemTest({ kind, besides, ...problem });

const tables = (type: string, parentType: string, values: string, parents: string): string => `
  create table parent (id ${parentType} primary key);
  create table child (id int primary key, parent_id ${type});
  insert into parent values ${parents};
  insert into child values ${values}`;
const CHILD = { child: 'public.child(parent_id)', parent: 'public.parent(id)', type: 'integer' } as const;
const told = (from: string, to: string, rest = `public.child.parent_id is declared as integer.`): string =>
  `Key columns "parent_id" of public.child and "id" of public.parent are of incompatible types: ${from} and ${to}. ${rest}`;

const modelsOf =
  (childType: DataTypes.DataType, parentType: DataTypes.DataType) => (sequelize: Sequelize) => {
    const parent = sequelize.define(
      'Parent',
      { id: { type: parentType, primaryKey: true } },
      { tableName: 'parent' },
    );
    const child = sequelize.define(
      'Child',
      {
        id: { type: DataTypes.INTEGER, primaryKey: true },
        parentId: { type: childType, field: 'parent_id' },
      },
      { tableName: 'child' },
    );
    child.belongsTo(parent, { foreignKey: 'parentId', onDelete: 'CASCADE' });
  };

refusal({
  title: 'the model sides with the child: only its author can say who is right',
  schema: tables('uuid', 'int', `(1, null)`, '(1)'),
  models: modelsOf(DataTypes.UUID, DataTypes.INTEGER),
  findings: [
    {
      message: told('uuid', 'integer', 'Child.parentId is declared as UUID, its parent as INTEGER.'),
      repair: 'refused',
      refusal:
        'MODELS_DISAGREE: Child.parentId is declared as UUID, while public.parent (id) is integer in the database: only the author of the models can say which of the two has to change',
    },
  ],
});

refusal({
  title: 'the model of the parent says something else than its table',
  schema: tables('uuid', 'int', `(1, null)`, '(1)'),
  models: modelsOf(DataTypes.BIGINT, DataTypes.STRING),
  findings: [
    {
      message: told('uuid', 'integer', 'Child.parentId is declared as BIGINT, its parent as VARCHAR(255).'),
      repair: 'refused',
      refusal:
        'MODELS_DISAGREE: public.parent (id) is declared as VARCHAR(255) and is integer in the database: only the author of the models can say which of the two has to change',
    },
  ],
});

refusal({
  title: 'a key declared by hand, without a word about the type',
  schema: tables('uuid', 'int', `(1, null)`, '(1)'),
  foreignKeys: [{ child: CHILD.child, parent: CHILD.parent }],
  findings: [
    {
      message: told('uuid', 'integer', 'Nothing says which of them is right.'),
      repair: 'refused',
      refusal: `TYPE_UNDECLARED: nothing says which type parent_id should have → type: 'integer' in the declaration of the key, if the parent is right`,
    },
  ],
});

refusal({
  title: 'types that no rule of the guard converts',
  schema: tables('bytea', 'int', `(1, null)`, '(1)'),
  foreignKeys: [CHILD],
  findings: [
    {
      message: told('bytea', 'integer'),
      repair: 'refused',
      refusal:
        'UNSUPPORTED: the guard has no rule for values of type bytea as integer; write a migration with ALTER TABLE public.child ALTER COLUMN "parent_id" TYPE integer USING an expression of your own',
    },
  ],
});

refusal({
  title: 'whatever uses the column is named, all of it',
  schema: `${tables("text default nextval('public.numbers')::text check (parent_id <> '')", 'int', `(1, '1')`, '(1)').replace('create table parent', 'create sequence numbers; create table parent')};
    create view shown as select parent_id from child;
    create policy own on child using (parent_id = '1');
    create function touch() returns trigger language plpgsql as 'begin return new; end';
    create trigger watched after update of parent_id on child for each row execute function touch();
    create index shortened on child (left(parent_id, 2));
    create index patterns on child (parent_id text_pattern_ops);
    create table copies (whole child)`,
  foreignKeys: [CHILD],
  findings: [
    {
      message: told('text', 'integer'),
      repair: 'refused',
      refusal: `COLUMN_IN_USE: the type of parent_id cannot be changed (0A000) while it is used by its default (nextval('public.numbers'::regclass))::text, which is no constant of type integer, column whole of public.copies, constraint child_parent_id_check on table public.child, index public.patterns, index public.shortened, policy own on table public.child, rule _RETURN on view public.shown, trigger watched on table public.child; drop that, and make it again afterwards`,
    },
  ],
});

refusal({
  title: 'nor is a fence put between types that stay as they are (42804)',
  schema: tables('text', 'int', `(1, '01'), (2, '001')`, '(1)'),
  foreignKeys: [CHILD],
  options: { fence: true, limits: { rewriteRows: 1 } },
  findings: [
    {
      message: told('text', 'integer'),
      repair: 'refused',
      refusal:
        'TOO_LARGE: public.child has 2 rows, too many to write anew while nobody can read them, and 2 values would change their form → limits: { rewriteRows: 2 }',
    },
  ],
});

refusal({
  title: 'a key to another table, and one from another table, stand on the column',
  schema: `
    create table parent (id int primary key);
    create table other (id uuid primary key);
    create table child (id int primary key, parent_id uuid unique references other);
    create table below (id int primary key, child_key uuid references child (parent_id))`,
  foreignKeys: [CHILD],
  besides: ['wrong-target'],
  findings: [
    {
      message: told('uuid', 'integer'),
      repair: 'refused',
      refusal:
        'COLUMN_IN_USE: the type of parent_id cannot be changed (0A000) while it is used by constraint below_child_key_fkey on table public.below, constraint child_parent_id_fkey on table public.child; drop that, and make it again afterwards',
    },
  ],
});

refusal({
  title: 'a partitioned child',
  schema: `
    create table parent (id int primary key);
    create table child (id int, parent_id uuid) partition by list (id);
    create table child_1 partition of child for values in (1)`,
  foreignKeys: [CHILD],
  findings: [
    {
      message: told('uuid', 'integer'),
      repair: 'refused',
      refusal: 'PARTITIONED: the type of a partitioned table is not changed; write a migration for it',
    },
  ],
});

const UUIDS = (rows: number): string =>
  Array.from(
    { length: rows },
    (_, i) => `(${i}, '6a1f7b0c-0000-4000-8000-${String(i).padStart(12, '0')}')`,
  ).join(', ');
const DISPOSABLE = { relations: { 'public.child.parent_id': { disposable: true } } } as const;

refusal({
  title: 'the circuit breaker counts them as it counts orphans',
  schema: tables('uuid', 'int', UUIDS(11), '(1)'),
  foreignKeys: [CHILD],
  options: DISPOSABLE,
  findings: [
    {
      message: told('uuid', 'integer'),
      rows: 11,
      repair: 'refused',
      refusal:
        'LIMIT: 11 of the 11 rows of public.child would go, more than 10 and more than 20 % of it → limits: { rows, fraction }',
    },
  ],
});

refusal({
  title: 'an empty parent',
  schema: tables('uuid', 'int', UUIDS(1), '(1)').replace('insert into parent values (1);', ''),
  foreignKeys: [CHILD],
  options: DISPOSABLE,
  findings: [
    {
      message: told('uuid', 'integer'),
      rows: 1,
      repair: 'refused',
      refusal:
        'EMPTY_PARENT: public.parent is empty, so no row of public.child has a parent yet → limits: { fraction: 1 }',
    },
  ],
});

const TRIGGER = `
  create function mourn() returns trigger language plpgsql as 'begin return old; end';
  create trigger mourning after delete or update on child for each row execute function mourn()`;

refusal({
  title: 'a trigger that would act on the rows that go',
  schema: `${tables('uuid', 'int', UUIDS(1), '(1)')}; ${TRIGGER}`,
  foreignKeys: [CHILD],
  options: DISPOSABLE,
  findings: [
    {
      message: told('uuid', 'integer'),
      rows: 1,
      repair: 'refused',
      refusal: `USER_TRIGGER: the trigger or rule public.child.mourning would act on these rows → triggers: ['public.child.mourning']`,
    },
  ],
});

refusal({
  title: 'a trigger that would act on every row of a large table',
  schema: `${tables('text', 'int', `(1, '1')`, '(1)')}; ${TRIGGER}`,
  foreignKeys: [CHILD],
  options: { limits: { rewriteRows: 0 }, triggers: ['public.child.mourning'] },
  findings: [
    {
      message: told('text', 'integer'),
      repair: 'refused',
      refusal: `USER_TRIGGER: the trigger or rule public.child.mourning would act on every row of public.child while a second column is filled; a conversion in place fires none → limits: { rewriteRows: 1 }`,
    },
  ],
});

refusal({
  title: 'rows that are to lose their key cannot',
  schema: tables('uuid not null', 'int', UUIDS(1), '(1)'),
  foreignKeys: [CHILD],
  options: { relations: { 'public.child.parent_id': { disposable: true, orphans: 'nullify' } } },
  findings: [
    {
      message: told('uuid', 'integer'),
      rows: 1,
      repair: 'refused',
      refusal: `SET_NULL_ON_NOT_NULL: 1 row of public.child has a value that is no integer, and parent_id is NOT NULL → relations: { 'public.child.parent_id': { orphans: 'delete' } }`,
    },
  ],
});

const large: readonly [title: string, schema: string, why: string, options?: ProblemCase['options']][] = [
  [
    'its index belongs to a constraint',
    tables('text unique', 'int', `(1, '1')`, '(1)'),
    '1 row, too many to write anew while nobody can read them, and a second column cannot take over the index child_parent_id_key',
  ],
  [
    'too many values change their form',
    tables('text', 'int', `(1, '01')`, '(1)'),
    '1 row, too many to write anew while nobody can read them, and 1 value would change their form',
  ],
  [
    'its values are remapped',
    tables('text', 'int', `(1, 'one')`, '(1)'),
    '1 row, too many to write anew while nobody can read them, and a remap is only made in place',
    { relations: { 'public.child.parent_id': { remap: { using: `select 'one', 1` } } } },
  ],
  [
    'a column of the application has the name that the second one would get',
    `${tables('text', 'int', `(1, '1')`, '(1)')}; alter table child add parent_id_fk_guard int`,
    '1 row, too many to write anew while nobody can read them, and a second column cannot take over a column parent_id_fk_guard of your own',
  ],
];
for (const [title, schema, why, options] of large)
  refusal({
    title: `a large table: ${title}`,
    schema,
    foreignKeys: [CHILD],
    options: { ...options, limits: { rewriteRows: 0 } },
    findings: [
      {
        message: told('text', 'integer'),
        repair: 'refused',
        refusal: `TOO_LARGE: public.child has ${why} → limits: { rewriteRows: 1 }`,
      },
    ],
  });
