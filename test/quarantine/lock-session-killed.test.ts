import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from 'pg';
import type { FkGuardOptions } from 'sequelize-fk-guard';
import { exitCodeOfError, exitCodeOfOutcome } from '../../src/cli/exit-codes';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { dump } from '../postgres/dump';
import { cascade, connect, guardAt, pidOf, until, untilBlockedBy } from './setup';

let database: TestDatabase;
let whole: TestDatabase;
let client: Client;
let directory: string;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'fk-guard-lock-'));
  [database, whole] = await Promise.all([createDatabase('lock'), createDatabase('lock_whole')]);
  client = await connect(database.url);
});
afterEach(async () => {
  rmSync(directory, { recursive: true });
  await client.end();
  await Promise.all([database.drop(), whole.drop()]);
});

const TABLES = `
  create table parent (id integer primary key);
  create table child (id integer primary key, parent_id integer, other_id integer);
  insert into parent select i from generate_series(1, 20) i;
  insert into child select i, i from generate_series(1, 22) i;`;
const KEYS = [
  cascade('public.child(parent_id)', 'public.parent(id)'),
  cascade('public.child(other_id)', 'public.parent(id)'),
];
const key = (column: string, valid: string): string =>
  `alter table child add foreign key (${column}) references parent on delete cascade ${valid};`;
const SOUND = `delete from child where id > 20;`;

const LOCK = `select pid from pg_locks where locktype = 'advisory' and classid = 6712167 and objid = 1 and granted
  and database = (select oid from pg_database where datname = current_database())`;

/** Where a run stands when the session that holds its lock is killed. */
interface Place {
  readonly damage: string;
  readonly options?: FkGuardOptions;
  /** Gets in the way of the guard. */
  hold(): Promise<unknown>;
  /** Until the guard stands there. */
  reached(guard: ReturnType<typeof guardAt>): Promise<unknown>;
  release(): Promise<unknown>;
  /** What was written in the end: nothing, or the statement that was on its way and cannot be taken back. */
  readonly written: string;
  readonly exitCode: number;
}

const PATIENT: FkGuardOptions = { lockTimeout: '20s', indexes: 'create' };
const blocked = async () => untilBlockedBy(database, await pidOf(client));
const inTheWay = (mode: string) => () => client.query(`begin; lock table child in ${mode} mode`);
const outOfTheWay = () => client.query('commit');

const PLACES: Readonly<Record<string, Place>> = {
  'a step in its own transaction': {
    damage: TABLES,
    options: PATIENT,
    hold: inTheWay('row exclusive'),
    reached: blocked,
    release: outOfTheWay,
    written: '',
    exitCode: 1,
  },
  'a validation': {
    damage: TABLES + SOUND + key('parent_id', 'not valid') + key('other_id', 'not valid'),
    // An index would be built first, and wants the same lock.
    options: { ...PATIENT, indexes: 'report' },
    hold: inTheWay('share update exclusive'),
    reached: blocked,
    release: outOfTheWay,
    written: '',
    exitCode: 1,
  },
  'create index concurrently': {
    damage: TABLES + SOUND + key('parent_id', '') + key('other_id', ''),
    options: PATIENT,
    hold: inTheWay('row exclusive'),
    reached: blocked,
    release: outOfTheWay,
    written: 'create index on child (other_id)',
    exitCode: 4,
  },
  'the wait for a long transaction': {
    damage: TABLES,
    options: { indexes: 'create', lockBudget: '60s' },
    hold: inTheWay('row exclusive'),
    reached: (guard) => new Promise((resolve) => guard.on('retry', resolve)),
    release: outOfTheWay,
    written: '',
    exitCode: 1,
  },
  'the wait for a sentinel': {
    damage: TABLES,
    options: { indexes: 'create' },
    hold: () => Promise.resolve(writeFileSync(join(directory, 'hold'), '')),
    reached: (guard) => new Promise((resolve) => guard.on('pause', resolve)),
    release: () => Promise.resolve(rmSync(join(directory, 'hold'))),
    written: '',
    exitCode: 1,
  },
};

test.each(Object.entries(PLACES))(
  'killed during %s: nothing further is written, and running again ends as if nothing had happened',
  async (_, { damage, options, hold, reached, release, written, exitCode }) => {
    for (const { query } of [database, whole]) await query(damage);
    const sentinel = { sentinel: { file: join(directory, 'hold') } };
    const guard = guardAt(database.url, KEYS, { ...sentinel, ...options });
    await hold();
    const there = reached(guard);
    const applying = guard.apply();
    await there;
    await database.query(`select pg_terminate_backend(pid) from (${LOCK}) l`);
    await until(database, `select not exists (${LOCK}) as ok`);
    await release();
    const outcome = await applying;
    expect(outcome.steps.find(({ status }) => status === 'failed')?.error?.code).toBe('RUNNER_LOST');
    expect({ status: outcome.status, exitCode: exitCodeOfOutcome(outcome) }).toEqual({
      status: 'partial',
      exitCode,
    });
    const twin = await createDatabase('lock_twin');
    await twin.query(damage + written);
    expect(await dump(database)).toBe(await dump(twin));
    await twin.drop();

    const again = await guardAt(database.url, KEYS, { indexes: 'create' }).apply();
    expect(again.status).toBe('repaired');
    expect((await guardAt(whole.url, KEYS, { indexes: 'create' }).apply()).status).toBe('repaired');
    expect(await dump(database)).toBe(await dump(whole));
    for (const { query } of [database, whole])
      expect(await query('select count(*)::int as rows from fk_guard.quarantine')).toEqual([
        { rows: damage.includes(SOUND) ? 0 : 2 },
      ]);
  },
);

test('killed during the look under the lock: not even the ledger is made', async () => {
  await database.query(TABLES);
  const before = await dump(database);
  await client.query('begin; select pg_advisory_xact_lock(6712167, 1)');
  const guard = guardAt(database.url, KEYS);
  const waiting = new Promise((resolve) => guard.on('wait', resolve));
  const applying = guard.apply().catch((error: unknown) => error);
  await waiting;
  const other = await connect(database.url);
  await other.query('begin; lock table child in access exclusive mode');
  await client.query('commit');
  await untilBlockedBy(database, await pidOf(other));
  await database.query(`select pg_terminate_backend(pid) from (${LOCK}) l`);
  await until(database, `select not exists (${LOCK}) as ok`);
  await other.query('commit');
  await other.end();
  const error = await applying;
  expect(error).toMatchObject({ code: 'RUNNER_LOST' });
  expect(exitCodeOfError(error, false)).toBe(1);
  expect(await dump(database)).toBe(before);
  expect(await database.query(`select from pg_namespace where nspname = 'fk_guard'`)).toEqual([]);
});
