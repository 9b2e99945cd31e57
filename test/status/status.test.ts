import { DataTypes, Sequelize } from 'sequelize';
import { createGuard } from 'sequelize-fk-guard';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { dump } from '../postgres/dump';
import { since } from '../postgres/version';
import {
  cascade,
  connect,
  containing,
  guardAt,
  matching,
  rowsOf,
  silent,
  type Key,
} from '../quarantine/setup';

let database: TestDatabase;

beforeEach(async () => {
  database = await createDatabase('status');
  await database.query(`
    create table parent (id integer primary key);
    create table child (id integer primary key, parent_id integer);
    create table low (child_id integer references child on delete cascade);
    insert into parent select i from generate_series(1, 100) i;
    insert into child select i, i from generate_series(1, 104) i;
    insert into low select i from generate_series(1, 104) i`);
});
afterEach(() => database.drop());

const KEY = cascade('public.child(parent_id)', 'public.parent(id)');
const NULLED: Key = { ...KEY, onDelete: 'SET NULL' };
const guard = (key = KEY) => guardAt(database.url, [key]);
const nothing = { rows: 0, open: 0, restored: 0 };

describe('the ledger', () => {
  test('is not there: nothing has been done, and nothing is made', async () => {
    const before = await dump(database);
    expect(await guard().status()).toEqual({
      schemaVersion: 1,
      database: {
        name: database.name,
        host: expect.any(String) as string,
        serverVersion: matching(/^\d+\.\d+$/),
      },
      ledger: { schema: 'fk_guard', state: 'none', runs: 0 },
      runs: [],
      notValid: [],
      quarantine: { ...nothing, bytes: 0, tables: [] },
    });
    expect(await dump(database)).toBe(before);
    expect(await database.query(`select 1 from pg_namespace where nspname = 'fk_guard'`)).toEqual([]);
  });

  test('has a schema and no tables yet', async () => {
    await database.query('create schema fk_guard; create table fk_guard.notes (id integer)');
    expect((await guard().status()).ledger).toEqual({ schema: 'fk_guard', state: 'empty', runs: 0 });
  });

  test.each([
    [
      'half created',
      'create table fk_guard.run (id uuid, resumes uuid, figures jsonb)',
      'LEDGER',
      'run.finished_at',
    ],
    ['without its quarantine', 'drop table fk_guard.quarantine', 'LEDGER', "the guard's ledger: quarantine."],
    [
      'with a column of another type',
      'alter table fk_guard.quarantine alter taken_at type text',
      'LEDGER',
      'quarantine.taken_at',
    ],
    [
      'of an application',
      'create table fk_guard.quarantine (id integer)',
      'OPTIONS',
      "a table quarantine that is not the guard's",
    ],
    [
      'of views',
      'create view fk_guard.run as select null::uuid as resumes, null::jsonb as figures',
      'OPTIONS',
      "a table run that is not the guard's",
    ],
  ])('is %s: the keys are told all the same', async (_, ddl, code, words) => {
    if (ddl.startsWith('create')) await database.query('create schema fk_guard');
    else await guard().apply();
    await database.query(
      'alter table child add constraint again foreign key (id) references parent not valid',
    );
    await database.query(ddl);
    const status = await guard().status();
    expect(status.ledger).toMatchObject({
      state: 'unusable',
      runs: 0,
      error: { code, message: containing(words) },
    });
    expect(status).toMatchObject({ runs: [], quarantine: nothing });
    expect(status.notValid.map(({ constraint }) => constraint)).toEqual(['again']);
  });

  test('may not be read by this role', async () => {
    await guard().apply();
    const role = await database.createRole();
    const limited = guardAt(role.url, [KEY]);
    expect((await limited.status()).ledger).toMatchObject({
      state: 'unusable',
      error: {
        code: 'PRIVILEGE',
        message: `The role ${role.name} lacks: USAGE on the schema fk_guard; SELECT on fk_guard.run; SELECT on fk_guard.step; SELECT on fk_guard.quarantine.`,
      },
    });
    await database.query(
      `grant usage on schema fk_guard to "${role.name}"; grant select on all tables in schema fk_guard to "${role.name}"`,
    );
    expect(await limited.status()).toMatchObject({
      ledger: { state: 'ready', runs: 1 },
      quarantine: { rows: 8 },
    });
    await database.query('alter table fk_guard.quarantine enable row level security');
    expect((await limited.status()).ledger).toMatchObject({
      state: 'unusable',
      error: { code: 'PRIVILEGE', message: containing('the right to read all rows of fk_guard') },
    });
    await database.query(`drop owned by "${role.name}"`);
  });

  test.each(['keep', 'We"ird; drop schema public; --', 'q'.repeat(63)])(
    'may stand in the schema %s',
    async (schema) => {
      const elsewhere = guardAt(database.url, [KEY], { quarantine: { schema } });
      const { runId } = await elsewhere.apply();
      expect(await elsewhere.status()).toMatchObject({
        ledger: { schema, state: 'ready', runs: 1 },
        runs: [{ runId, open: 8 }],
      });
      expect(await guard().status()).toMatchObject({ ledger: { state: 'none' } });
      expect(await elsewhere.purge({ olderThan: '1ms' })).toMatchObject({ rows: 8 });
    },
  );
});

