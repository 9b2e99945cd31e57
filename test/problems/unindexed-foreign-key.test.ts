import { createDatabase } from '../postgres/database';
import { createGuard } from 'sequelize-fk-guard';
import { problemTest } from '../problem-tester';
import { connect, pidOf, untilBlockedBy } from '../quarantine/setup';

const kind = 'unindexed-foreign-key';

const library = (onDelete: string, ...more: readonly string[]): string => `
  create table users (id int primary key);
  create table checkouts (id int primary key, user_id int constraint fk references users ${onDelete}, note text);
  insert into users values (1), (2);
  insert into checkouts values (1, 1), (2, null);
  ${more.join(';')}`;
const CHECKOUTS = { child: 'public.checkouts(user_id)', parent: 'public.users(id)' } as const;
const CASCADE = { ...CHECKOUTS, onDelete: 'CASCADE' } as const;
const NO_INDEX =
  'No index of public.checkouts begins with user_id, by which public.checkouts.user_id is looked up.';
const BUILD = 'create index concurrently "checkouts_user_id_idx" on "public"."checkouts" ("user_id")';
const BUILT = '+ CREATE INDEX checkouts_user_id_idx ON public.checkouts USING btree (user_id)';

problemTest({
  kind,
  title: 'by itself it is only a warning, with the SQL',
  schema: library('on delete cascade'),
  foreignKeys: [CASCADE],
  findings: [
    {
      severity: 'warning',
      message: NO_INDEX,
      why: 'PostgreSQL makes no index for a foreign key. Each delete of a parent, and each look from a parent at its children, reads the whole table, and a delete keeps its locks as long.',
      help: `${BUILD}; builds it without blocking writers; with indexes: 'create' the guard does.`,
      constraint: 'fk',
      repair: 'manual',
    },
  ],
});

for (const action of ['CASCADE', 'SET NULL'] as const)
  problemTest({
    kind,
    title: `indexes: 'create' builds it under ON DELETE ${action}`,
    schema: library(`on delete ${action}`),
    foreignKeys: [{ ...CHECKOUTS, onDelete: action }],
    options: { indexes: 'create' },
    findings: [{ message: NO_INDEX, repair: 'automatic' }],
    plan: [BUILD],
    end: [BUILT],
  });

for (const action of ['NO ACTION', 'RESTRICT', 'SET DEFAULT'] as const)
  problemTest({
    kind,
    title: `it is never built under ON DELETE ${action}`,
    schema: library(`on delete ${action}`),
    foreignKeys: [{ ...CHECKOUTS, onDelete: action }],
    options: { indexes: 'create' },
    findings: [
      { message: NO_INDEX, help: `${BUILD}; builds it without blocking writers.`, repair: 'manual' },
    ],
  });

problemTest({
  kind,
  title: 'the key is missing too, and there is an orphan: the index comes before the clean-up',
  schema: library('', 'alter table checkouts drop constraint fk', 'insert into checkouts values (3, 9)'),
  foreignKeys: [CASCADE],
  options: { indexes: 'create' },
  findings: [{ message: NO_INDEX, repair: 'automatic' }],
  besides: ['orphaned-rows', 'missing-foreign-key'],
  plan: [
    'lock table "public"."users" in share row exclusive mode',
    'alter table "public"."checkouts" add constraint "checkouts_user_id_fkey" foreign key ("user_id") references "public"."users" ("id") on delete cascade on update no action not valid',
    BUILD,
    'Quarantine and delete: orphans of public.checkouts (user_id): 1',
    'alter table "public"."checkouts" validate constraint "checkouts_user_id_fkey"',
  ],
  end: [
    '+ public.checkouts checkouts_user_id_fkey: FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE',
    BUILT,
    '- "public"."checkouts" (3,9,)',
  ],
});

const useless: readonly [title: string, index: string][] = [
  ['partial', 'create index "of.no use" on checkouts (user_id) where id > 5'],
  [
    'partial by a column behind the key',
    'create index "of.no use" on checkouts (user_id, note) where note is not null',
  ],
  ['on an expression', 'create index "of.no use" on checkouts ((user_id + 0))'],
  ['behind another column', 'create index "of.no use" on checkouts (id, user_id)'],
  ['only included', 'create index "of.no use" on checkouts (id) include (user_id)'],
  ['BRIN', 'create index "of.no use" on checkouts using brin (user_id)'],
];
for (const [title, index] of useless)
  problemTest({
    kind,
    title: `an index that is of no use: ${title}`,
    schema: library('on delete cascade', index),
    foreignKeys: [CASCADE],
    options: { indexes: 'create' },
    findings: [{ message: NO_INDEX, repair: 'automatic' }],
    plan: [BUILD],
    end: [BUILT],
  });

problemTest({
  kind,
  title: 'an index under another collation than the column',
  schema: `
    create table users (mail text primary key);
    create table checkouts (mail text constraint fk references users on delete cascade);
    create index other on checkouts (mail collate "C")`,
  foreignKeys: [{ child: 'public.checkouts(mail)', parent: 'public.users(mail)', onDelete: 'CASCADE' }],
  findings: [
    {
      message: 'No index of public.checkouts begins with mail, by which public.checkouts.mail is looked up.',
      repair: 'manual',
    },
  ],
});

for (const name of ['checkouts_user_id_idx', 'left.over'])
  problemTest({
    kind,
    title: `what a failed build has left (${name}): dropped, and built under the name that it should have`,
    schema: library(
      'on delete cascade',
      `create index "${name}" on checkouts (user_id)`,
      `update pg_index set indisvalid = false where indexrelid = '"${name}"'::regclass`,
    ),
    foreignKeys: [CASCADE],
    options: { indexes: 'create' },
    findings: [{ message: NO_INDEX, repair: 'automatic' }],
    besides: ['invalid-index'],
    plan: [`drop index concurrently if exists "public"."${name}"`, BUILD],
    end: [
      `- CREATE INDEX ${name === 'left.over' ? '"left.over"' : name} ON public.checkouts USING btree (user_id) (invalid)`,
      BUILT,
    ],
  });

