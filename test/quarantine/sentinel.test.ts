import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import type { FkGuardOptions, GuardEvents } from 'sequelize-fk-guard';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { cascade, containing, guardAt, matching, until } from './setup';

let database: TestDatabase;
let directory: string;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'fk-guard-sentinel-'));
  database = await createDatabase('sentinel');
  await database.query(`
    create schema ops;
    create table ops."On hold" (reason text);
    create table parent (id integer primary key);
    create table child (id integer primary key, parent_id integer);
    create index on child (parent_id);
    insert into parent select i from generate_series(1, 190) i;
    insert into child select i, i from generate_series(1, 200) i`);
});
afterEach(async () => {
  rmSync(directory, { recursive: true });
  await database.drop();
});

const KEYS = [cascade('public.child(parent_id)', 'public.parent(id)')];
const TABLE = { table: 'ops."On hold"' } as const;
const guard = (options: FkGuardOptions) => guardAt(database.url, KEYS, { batchSize: 2, ...options });

const next = <E extends keyof GuardEvents>(of: ReturnType<typeof guard>, event: E): Promise<GuardEvents[E]> =>
  new Promise((resolve) => {
    const forget = of.on(event, (told) => {
      forget();
      resolve(told);
    });
  });

/** No lock on a table and no snapshot: the runner's own transaction has its advisory lock only. A look lasts an instant. */
const NOTHING_HELD = `
  select (select count(*) from pg_locks l join pg_database d on d.oid = l.database
           where d.datname = current_database() and l.pid <> pg_backend_pid() and l.locktype <> 'advisory') = 0
     and (select count(*) from pg_locks l join pg_database d on d.oid = l.database
           where d.datname = current_database() and l.locktype = 'advisory') = 1
     and (select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
             and xact_start is not null) = 1
     and (select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
             and (backend_xmin is not null or backend_xid is not null)) = 0 as ok`;

const orphans = async (): Promise<unknown> =>
  (await database.query('select count(*)::int as rows from child where id > 190'))[0]?.['rows'];

/** Pauses twice in the look of a second, so that a look that was going on is over. */
async function twoPauses(of: ReturnType<typeof guard>): Promise<GuardEvents['pause']> {
  await next(of, 'pause');
  return next(of, 'pause');
}

interface Sentinel {
  readonly options: FkGuardOptions;
  readonly why: string;
  hold(): unknown;
  release(): unknown;
}

const file = (): Sentinel => {
  const path = join(directory, 'hold');
  return {
    options: { sentinel: { file: path } },
    why: `the file ${path} exists`,
    hold: () => writeFileSync(path, ''),
    release: () => rmSync(path),
  };
};

const table = (): Sentinel => ({
  options: { sentinel: TABLE },
  why: 'the table ops.On hold has a row',
  hold: () => database.query(`insert into ops."On hold" values ('release')`),
  release: () => database.query(`delete from ops."On hold"`),
});

test.each([
  ['a file', file],
  ['a row of a table', table],
])('%s holds a run up between two batches, nothing is held meanwhile, and it goes on', async (_, make) => {
  const { options, why, hold, release } = make();
  const paced = guard(options);
  const resumed = next(paced, 'resume');
  const paused = next(paced, 'batch').then(async () => {
    await hold();
    return twoPauses(paced);
  });
  const applying = paced.apply();
  expect(await paused).toMatchObject({ reason: 'sentinel', why });

  const left = await orphans();
  expect(left).toBeGreaterThan(0);
  await next(paced, 'pause');
  for (let look = 0; look < 5; look++) await until(database, NOTHING_HELD);
  await database.query('begin; lock table parent, child in access exclusive mode nowait; commit');
  expect(await orphans()).toBe(left);

  await release();
  expect(await resumed).toMatchObject({ reason: 'sentinel' });
  expect(await applying).toMatchObject({ status: 'repaired', rowsDeleted: 10, rowsQuarantined: 10 });
});

test('it is looked for between two steps as well, before the first one too', async () => {
  await database.query(`insert into ops."On hold" values ('a backup')`);
  const paced = guard({ sentinel: TABLE });
  const applying = paced.apply();
  await twoPauses(paced);
  expect(
    await database.query(
      `select conname from pg_constraint where contype = 'f' and conrelid = 'child'::regclass`,
    ),
  ).toEqual([]);
  await database.query(`delete from ops."On hold"`);
  await next(paced, 'stepDone');
  expect(await applying).toMatchObject({ status: 'repaired', rowsDeleted: 10 });
});

