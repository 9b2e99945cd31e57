import { createGuard, type FkGuardOptions } from 'sequelize-fk-guard';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { reconnectingClient } from '../postgres/judge';
import { problemTest } from '../problem-tester';

const kind = 'invalid-index';

const library = (...more: readonly string[]): string => `
  create table users (id int primary key);
  create table checkouts (id int primary key, user_id int constraint fk references users on delete cascade, note text);
  insert into users values (1), (2);
  insert into checkouts values (1, 1), (2, null);
  create index on checkouts (user_id);
  ${more.join(';')}`;
/** As a failed `create index concurrently` leaves it. */
const leftOver = (name: string, on = 'checkouts (note)'): string => `
  create index ${name} on ${on};
  update pg_index set indisvalid = false where indexrelid = '${name}'::regclass`;
const CHECKOUTS = {
  child: 'public.checkouts(user_id)',
  parent: 'public.users(id)',
  onDelete: 'CASCADE',
} as const;
const INVALID = 'The index "notes" of public.checkouts is INVALID.';
const DROP = 'drop index concurrently if exists "public"."notes"';

problemTest({
  kind,
  title: 'by itself it is only a warning, with the SQL',
  schema: library(leftOver('notes')),
  foreignKeys: [CHECKOUTS],
  findings: [
    {
      severity: 'warning',
      message: INVALID,
      why: 'An index that was left by a failed CREATE INDEX CONCURRENTLY or REINDEX costs time with every write, and no query uses it.',
      help: `${DROP}; removes it; with indexes: 'create' the guard does. Then build it again, if it is wanted.`,
      constraint: 'notes',
      repair: 'manual',
    },
  ],
});

problemTest({
  kind,
  title: "indexes: 'create' drops it",
  schema: library(leftOver('notes')),
  foreignKeys: [CHECKOUTS],
  options: { indexes: 'create' },
  findings: [{ message: INVALID, repair: 'automatic' }],
  plan: [DROP],
  end: ['- CREATE INDEX notes ON public.checkouts USING btree (note) (invalid)'],
});

problemTest({
  kind,
  title: 'what two failed REINDEX have left on one column, on the parent, under hostile names',
  schema: library(
    leftOver('"users.id""ccnew"', 'users ((id + 1))'),
    leftOver('"Users_ccnew1"', 'users ((id + 1))'),
  ),
  foreignKeys: [CHECKOUTS],
  options: { indexes: 'create' },
  findings: [
    { message: 'The index "Users_ccnew1" of public.users is INVALID.', repair: 'automatic' },
    { message: 'The index "users.id"ccnew" of public.users is INVALID.', repair: 'automatic' },
  ],
  plan: [
    'drop index concurrently if exists "public"."Users_ccnew1"',
    'drop index concurrently if exists "public"."users.id""ccnew"',
  ],
  end: [
    '- CREATE INDEX "Users_ccnew1" ON public.users USING btree (((id + 1))) (invalid)',
    '- CREATE INDEX "users.id""ccnew" ON public.users USING btree (((id + 1))) (invalid)',
  ],
});

const REINDEX =
  'A constraint or another index rests on it, so it cannot be dropped: REINDEX INDEX CONCURRENTLY builds it again.';
problemTest({
  kind,
  title: 'a constraint, a foreign key or the replica identity rests on it: never dropped',
  schema: library(
    `alter table checkouts add constraint notes unique (note);
     create unique index identity on checkouts (id);
     alter table checkouts replica identity using index identity;
     alter table users add code int;
     create unique index codes on users (code);
     create table visits (code int references users (code));
     update pg_index set indisvalid = false
       where indexrelid in ('notes'::regclass, 'identity'::regclass, 'codes'::regclass)`,
  ),
  foreignKeys: [CHECKOUTS],
  options: { indexes: 'create' },
  findings: [
    { message: 'The index "identity" of public.checkouts is INVALID.', help: REINDEX, repair: 'manual' },
    { message: INVALID, help: REINDEX, repair: 'manual' },
    { message: 'The index "codes" of public.users is INVALID.', help: REINDEX, repair: 'manual' },
  ],
});

problemTest({
  kind,
  title: 'a partition: its own left-over goes, what belongs to the index of the whole table stays',
  schema: `
    create table users (id int primary key);
    create table logs (id int, user_id int constraint fk references users on delete cascade) partition by list (id);
    create table logs_1 partition of logs for values in (1);
    create table logs_2 partition of logs for values in (2);
    create index whole on only logs (user_id);
    create index one on logs_1 (user_id);
    alter index whole attach partition one;
    update pg_index set indisvalid = false where indexrelid = 'one'::regclass;
    ${leftOver('two', 'logs_2 (user_id)')}`,
  foreignKeys: [{ child: 'public.logs(user_id)', parent: 'public.users(id)', onDelete: 'CASCADE' }],
  findings: [
    { message: 'The index "one" of public.logs_1 is INVALID.', help: REINDEX, repair: 'manual' },
    {
      message: 'The index "two" of public.logs_2 is INVALID.',
      help: `drop index concurrently if exists "public"."two"; removes it; with indexes: 'create' the guard does. Then build it again, if it is wanted.`,
      repair: 'manual',
    },
  ],
});

