import type { ChildProcess } from 'node:child_process';
import type { Client } from 'pg';
import { fkGuard, createProject, type Ended, type Project } from '../cli/program';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { connect, copies, pidOf, until, untilBlockedBy } from '../quarantine/setup';

const ORPHANS = 20;

let database: TestDatabase;
let client: Client;
let project: Project;
beforeEach(async () => {
  database = await createDatabase('cancel');
  await database.query(`
    create table users (id integer primary key);
    create table checkouts (id integer primary key, user_id integer);
    create index on checkouts (user_id);
    insert into users select generate_series(1, 200);
    insert into checkouts select n, n from generate_series(1, ${200 + ORPHANS}) n;`);
  client = await connect(database.url);
  project = createProject({
    'fk-guard.config.json': JSON.stringify({
      url: database.url,
      foreignKeys: [{ child: 'public.checkouts(user_id)', parent: 'public.users(id)', onDelete: 'CASCADE' }],
      options: { batchSize: 1, lockTimeout: '20s' },
    }),
  });
});
afterEach(async () => {
  await client.end();
  project.remove();
  // Rejects when the program has left a session behind.
  await database.drop();
});

function start(argv: readonly string[]) {
  const children: ChildProcess[] = [];
  const ended = fkGuard(argv, {
    cwd: project.directory,
    started: (child) => void children.push(child),
  });
  const [child] = children;
  if (!child) throw new Error('it was not started');
  return { ended, child };
}

/** Runs the program until a client's lock holds it, lets `then` do something to it, and waits for its end; the lock stays. */
async function whileHeld(
  argv: readonly string[],
  lock: string,
  then: (child: ChildProcess) => void,
): Promise<Ended> {
  await client.query('begin');
  await client.query(lock);
  const { ended, child } = start(argv);
  await untilBlockedBy(database, await pidOf(client));
  then(child);
  const result = await ended;
  expect(await database.query(others)).toEqual([]);
  await client.query('rollback');
  return result;
}

/** Everybody else on the database but the two clients of the test. */
const others = `select pid, state, query from pg_stat_activity
  where datname = current_database() and application_name not in ('judge', 'application') and backend_type = 'client backend'`;

const counted = async () => ({
  checkouts: (await database.query<{ n: number }>('select count(*)::integer as n from checkouts'))[0]?.n,
  runs: await database.query(
    `select status, finished_at is not null as closed, figures -> 'deleted' as deleted from fk_guard.run order by started_at`,
  ),
  copies: await copies(database),
});

const APPLY = ['apply', '--yes', '--accept-data-loss'];
/** The seventh orphan; the batch that has it waits. */
const SEVENTH = 'select from checkouts where id = 207 for update';

test.each(['SIGINT', 'SIGTERM'] as const)(
  'apply, %s: the batch in hand is cancelled and rolled back, the ledger says so, and the next run goes on',
  async (signal) => {
    const ended = await whileHeld(APPLY, SEVENTH, (child) => void child.kill(signal));
    expect(ended.code).toBe(130);
    expect(await counted()).toEqual({
      checkouts: 214,
      runs: [{ status: 'partial', closed: true, deleted: 6 }],
      copies: ['checkouts delete 6'],
    });
    const [{ id } = { id: '' }] = await database.query<{ id: string }>('select id from fk_guard.run');
    expect(ended.err).toContain('fk-guard: Cancelling what is in hand; once more ends it at once.\n');
    expect(ended.err).toContain(`fk-guard: Cancelled run ${id}. What was in hand was rolled back; `);
    expect(ended.err).toContain(`  Run it again to go on; to put the rows back: fk-guard restore ${id}\n`);
    expect(await database.query(`select to_regclass('fk_guard.orphan_list') as list`)).toEqual([
      { list: null },
    ]);

    expect(await fkGuard(APPLY, { cwd: project.directory })).toMatchObject({ code: 0 });
    expect(await counted()).toMatchObject({
      checkouts: 200,
      runs: [{ status: 'partial' }, { status: 'repaired', deleted: ORPHANS - 6 }],
      copies: [`checkouts delete ${ORPHANS}`],
    });
  },
);

test('check: the question in hand is cancelled, and nothing was written', async () => {
  const ended = await whileHeld(['check'], 'lock table checkouts', (child) => void child.kill('SIGINT'));
  expect(ended).toMatchObject({ code: 130, out: '' });
  expect(ended.err).toMatch(/\nfk-guard: Cancelled; nothing was written\.\n$/);
});

test('what npm passes on of a Ctrl-C is no second one', async () => {
  const ended = await whileHeld(APPLY, SEVENTH, (child) => {
    child.kill('SIGINT');
    child.kill('SIGTERM');
  });
  expect(ended.code).toBe(130);
  expect(ended.err).toContain('fk-guard: Cancelled run ');
  expect(ended.err).not.toContain('Ended at once');
});

test('a second Ctrl-C ends it at once, whatever the server does', async () => {
  await client.query('begin');
  await client.query(SEVENTH);
  const { ended: ending, child } = start(APPLY);
  await untilBlockedBy(database, await pidOf(client));
  const [{ pid } = { pid: 0 }] = await database.query<{ pid: number }>(
    `select pid from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
  );
  // A server process that answers nobody.
  process.kill(pid, 'SIGSTOP');
  const again = setInterval(() => child.kill('SIGINT'), 50);
  const ended = await ending.finally(() => clearInterval(again));
  process.kill(pid, 'SIGCONT');
  expect(ended.code).toBe(130);
  expect(ended.err).toContain('fk-guard: Ended at once. The server rolls back what was in hand;');
  await client.query('rollback');
  await until(database, `select not exists (${others}) as ok`);
  expect((await counted()).checkouts).toBe(214);
  expect(await fkGuard(APPLY, { cwd: project.directory })).toMatchObject({ code: 0 });
  expect((await counted()).checkouts).toBe(200);
});