test('runs: what each did, the latest first, open and put back', async () => {
  const { runId: first = '' } = await guard().apply();
  await database.query(`alter table child drop constraint child_parent_id_fkey;
    insert into child select i, i from generate_series(201, 203) i`);
  const { runId: second = '' } = await guard(NULLED).apply();
  await database.query('insert into parent values (101), (201)');
  await guard().restore(first);
  const status = await guard().status();
  expect(status.ledger).toEqual({ schema: 'fk_guard', state: 'ready', runs: 2 });
  expect(status.runs).toEqual([
    {
      runId: second,
      startedAt: matching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      durationMs: expect.any(Number) as number,
      status: 'repaired',
      goesOn: false,
      limited: false,
      rowsConverted: 0,
      ...{ rowsDeleted: 0, rowsNullified: 3, rowsReparented: 0, parentsCreated: 0, rowsQuarantined: 3 },
      ...{ open: 3, restored: 0 },
    },
    {
      runId: first,
      startedAt: expect.any(String) as string,
      durationMs: expect.any(Number) as number,
      status: 'repaired',
      goesOn: false,
      limited: false,
      rowsConverted: 0,
      ...{ rowsDeleted: 4, rowsNullified: 0, rowsReparented: 0, parentsCreated: 0, rowsQuarantined: 8 },
      ...{ open: 6, restored: 2 },
    },
  ]);
  expect((await guard().status({ runs: 0 })).runs).toHaveLength(2);
  await guard().purge({ olderThan: '1ms' });
  expect((await guard().status({ runs: 1 })).runs).toMatchObject([
    { runId: second, rowsNullified: 3, rowsQuarantined: 3, open: 0, restored: 0, purged: { rows: 3 } },
  ]);
  expect(await guard().status({ runs: 0 })).toMatchObject({ ledger: { runs: 2 }, runs: [] });
});

test('a migration is named', async () => {
  await guard().apply();
  await database.query(`update fk_guard.run set origin = '2026-fix-keys'`);
  expect((await guard().status()).runs).toMatchObject([{ origin: '2026-fix-keys' }]);
});

test.each([-1, 1.5, NaN, '3'])('a number of runs that is none (%p) is an OPTIONS error', async (runs) => {
  await expect(guard().status({ runs: runs as number })).rejects.toMatchObject({ code: 'OPTIONS' });
});

describe('what was interrupted', () => {
  /** As a process leaves it that died before the end of its run. */
  const die = (): Promise<unknown> =>
    database.query(`update fk_guard.run set status = 'running', figures = '{}', finished_at = null`);

  test.each([
    ['deleted', KEY, { rowsDeleted: 4, rowsNullified: 0, rowsReparented: 0, rowsQuarantined: 8 }],
    ['nullified', NULLED, { rowsDeleted: 0, rowsNullified: 4, rowsReparented: 0, rowsQuarantined: 4 }],
  ] as const)(
    'a run that died tells by its copies what it %s, also when they are purged',
    async (_, key, figures) => {
      await guard(key).apply();
      await die();
      const found = { status: 'interrupted', goesOn: true, ...figures };
      expect((await guard().status()).runs).toMatchObject([found]);
      await guard().purge({ olderThan: '1ms' });
      expect((await guard().status()).runs).toMatchObject([
        { ...found, open: 0, purged: { rows: figures.rowsQuarantined } },
      ]);
    },
  );

  test('reparented rows, and a quarantine of an earlier version that knows none', async () => {
    const options = { relations: { 'public.child.parent_id': { reparent: 1 } } };
    await guardAt(database.url, [KEY], options).apply();
    await die();
    expect((await guard().status()).runs).toMatchObject([{ rowsNullified: 0, rowsReparented: 4 }]);
    await database.query('alter table fk_guard.quarantine drop column given');
    expect((await guard().status()).runs).toMatchObject([{ rowsNullified: 4, rowsReparented: 0 }]);
    expect(await guard().purge({ olderThan: '1ms' })).toMatchObject({ rows: 4 });
  });

  test('is at work while somebody holds the lock of the single runner', async () => {
    await guard().apply();
    await die();
    const client = await connect(database.url);
    await client.query('begin; select pg_advisory_xact_lock(6712167, 1)');
    expect((await guard().status()).runs).toMatchObject([{ status: 'running' }]);
    await client.end();
  });

  test('is gone on from by the next run, and then it is history', async () => {
    const { runId: first } = await guard().apply();
    await die();
    await database.query(
      'alter table child drop constraint child_parent_id_fkey; insert into child values (201, 201)',
    );
    const { runId: second } = await guard().apply();
    expect((await guard().status()).runs).toMatchObject([
      { runId: second, status: 'repaired', resumes: first, goesOn: false },
      { runId: first, status: 'interrupted', goesOn: false },
    ]);
  });

  test('a limit that stopped a run is named', async () => {
    await database.query('insert into low select 101 + i % 4 from generate_series(1, 60) i');
    await guard().apply();
    expect((await guard().status()).runs).toMatchObject([{ status: 'refused', limited: true, goesOn: true }]);
  });
});