problemTest({
  kind,
  title:
    'silence: an index of a partitioned table that waits for its partitions, tables of others, valid indexes',
  schema: `${library('create index on checkouts (note)')};
    create table others (id int); ${leftOver('other', 'others (id)')};
    create table logs (id int, user_id int constraint log references users on delete cascade) partition by list (id);
    create table logs_1 partition of logs for values in (1);
    create index on only logs (user_id)`,
  foreignKeys: [
    CHECKOUTS,
    { child: 'public.logs(user_id)', parent: 'public.users(id)', onDelete: 'CASCADE' },
  ],
  options: { indexes: 'report' },
  findings: [],
});

describe('an index that another session is building', () => {
  let database: TestDatabase;
  let builder: ReturnType<typeof reconnectingClient>;
  beforeEach(async () => {
    database = await createDatabase(kind);
    await database.query(library());
    builder = reconnectingClient(database.url);
  });
  afterEach(async () => {
    await builder.end();
    await database.drop();
  });

  const guard = (options: FkGuardOptions = {}, url = database.url) =>
    createGuard({ url, foreignKeys: [CHECKOUTS] }, { indexes: 'create', logger: silent, ...options });
  const invalid = async (url?: string): Promise<readonly string[]> =>
    (await guard({}, url).check()).findings
      .filter((finding) => finding.kind === kind)
      .map(({ message }) => message);
  const stateOf = (name: string) =>
    database.query(`select indisvalid as valid from pg_index where indexrelid = to_regclass('${name}')`);

  /** Held up by an open writer, as it would be in production; `release` lets it end. */
  async function build(statement: string): Promise<() => Promise<void>> {
    await database.query('begin; lock table checkouts in row exclusive mode');
    const built = builder.query(statement);
    const begun = `select exists (select from pg_locks where relation = 'checkouts'::regclass and mode = 'ShareUpdateExclusiveLock')
      and exists (select from pg_locks where not granted and locktype = 'virtualxid') as begun, pg_sleep(0.01)`;
    while (!(await database.query<{ begun: boolean }>(begun))[0]?.begun);
    return async () => {
      await database.query('commit');
      await built;
    };
  }

  test('is no left-over, whoever asks', async () => {
    const role = await database.createRole();
    const release = await build('create index concurrently notes on checkouts (note)');
    expect(await stateOf('notes')).toEqual([{ valid: false }]);
    expect(await invalid()).toEqual([]);
    expect(await invalid(role.url)).toEqual([]);
    await release();
    expect(await stateOf('notes')).toEqual([{ valid: true }]);
  });

  test('is not dropped when its build began after the plan was made', async () => {
    await database.query(leftOver('notes'));
    expect(await invalid()).toEqual([INVALID]);
    const repair = guard();
    const tried = new Promise<void>((resolve) => void repair.on('retry', () => resolve()));
    // The guard has made its plan when it begins to wait for this lock; the build then stands in line before its next try.
    await database.query('begin; lock table checkouts in share update exclusive mode');
    const applied = repair.apply();
    await tried;
    const [{ pid } = { pid: 0 }] = await builder.query<{ pid: number }>('select pg_backend_pid() as pid');
    const built = builder.query('reindex index concurrently notes');
    const firstInLine = `select pg_sleep(0.005), array_agg(pid) = array[${pid}] as first from pg_locks
      where relation = 'checkouts'::regclass and not granted`;
    while (!(await database.query<{ first: boolean }>(firstInLine))[0]?.first);
    await database.query('commit');
    await built;

    const { status, steps } = await applied;
    expect({ status, steps: steps.map((step) => [step.status, step.error?.code]) }).toEqual({
      status: 'partial',
      steps: [['failed', 'PLAN_STALE']],
    });
    expect(await stateOf('notes')).toEqual([{ valid: true }]);
    expect(await repair.apply()).toMatchObject({ status: 'clean', steps: [] });
  });

  test('is waited for, and named when that takes too long', async () => {
    await database.query(leftOver('notes'));
    const repair = guard({ lockBudget: '1s' });
    const plan = await repair.plan();
    expect(plan.steps).toHaveLength(1);
    await database.query('begin; lock table checkouts in share update exclusive mode');
    const { steps } = await repair.apply();
    expect(steps).toMatchObject([
      {
        status: 'failed',
        error: { code: 'LOCK_TIMEOUT', message: expect.stringContaining('held by pid') as string },
      },
    ]);
    await database.query('commit');
    expect(await stateOf('notes')).toEqual([{ valid: false }]);
  });
});

const nothing = (): void => undefined;
const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing };
