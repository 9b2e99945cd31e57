import { DataTypes, type Sequelize } from 'sequelize';
import { problemTest } from '../problem-tester';

const kind = 'type-mismatch';

/** The outage: users have numbers, their sessions point at uuids. */
const site = (sessions: string): string => `
  create table users (id serial primary key, name text);
  create table sessions (sid text primary key, "userId" uuid);
  insert into users (name) values ('Ann'), ('Bob');
  insert into sessions values ${sessions}`;

/** The models side with the parent, and want what the seed wants: ON UPDATE CASCADE, ON DELETE SET NULL. */
function models(sequelize: Sequelize): void {
  const user = sequelize.define('User', { name: DataTypes.TEXT }, { tableName: 'users' });
  const session = sequelize.define(
    'Session',
    { sid: { type: DataTypes.TEXT, primaryKey: true }, userId: { type: DataTypes.INTEGER, allowNull: true } },
    { tableName: 'sessions' },
  );
  session.belongsTo(user, { foreignKey: 'userId', onDelete: 'SET NULL', onUpdate: 'CASCADE' });
}

const UUID = '6a1f7b0c-0000-4000-8000-000000000001';
const SEED =
  'Key columns "userId" of public.sessions and "id" of public.users are of incompatible types: uuid and integer. Session.userId is declared as INTEGER, its parent as INTEGER.';
const KEY = [
  'lock table "public"."users" in share row exclusive mode',
  'alter table "public"."sessions" add constraint "sessions_userId_fkey" foreign key ("userId") references "public"."users" ("id") on delete set null on update cascade not valid',
  'alter table "public"."sessions" validate constraint "sessions_userId_fkey"',
];
const MADE =
  '+ public.sessions "sessions_userId_fkey": FOREIGN KEY ("userId") REFERENCES users(id) ON UPDATE CASCADE ON DELETE SET NULL';

problemTest({
  kind,
  title: 'uuids where numbers are wanted, in rows that may be thrown away: quarantined and deleted',
  schema: site(`('s1', '${UUID}'), ('s2', null)`),
  models,
  options: { relations: { 'Session.userId': { disposable: true } } },
  findings: [
    {
      severity: 'error',
      message: SEED,
      why: 'PostgreSQL makes no foreign key between columns of these types (42804: the key cannot be implemented).',
      help: 'userId becomes integer, as its parent is; values that change their form are copied into the quarantine first.',
      rows: 1,
      repair: 'automatic',
    },
  ],
  besides: ['missing-foreign-key'],
  plan: [
    'Quarantine and delete: rows of public.sessions whose userId is no integer: 1',
    'lock table "public"."sessions" in access exclusive mode',
    'alter table "public"."sessions" alter column "userId" type integer using null::integer',
    'analyze "public"."sessions" ("userId")',
    ...KEY,
  ],
  end: [
    '- public.sessions "userId" uuid',
    '+ public.sessions "userId" integer',
    MADE,
    `- "public"."sessions" (s1,${UUID})`,
  ],
  beforeRestore: 'alter table sessions alter "userId" type uuid using null',
});

problemTest({
  kind,
  title: 'the same, set to null: the rows stay',
  schema: site(`('s1', '${UUID}'), ('s2', null)`),
  models,
  options: { relations: { 'Session.userId': { disposable: true, orphans: 'nullify' } } },
  findings: [{ message: SEED, rows: 1, repair: 'automatic' }],
  besides: ['missing-foreign-key'],
  plan: [
    'Quarantine and set to null: rows of public.sessions whose userId is no integer: 1',
    'lock table "public"."sessions" in access exclusive mode',
    'alter table "public"."sessions" alter column "userId" type integer using null::integer',
    'analyze "public"."sessions" ("userId")',
    ...KEY,
  ],
  end: [
    '- public.sessions "userId" uuid',
    '+ public.sessions "userId" integer',
    MADE,
    `- "public"."sessions" (s1,${UUID})`,
    `+ "public"."sessions" (s1,)`,
  ],
  beforeRestore: 'alter table sessions alter "userId" type uuid using null',
});

const OPEN = `relations: { 'Session.userId': { disposable: true } } to quarantine and remove those rows, or relations: { 'Session.userId': { remap: { using: 'select old, new …' } } } to translate the values, or the type in the model`;