describe('keys that are NOT VALID', () => {
  const notValid = async (key = KEY) =>
    (await guard(key).status()).notValid.map(({ constraint, child, relation, enforced }) =>
      [`${child.schema}.${child.table}.${constraint}`, relation ?? '-', enforced].join(' '),
    );

  test('of all schemas, with the relation of the models where one is known', async () => {
    await database.query(`
      create schema "Other one";
      create table "Other one".stray (id integer);
      alter table "Other one".stray add constraint "stray;key" foreign key (id) references parent not valid;
      alter table child add constraint fence foreign key (parent_id) references parent on delete cascade not valid;
      alter table low add constraint proved foreign key (child_id) references child`);
    expect(await notValid()).toEqual([
      'Other one.stray.stray;key - true',
      'public.child.fence public.child.parent_id true',
    ]);
    expect((await guard().status()).notValid[1]).toEqual({
      constraint: 'fence',
      child: { schema: 'public', table: 'child', columns: ['parent_id'] },
      parent: { schema: 'public', table: 'parent', columns: ['id'] },
      relation: 'public.child.parent_id',
      enforced: true,
    });
  });

  test('by the name of the association, of models that are excluded too; no model at all is no error', async () => {
    await database.query(
      'alter table child add constraint fence foreign key (parent_id) references parent not valid',
    );
    const sequelize = new Sequelize(database.url, {
      logging: false,
      define: { timestamps: false, freezeTableName: true },
    });
    expect((await createGuard({ sequelize }, { logger: silent }).status()).notValid).toMatchObject([
      { constraint: 'fence' },
    ]);
    const Parent = sequelize.define('parent', {});
    sequelize
      .define('child', { parent_id: DataTypes.INTEGER })
      .belongsTo(Parent, { foreignKey: 'parent_id' });
    const excluding = createGuard({ sequelize }, { logger: silent, exclude: ['child'] });
    expect((await excluding.status()).notValid).toMatchObject([
      { constraint: 'fence', relation: 'child.parent_id' },
    ]);
    await sequelize.close();
  });

  test.each<readonly [string, string, string]>([
    [
      'one that points at its own table',
      'create table tree (id integer primary key, up integer); alter table tree add constraint up foreign key (up) references tree not valid',
      'public.tree.up - true',
    ],
    ...since<readonly [string, string, string]>(
      18,
      [
        'one of a partitioned table, once',
        `create table whole (id integer, parent_id integer) partition by list (id); create table part partition of whole for values in (1);
         alter table whole add constraint whole_key foreign key (parent_id) references parent not valid`,
        'public.whole.whole_key - true',
      ],
      [
        'one that is not enforced',
        'alter table child add constraint idle foreign key (parent_id) references parent not enforced',
        'public.child.idle public.child.parent_id false',
      ],
    ),
  ])('%s', async (_, ddl, line) => {
    await database.query(ddl);
    expect(await notValid()).toEqual([line]);
  });
});

test('the quarantine: rows, size and age of each table, open and put back', async () => {
  const { runId = '' } = await guard().apply();
  await database.query(`insert into parent values (101);
    update fk_guard.quarantine set taken_at = now() - interval '45 days 3 hours' where table_name = 'low'`);
  await guard().restore(runId);
  const { quarantine } = await guard().status();
  const [sizes] = await database.query<{ total: number; low: number }>(`
    select pg_total_relation_size('fk_guard.quarantine')::int as total,
           (select sum(pg_column_size(row_data))::int from fk_guard.quarantine where table_name = 'low') as low`);
  const [oldest] = await database.query<{ at: Date }>('select min(taken_at) as at from fk_guard.quarantine');
  expect(quarantine).toMatchObject({
    ...{ rows: 8, open: 6, restored: 2, bytes: sizes?.total, oldest: oldest?.at.toISOString() },
    tables: [
      { table: 'public.child', rows: 4, open: 3, restored: 1 },
      {
        table: 'public.low',
        rows: 4,
        open: 3,
        restored: 1,
        bytes: sizes?.low,
        oldest: oldest?.at.toISOString(),
      },
    ],
  });
  const days = (ms = 0): number => ms / 86_400_000;
  expect(days(quarantine.oldestMs)).toBeCloseTo(45.125, 2);
  expect(days(quarantine.tables[0]?.oldestMs)).toBeLessThan(1);
});

test('reads only: nothing is written, and check mode may ask', async () => {
  await guard().apply();
  const before = [
    await dump(database),
    ...(await rowsOf(database, 'fk_guard.run')),
    ...(await rowsOf(database, 'fk_guard.quarantine')),
  ];
  await guardAt(database.url, [KEY], { mode: 'check' }).status();
  expect([
    await dump(database),
    ...(await rowsOf(database, 'fk_guard.run')),
    ...(await rowsOf(database, 'fk_guard.quarantine')),
  ]).toEqual(before);
});
