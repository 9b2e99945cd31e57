import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { dump } from '../postgres/dump';
import { guardFor, RUN, scriptCases, scriptFor, SMALL } from './cases';
import { runScript } from './psql';

let databases: TestDatabase[] = [];
afterEach(async () => {
  await Promise.all(databases.map((database) => database.drop()));
  databases = [];
});

async function damaged(schema: string): Promise<TestDatabase> {
  const database = await createDatabase('script');
  databases.push(database);
  await database.query(schema);
  return database;
}

const COPIES =
  'select table_name, action, level, via, changed_columns, given, row_data from fk_guard.quarantine order by row_data::text';

describe('a script leaves the database and the copies that apply leaves, and its run goes back as any other', () => {
  it.each(scriptCases)('$title', async (one) => {
    const byScript = await damaged(one.schema);
    const byApply = await damaged(one.schema);
    const findings = (await guardFor(one, byScript.url).check()).findings.length;
    await runScript(byScript.url, await scriptFor(one, byScript));
    const outcome = await guardFor(one, byApply.url).apply();
    expect({ status: outcome.status, findings: findings > 0 }).toEqual({
      status: 'repaired',
      findings: true,
    });
    expect(await dump(byScript)).toBe(await dump(byApply));
    expect(await byScript.query(COPIES)).toEqual(await byApply.query(COPIES));
    const restored = await guardFor(one, byApply.url).restore(outcome.runId ?? '', { schema: true });
    expect(await guardFor(one, byScript.url).restore(RUN, { schema: true })).toMatchObject({
      restored: restored.restored,
      failed: [],
    });
    expect(await dump(byScript)).toBe(await dump(byApply));
  });

  it('is a run that status knows', async () => {
    const [one] = scriptCases;
    if (!one) throw new Error('no case');
    const database = await damaged(one.schema);
    await runScript(database.url, await scriptFor(one, database));
    expect(await guardFor(one, database.url).status()).toMatchObject({
      runs: [
        {
          runId: RUN,
          origin: 'psql',
          status: 'repaired',
          rowsDeleted: 1200,
          rowsQuarantined: 1200,
          goesOn: false,
        },
      ],
    });
    expect((await guardFor(one, database.url).check()).findings).toEqual([]);
  });
});

test('a script is as it was reviewed', async () => {
  const database = await damaged(SMALL.schema);
  const script = (await scriptFor(SMALL, database))
    .replaceAll(database.name, 'library')
    .replace(/PostgreSQL [\d.]+/, 'PostgreSQL 18')
    .replace(/"seen":.*?\}/, '"seen":{"child":[16390,2],"parent":[16385,1]}')
    .replace(/'\[\d+,1\]'/, "'[16385,1]'")
    .replace(/'\[\d+,2\]'/, "'[16390,2]'");
  const file = join(__dirname, 'one-orphan.sql');
  if (process.env['FK_GUARD_GOLDEN'] === 'write') writeFileSync(file, script);
  expect(script).toBe(readFileSync(file, 'utf8'));
});

describe('a script stops, and no row goes, where', () => {
  const rows = (database: TestDatabase) => database.query('select * from checkouts order by id');

  it.each([
    [
      'more rows are orphans than were shown',
      'insert into checkouts values (4, 98)',
      /More rows of public\.checkouts/,
    ],
    [
      'the parent was emptied',
      'truncate users; delete from checkouts where id < 3',
      /is empty, so every row/,
    ],
    [
      'a key leads further down',
      'alter table fines add foreign key (checkout_id) references checkouts on delete cascade; insert into fines values (1, 3)',
      /Rows of public\.fines point at orphans of public\.checkouts through fines_checkout_id_fkey/,
    ],
    [
      'a trigger would act',
      `create function f() returns trigger language plpgsql as 'begin return null; end';
       create trigger t before delete on checkouts for each row execute function f()`,
      /A trigger or rule of public\.checkouts/,
    ],
    ['a rule would act', 'create rule r as on delete to checkouts do instead nothing', /A trigger or rule/],
    [
      'the child has become a parent by inheritance',
      'create table more () inherits (checkouts)',
      /partitioned or inherited/,
    ],
  ])('%s', async (_, since, message) => {
    const database = await damaged(SMALL.schema);
    const script = await scriptFor(SMALL, database);
    await database.query(since);
    const before = await rows(database);
    await expect(runScript(database.url, script)).rejects.toThrow(message);
    expect(await rows(database)).toEqual(before);
    expect(await database.query('select from fk_guard.quarantine')).toEqual([]);
  });

  it('is the wrong database, a guard is at work, or the session checks no keys', async () => {
    const database = await damaged(SMALL.schema);
    const script = await scriptFor(SMALL, database);
    const elsewhere = await damaged(SMALL.schema);
    await expect(runScript(elsewhere.url, script)).rejects.toThrow(/This script is for the database/);
    await expect(
      runScript(database.url, `set session_replication_role = replica;\n${script}`),
    ).rejects.toThrow(/checks no keys/);
    const guard = new Client({ connectionString: database.url });
    await guard.connect();
    try {
      await guard.query('select pg_advisory_lock(6712167, 1)');
      await expect(runScript(database.url, script)).rejects.toThrow(/A guard is at work/);
    } finally {
      await guard.end();
    }
    expect(await database.query(`select from pg_namespace where nspname = 'fk_guard'`)).toEqual([]);
  });

  it('has been run before', async () => {
    const database = await damaged(SMALL.schema);
    const script = await scriptFor(SMALL, database);
    await runScript(database.url, script);
    await expect(runScript(database.url, script)).rejects.toThrow(/run_pkey/);
  });
});

test('a key that was replaced since is not dropped', async () => {
  const one = {
    title: '',
    schema: `create table users (id integer primary key); create table checkouts (id integer primary key, user_id integer);
      create index on checkouts (user_id);
      alter table checkouts add constraint k foreign key (user_id) references users on delete restrict`,
    foreignKeys: SMALL.foreignKeys,
  };
  const database = await damaged(one.schema);
  const script = await scriptFor(one, database);
  await database.query(
    'alter table checkouts drop constraint k, add constraint k foreign key (user_id) references users on delete set null',
  );
  const before = await dump(database);
  await expect(runScript(database.url, script)).rejects.toThrow(/is not what it was when the plan was made/);
  expect(await dump(database)).toBe(before);
});

test('what only the guard can do ends the script, before anything that comes after it', async () => {
  const one = {
    title: '',
    schema: `create table users (id integer primary key); create table checkouts (id integer primary key, user_id text);
      insert into users values (1); insert into checkouts values (1, '1');`,
    foreignKeys: [{ ...SMALL.foreignKeys[0], type: 'integer' }],
  };
  const database = await damaged(one.schema);
  const script = await scriptFor(one, database);
  const before = await dump(database);
  await expect(runScript(database.url, script)).rejects.toThrow(/Step 1 is for fk-guard apply/);
  expect(await dump(database)).toBe(before);
  expect(script).toMatch(/-- Step 2: .* \(not reached\)\n/);
});