test('a start is held up no longer than its budget, and the application starts', async () => {
  await database.query(`insert into ops."On hold" values ('a backup')`);
  const outcome = await guard({ sentinel: TABLE, startupBudget: '3s' }).run();
  expect(outcome).toMatchObject({ status: 'partial', rowsDeleted: 0 });
  expect(outcome.steps[0]).toMatchObject({ status: 'failed', error: { code: 'BUDGET' } });
  expect(await orphans()).toBe(10);
});

test('and a run no longer than maxRunTime', async () => {
  writeFileSync(join(directory, 'hold'), '');
  const outcome = await guard({ sentinel: { file: join(directory, 'hold') }, maxRunTime: '300ms' }).apply();
  expect(outcome).toMatchObject({ status: 'partial', rowsDeleted: 0 });
  expect(outcome.steps.map(({ status, error }) => error?.code ?? status)).toEqual([
    'CAPPED',
    'skipped',
    'skipped',
  ]);
  expect(outcome.remaining.map(({ kind }) => kind)).toContain('orphaned-rows');
});

test('a table that somebody has locked holds a run up too', async () => {
  const locker = new Client({ connectionString: database.url });
  await locker.connect();
  await locker.query('begin; lock table ops."On hold" in access exclusive mode');
  const paced = guard({ sentinel: TABLE });
  const paused = next(paced, 'pause');
  const applying = paced.apply();
  expect((await paused).why).toBe('the table ops.On hold is locked');
  await locker.query('commit');
  await locker.end();
  expect(await applying).toMatchObject({ status: 'repaired' });

  // Where there is nothing to do nothing is asked.
  expect(await guard({ sentinel: { table: 'ops.holds' } }).apply()).toMatchObject({ status: 'clean' });
});

test('a sentinel that cannot be asked stops the run before anything is written', async () => {
  await expect(guard({ sentinel: { table: 'ops.holds' } }).apply()).rejects.toMatchObject({
    code: 'OPTIONS',
    message: '"sentinel.table" names ops.holds, and there is no such table.',
  });
  const role = await database.createRole();
  await database.query(`grant create on database "${database.name}" to "${role.name}";
    alter table parent owner to "${role.name}"; alter table child owner to "${role.name}"`);
  await expect(guardAt(role.url, KEYS, { sentinel: TABLE }).apply()).rejects.toMatchObject({
    code: 'PRIVILEGE',
    message: containing('may not read all rows of ops.On hold'),
  });
  await database.query(`grant usage on schema ops to "${role.name}"; grant select on ops."On hold" to "${role.name}";
    alter table ops."On hold" enable row level security`);
  await expect(guardAt(role.url, KEYS, { sentinel: TABLE }).apply()).rejects.toMatchObject({
    code: 'PRIVILEGE',
  });
  expect(await database.query(`select nspname from pg_namespace where nspname = 'fk_guard'`)).toEqual([]);
  await database.query(`reassign owned by "${role.name}" to current_user; drop owned by "${role.name}"`);
});

test('where standbys may not be looked at, maxLag is refused and not ignored; without any there is no lag', async () => {
  const role = await database.createRole();
  await database.query(`grant create on database "${database.name}" to "${role.name}";
    alter table parent owner to "${role.name}"; alter table child owner to "${role.name}"`);
  const sender = new Client({ connectionString: database.url, replication: 'database' } as object);
  await sender.connect();
  await expect(guardAt(role.url, KEYS, { maxLag: '1s' }).apply()).rejects.toMatchObject({
    code: 'PRIVILEGE',
    message: matching(/^"maxLag": the role \S+ may not see how far the standbys are behind/),
    advice: containing('pg_monitor'),
  });
  expect(await database.query(`select nspname from pg_namespace where nspname = 'fk_guard'`)).toEqual([]);
  // Whoever may look sees one that receives nothing: a backup, which is behind nobody.
  expect(await guard({ maxLag: '1ms' }).apply()).toMatchObject({ status: 'repaired', rowsDeleted: 10 });
  await sender.end();
  await database.query(`reassign owned by "${role.name}" to current_user; drop owned by "${role.name}"`);
});