problemTest({
  kind,
  title: 'without a word about them: refused, with the three ways out',
  schema: site(`('s1', '${UUID}'), ('s2', '${UUID.replace(/1$/, '2')}')`),
  models,
  options: { sampleKeys: 1 },
  findings: [
    {
      message: SEED,
      help: `Nothing is changed. To decide: ${OPEN}.`,
      rows: 2,
      sampleKeys: [UUID],
      repair: 'refused',
      refusal: `UNCASTABLE_VALUES: 2 rows of public.sessions have a value that is no integer → ${OPEN}`,
    },
  ],
  besides: ['missing-foreign-key'],
});

problemTest({
  kind,
  title: 'uuids translated by a lookup, which the application has written down',
  schema: `${site(`('s1', '${UUID}'), ('s2', null)`)};
    create table "oldUsers" (key uuid primary key, "userId" int);
    insert into "oldUsers" values ('${UUID}', 2), ('${UUID.replace(/1$/, '2')}', 1)`,
  models,
  options: { relations: { 'Session.userId': { remap: { using: 'select key, "userId" from "oldUsers";' } } } },
  findings: [{ message: SEED, repair: 'automatic' }],
  besides: ['missing-foreign-key'],
  plan: [
    'lock table "public"."sessions" in access exclusive mode',
    `create temporary table "fk_guard_remap" on commit drop as select r.old, r.new::integer as new from (
  select m.old::pg_catalog.text as old, m.new::pg_catalog.text as new
    from ((select key, "userId" from "oldUsers"
) union all select null, null) as m(old, new)
   where m.old is not null or m.new is not null) as r`,
    'create unique index on pg_temp."fk_guard_remap" (old)',
    `create function pg_temp."fk_guard_remapped"(pg_catalog.text) returns integer language sql stable as 'select m.new from pg_temp."fk_guard_remap" m where m.old operator(pg_catalog.=) $1'`,
    'alter table "public"."sessions" alter column "userId" type integer using coalesce(pg_temp."fk_guard_remapped"("userId"::pg_catalog.text), null::integer)',
    'analyze "public"."sessions" ("userId")',
    'drop function pg_temp."fk_guard_remapped"(pg_catalog.text)',
    ...KEY,
  ],
  end: [
    '- public.sessions "userId" uuid',
    '+ public.sessions "userId" integer',
    MADE,
    `- "public"."sessions" (s1,${UUID})`,
    `+ "public"."sessions" (s1,2)`,
  ],
  beforeRestore: 'alter table sessions alter "userId" type uuid using null',
});

problemTest({
  kind,
  title: 'a remap that leaves a value out',
  schema: site(`('s1', '${UUID}'), ('s2', '${UUID.replace(/1$/, '2')}')`),
  models,
  options: { relations: { 'Session.userId': { remap: { using: `select '${UUID}', 1` } } } },
  findings: [
    {
      message: SEED,
      rows: 1,
      repair: 'refused',
      refusal: `UNCASTABLE_VALUES: 1 row of public.sessions has a value that is no integer, and the remap does not translate it → relations: { 'Session.userId': { remap: { using: 'select …' } } }, so that it covers every value`,
    },
  ],
  besides: ['missing-foreign-key'],
});

problemTest({
  kind,
  title: 'silence: types that PostgreSQL takes in one key, or takes for the same',
  schema: `
    create domain number as integer;
    create domain odd as number check (value % 2 = 1);
    create table ids (id int primary key, day date unique, code char(3) unique, odd odd unique);
    create table child (id int primary key, a timestamptz, b text, c number, d int);
    insert into ids values (1, '2026-01-01', 'abc', 1);
    insert into child values (1, '2026-01-01', 'abc', 1, 1)`,
  foreignKeys: [
    ['a', 'day'],
    ['b', 'code'],
    ['c', 'id'],
    ['d', 'odd'],
  ].map(([child, parent]) => ({
    child: `public.child(${child})`,
    parent: `public.ids(${parent})`,
    type: 'uuid',
  })),
  findings: [],
  // Their rows are not compared, so that no key is made either; PostgreSQL itself would make each of them.
  besides: Array.from({ length: 4 }, () => 'missing-foreign-key' as const),
  status: 'refused',
});