problemTest({
  kind,
  title: 'a composite key under hostile names, and the name of the index taken by a table',
  schema: `
    create schema "S.";
    create table "S."."P""arent" (tenant int, "No" int, primary key (tenant, "No"));
    create table "S."."Child_tenant_p.no_idx" (id int);
    create table "S."."Child" (tenant int, "p.no" int, constraint fk foreign key (tenant, "p.no")
      references "S."."P""arent" on delete cascade);
    create index half on "S."."Child" (tenant)`,
  foreignKeys: [
    { child: '"S.".Child(tenant,"p.no")', parent: '"S."."P""arent"(tenant,No)', onDelete: 'CASCADE' },
  ],
  options: { indexes: 'create' },
  findings: [
    {
      message:
        'No index of "S.".Child begins with tenant, p.no, by which "S.".Child.tenant,p.no is looked up.',
      repair: 'automatic',
    },
  ],
  plan: ['create index concurrently "Child_tenant_p.no_idx1" on "S."."Child" ("tenant", "p.no")'],
  end: ['+ CREATE INDEX "Child_tenant_p.no_idx1" ON "S."."Child" USING btree (tenant, "p.no")'],
});

const logs = (...more: readonly string[]): string => `
  create table users (id int primary key);
  create table logs (id int, user_id int constraint fk references users on delete cascade) partition by list (id);
  create table logs_1 partition of logs for values in (1);
  create table logs_2 partition of logs for values in (2) partition by list (user_id);
  create table logs_21 partition of logs_2 default;
  ${more.join(';')}`;
const LOGS = { child: 'public.logs(user_id)', parent: 'public.users(id)', onDelete: 'CASCADE' } as const;

problemTest({
  kind,
  title: 'a partitioned table with an index on one partition only: no build without blocking writers',
  schema: logs('create index on logs_1 (user_id)'),
  foreignKeys: [LOGS],
  options: { indexes: 'create' },
  findings: [
    {
      message: 'No index of public.logs begins with user_id, by which public.logs.user_id is looked up.',
      repair: 'refused',
      refusal:
        'PARTITIONED: the index of a partitioned table cannot be built without blocking writers; build it partition by partition',
    },
  ],
});

const indexed: readonly [title: string, schema: string][] = [
  ['an index on the column', library('on delete cascade', 'create index on checkouts (user_id)')],
  ['more columns behind it', library('on delete cascade', 'create index on checkouts (user_id, note)')],
  ['a hash index', library('on delete cascade', 'create index on checkouts using hash (user_id)')],
  ['a unique constraint', library('on delete cascade', 'alter table checkouts add unique (user_id)')],
  [
    'only nulls left out',
    library('on delete cascade', 'create index on checkouts (user_id) where user_id is not null'),
  ],
];
for (const [title, schema] of indexed)
  problemTest({ kind, title: `silence: ${title}`, schema, foreignKeys: [CASCADE], findings: [] });

problemTest({
  kind,
  title: 'silence: composite keys with their columns in another order, or a unique part of them',
  schema: `
    create table "Parent" (a int, b int, primary key (a, b));
    create table "Child" (id int primary key, "A" int, "B" int,
      constraint one foreign key ("A", "B") references "Parent" on delete cascade,
      constraint two foreign key ("A", id) references "Parent" on delete cascade);
    create index on "Child" ("B", "A", id)`,
  foreignKeys: [
    { child: 'public.Child(A,B)', parent: 'public.Parent(a,b)', onDelete: 'CASCADE' },
    { child: 'public.Child(A,id)', parent: 'public.Parent(a,b)', onDelete: 'CASCADE' },
  ],
  findings: [],
});

for (const [title, ...indexes] of [
  ['one for the whole partitioned table', 'create index on logs (user_id)'],
  ['one on each partition', 'create index on logs_1 (user_id)', 'create index on logs_21 (user_id)'],
])
  problemTest({
    kind,
    title: `silence: ${title}`,
    schema: logs(...indexes),
    foreignKeys: [LOGS],
    findings: [],
  });

test('an index that somebody has made under the name meanwhile stays, and so does the outcome honest', async () => {
  const database = await createDatabase(kind);
  try {
    await database.query(library('on delete cascade'));
    // Not committed, it is neither seen by the look nor passed by the guard's own build.
    const other = await connect(database.url);
    await other.query('begin; create index checkouts_user_id_idx on checkouts (note)');
    const applied = createGuard(
      { url: database.url, foreignKeys: [CASCADE] },
      // It would not queue behind a transaction that is older than one try.
      { indexes: 'create', lockTimeout: '10s', logger: silent },
    ).apply();
    await untilBlockedBy(database, await pidOf(other));
    await other.query('commit');
    await other.end();
    const outcome = await applied;
    expect(outcome.steps[0]).toMatchObject({ status: 'failed', error: { code: 'SQL' } });
    const indexes = await database.query(
      `select pg_get_indexdef(indexrelid) as index from pg_index where indrelid = 'checkouts'::regclass and not indisprimary`,
    );
    expect(indexes).toEqual([
      { index: 'CREATE INDEX checkouts_user_id_idx ON public.checkouts USING btree (note)' },
    ]);
  } finally {
    await database.drop();
  }
});

const nothing = (): void => undefined;
const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing };
