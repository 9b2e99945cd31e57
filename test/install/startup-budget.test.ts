import { Sequelize } from 'sequelize';
import type { Client } from 'pg';
import { installFkGuard, type FkGuardOptions } from 'sequelize-fk-guard';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { cascade, connect, containing, guardAt, pidOf, untilBlockedBy } from '../quarantine/setup';

let database: TestDatabase;
let holder: Client;

/** A key is missing, and one of 100 children is an orphan. */
beforeEach(async () => {
  database = await createDatabase('budget');
  await database.query(`
    create table "Parents" (id serial primary key);
    create table "Children" (id serial primary key, "parentId" integer);
    create index on "Children" ("parentId");
    insert into "Parents" select from generate_series(1, 99);
    insert into "Children" ("parentId") select i from generate_series(1, 100) i`);
  holder = await connect(database.url, 'holder');
});
afterEach(async () => {
  await holder.end();
  await database.drop();
});

const KEYS = [cascade('public.Children(parentId)', 'public.Parents(id)')];
const BUDGET = 1_000;
/** The look at the end has a second of its own; the rest is for a slow machine. */
const AT_MOST = 6_000;

async function timed<T>(work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  const result = await work();
  expect(performance.now() - started).toBeLessThan(AT_MOST);
  return result;
}

const collect = (onWarning = (): void => undefined): { log: string[]; options: FkGuardOptions } => {
  const log: string[] = [];
  const write = (message: string): void => {
    log.push(message);
    onWarning();
  };
  const nothing = (): void => undefined;
  return {
    log,
    options: {
      startupBudget: `${BUDGET}ms`,
      logger: { debug: nothing, info: nothing, warn: write, error: write },
    },
  };
};

// Sequelize itself asks for the indexes of a table and waits for it: the table is free while it does.
test.each([
  { mode: 'repair', before: 'its end', hook: 'afterBulkSync' },
  { mode: 'check', before: 'its look', hook: 'beforeBulkSync' },
] as const)(
  'in mode $mode, a table that somebody holds at $before does not hold up a start beyond its budget',
  async ({ mode, hook }) => {
    const { log, options } = collect(() => void holder.query('rollback'));
    const sequelize = new Sequelize(database.url, { logging: false, define: { timestamps: false } });
    const guard = installFkGuard(sequelize, { ...options, mode });
    const Parent = sequelize.define('Parent', {});
    Parent.hasMany(sequelize.define('Child', {}, { tableName: 'Children' }), {
      foreignKey: 'parentId',
      onDelete: 'CASCADE',
    });
    sequelize.addHook(
      hook,
      async () => void (await holder.query('begin; lock table "Children" in access exclusive mode')),
    );
    await timed(() => sequelize.sync());
    await sequelize.close();

    expect(log).toContainEqual(
      containing(
        `The look at the database was not done when the time for the start-up was over; tables are locked by pid ${await pidOf(holder)} (holder, idle in transaction`,
      ),
    );
    expect(guard.lastOutcome?.status).toBe(mode === 'repair' ? 'partial' : undefined);
  },
);

test('nor does run() of a guard without hooks', async () => {
  await holder.query('begin; lock table "Parents" in access exclusive mode');
  const { log, options } = collect();
  expect(await timed(() => guardAt(database.url, KEYS, options).run())).toMatchObject({ status: 'partial' });
  expect(log).toContainEqual(containing('the time for the start-up was over'));
});

test('check() waits for the table', async () => {
  await holder.query('begin; lock table "Children" in access exclusive mode');
  const checking = guardAt(database.url, KEYS, { startupBudget: '1ms' }).check();
  await untilBlockedBy(database, await pidOf(holder));
  await holder.query('commit');
  expect((await checking).summary.orphanRows).toBe(1);
});

test('a lock for a step is not waited for any longer than the budget lasts', async () => {
  await holder.query('begin; insert into "Parents" default values');
  const { options } = collect();
  const outcome = await timed(() => guardAt(database.url, KEYS, { ...options, lockBudget: '1m' }).run());
  expect(outcome.status).toBe('partial');
  // The last try may have less time left than one that waits for a lock.
  expect(outcome.steps[0]).toMatchObject({
    status: 'failed',
    error: { code: expect.stringMatching(/^(LOCK_TIMEOUT|BUDGET)$/) as unknown },
  });
  expect(outcome.remaining.map(({ kind }) => kind)).toContain('orphaned-rows');
});

test('a run that cannot look at its end says what it did, that nobody has looked, and what was left', async () => {
  await holder.query('begin; insert into "Parents" default values');
  const reader = await connect(database.url, 'reader');
  const { options } = collect();
  const guard = guardAt(database.url, KEYS, { ...options, lockBudget: '1m' });
  const locked = new Promise<void>((resolve) => {
    const off = guard.on('retry', () => {
      off();
      resolve(reader.query('begin; lock table "Children" in access exclusive mode').then(() => undefined));
    });
  });
  const outcome = await timed(() => guard.run());
  await locked;
  await reader.end();

  expect(outcome.status).toBe('partial');
  expect(outcome.remaining.map(({ kind }) => kind)).toEqual(['orphaned-rows', 'missing-foreign-key']);
  expect(await database.query(`select id, status from fk_guard.run`)).toEqual([
    { id: outcome.runId, status: 'partial' },
  ]);
});

test('another guard that is at work is not waited for any longer either', async () => {
  await holder.query('begin; select pg_advisory_xact_lock(6712167, 1)');
  const { log, options } = collect();
  expect(await timed(() => guardAt(database.url, KEYS, options).run())).toMatchObject({ status: 'partial' });
  expect(log).toContainEqual(containing('Another guard has been at work'));
});
