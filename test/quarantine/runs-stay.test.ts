import { createDatabase, type TestDatabase } from '../postgres/database';
import { RUN, scriptFor } from '../script/cases';
import { runScript } from '../script/psql';
import { cascade, connect, containing, copies, guardAt, pidOf, untilBlockedBy } from './setup';

let database: TestDatabase;
beforeEach(async () => {
  database = await createDatabase('runs_stay');
  await database.query(`
    create table parent (id integer primary key);
    create table child (id integer primary key, parent_id integer);
    insert into parent select i from generate_series(1, 100) i;
    insert into child select i, i from generate_series(1, 104) i`);
});
afterEach(() => database.drop());

const KEY = cascade('public.child(parent_id)', 'public.parent(id)');
const guard = (url = database.url) => guardAt(url, [KEY]);
const clean = async (): Promise<string> => (await guard().apply()).runId ?? '';
const damageAgain = (): Promise<unknown> =>
  database.query(
    'alter table child drop constraint child_parent_id_fkey; insert into child values (201, 201)',
  );

/** The steps still have a key, and would refuse first. */
const withoutSteps = (runId: string): Promise<unknown> =>
  database.query(`delete from fk_guard.step where run_id = '${runId}'`);

/** What keeps copies and runs together, by the catalog. */
const kept = (): Promise<unknown[]> =>
  database.query(`
    select conname as name, convalidated as on from pg_constraint where conrelid = 'fk_guard.quarantine'::regclass and contype = 'f'
     union all select tgname, tgenabled = 'O' from pg_trigger where tgrelid = 'fk_guard.run'::regclass and not tgisinternal order by 1`);
const TRIGGERS = [
  { name: 'fk_guard_restrict_run', on: true },
  { name: 'fk_guard_restrict_runs', on: true },
];
const OLD_KEY = [{ name: 'quarantine_run_id_fkey', on: true }];

/** A ledger as versions with a key have made it. */
const asOnce = `drop function fk_guard.fk_guard_restrict_run() cascade;
  alter table fk_guard.quarantine add foreign key (run_id) references fk_guard.run (id)`;

const WAYS = [
  'delete from fk_guard.run',
  `update fk_guard.run set id = '${RUN}'`,
  'truncate fk_guard.run cascade',
  'truncate fk_guard.run, fk_guard.step',
];

test('a run that is at work, or has copies, does not go in any way; once they are purged it does', async () => {
  await withoutSteps(await clean());
  const allRefuse = async (message: string): Promise<void> => {
    for (const statement of WAYS)
      await expect(database.query(statement)).rejects.toMatchObject({
        code: '23503',
        message: containing(message),
      });
  };
  await allRefuse('has copies in fk_guard.quarantine (4)');
  await database.query(`update fk_guard.run set id = id, origin = 'by hand', status = 'running'`);
  await allRefuse('is at work');
  await database.query(`update fk_guard.run set status = 'repaired', started_at = '2020-01-01';
    update fk_guard.quarantine set taken_at = '2020-01-01'`);
  expect(await guard().purge({ olderThan: '30d' })).toMatchObject({ rows: 4 });
  for (const statement of WAYS) await database.query(`begin; ${statement}; rollback`);
  expect(await database.query('delete from fk_guard.run returning status')).toEqual([{ status: 'repaired' }]);
});

test('a snapshot of before sees no new copies, and is no way around', async () => {
  await withoutSteps(await clean());
  await expect(
    database.query('begin isolation level repeatable read; delete from fk_guard.run'),
  ).rejects.toMatchObject({ code: '25000', message: containing('READ COMMITTED only') });
  await database.query('rollback');
});

test('a policy hides no copy from it', async () => {
  await withoutSteps(await clean());
  const role = await database.createRole();
  await database.query(`grant usage on schema fk_guard to "${role.name}"; grant all on all tables in schema fk_guard to "${role.name}";
    alter table fk_guard.quarantine enable row level security`);
  const client = await connect(role.url);
  await expect(client.query('delete from fk_guard.run')).rejects.toMatchObject({ code: '42501' });
  await client.end();
});

/** A run in whose batch another session, which it waits for, holds a row. */
async function inTheMiddle(meanwhile: () => Promise<void>): Promise<unknown> {
  const client = await connect(database.url);
  await client.query('begin');
  await client.query('select from child where id = 104 for update');
  const running = guardAt(database.url, [KEY], { lockTimeout: '20s' }).apply();
  await untilBlockedBy(database, await pidOf(client));
  await meanwhile();
  await client.query('commit');
  await client.end();
  return running;
}

test('a run that somebody else has closed stays while a batch of it is not committed', async () => {
  const other = await connect(database.url);
  let deleted: Promise<unknown> = Promise.resolve();
  const outcome = await inTheMiddle(async () => {
    const [worker] = await database.query<{ pid: number }>(
      `select pid from pg_locks where locktype = 'advisory' and classid = 6712167 and objid = 2 and granted
          and database = (select oid from pg_database where datname = current_database())`,
    );
    await other.query(`delete from fk_guard.step; update fk_guard.run set status = 'interrupted'`);
    deleted = other.query('delete from fk_guard.run').catch((error: unknown) => error);
    await untilBlockedBy(database, worker?.pid ?? 0);
  });
  expect(await deleted).toMatchObject({ code: '23503', message: containing('(4)') });
  await other.end();
  expect(outcome).toMatchObject({ status: 'repaired', rowsDeleted: 4 });
  expect(await copies(database)).toEqual(['child delete 4']);
});

test('no copy is made for a run that is gone', async () => {
  await database.query(`create function gone() returns event_trigger language plpgsql as $$
      begin
        if to_regclass('fk_guard.orphan_list') is null then return; end if;
        delete from fk_guard.step; update fk_guard.run set status = 'interrupted'; delete from fk_guard.run;
      end $$;
    create event trigger gone on ddl_command_end when tag in ('CREATE TABLE AS') execute function gone()`);
  const { steps } = await guard().apply();
  expect(steps.find(({ status }) => status === 'failed')).toMatchObject({ error: { code: 'LEDGER' } });
  expect(await database.query('select count(*)::int as rows from child')).toEqual([{ rows: 104 }]);
});

/** One more orphan; the copies of both runs come back. */
async function expectGoesOn(runId: string, url = database.url): Promise<void> {
  await damageAgain();
  const outcome = await guard(url).apply();
  expect(outcome).toMatchObject({ status: 'repaired', rowsQuarantined: 1 });
  await database.query('insert into parent values (101), (102), (103), (104), (201)');
  expect(await guard(url).restore(runId)).toMatchObject({ restored: 4, failed: [] });
  expect(await guard(url).restore(outcome.runId ?? '')).toMatchObject({ restored: 1, failed: [] });
}

test('a new ledger has no key, one of an earlier version loses it, and its copies come back', async () => {
  const runId = await clean();
  expect(await kept()).toEqual(TRIGGERS);
  await database.query(asOnce);
  expect(await kept()).toEqual(OLD_KEY);
  await expectGoesOn(runId);
  expect(await kept()).toEqual(TRIGGERS);
});

test('somebody who reads the copies keeps the key, and not the run, waiting', async () => {
  await clean();
  await damageAgain();
  await database.query(asOnce);
  const reader = await connect(database.url);
  await reader.query('begin; select from fk_guard.quarantine');
  expect(await guard().apply()).toMatchObject({ status: 'repaired', rowsQuarantined: 1 });
  await reader.end();
  expect(await kept()).toEqual(OLD_KEY);
});

test('a trigger that somebody has disabled takes no key away, and is no reason to make one', async () => {
  const runId = await clean();
  await database.query(`alter table fk_guard.run disable trigger fk_guard_restrict_run;
    alter table fk_guard.quarantine add foreign key (run_id) references fk_guard.run (id)`);
  await expectGoesOn(runId);
  const off = TRIGGERS.map(({ name }, i) => ({ name, on: i === 1 }));
  expect(await kept()).toEqual([...off, ...OLD_KEY]);
});

/** What a role needs that owns the child only. */
async function limited(): Promise<{ readonly name: string; readonly url: string }> {
  const role = await database.createRole();
  await database.query(`drop table if exists fk_guard.orphan_list;
    grant all on schema public, fk_guard to "${role.name}"; grant all on all tables in schema public to "${role.name}";
    alter table child owner to "${role.name}";
    grant select, insert, update, delete on all tables in schema fk_guard to "${role.name}"`);
  return role;
}

test.each([
  ['of an earlier version', asOnce, OLD_KEY],
  ['of this one', '', TRIGGERS],
])("a ledger that is somebody else's works as before: %s", async (_, as, before) => {
  const runId = await clean();
  await database.query(as);
  await expectGoesOn(runId, (await limited()).url);
  expect(await kept()).toEqual(before);
});

test("copies get the key where their runs are somebody else's, who allows no trigger", async () => {
  await clean();
  await damageAgain();
  await database.query(`${asOnce}; drop table fk_guard.quarantine`);
  const { name, url } = await limited();
  await database.query(`grant references on fk_guard.run to "${name}"`);
  expect(await guard(url).apply()).toMatchObject({ status: 'repaired', rowsQuarantined: 1 });
  expect(await kept()).toEqual(OLD_KEY);
});

test('a script does the same, and its run stays', async () => {
  await clean();
  await damageAgain();
  await database.query(asOnce);
  await runScript(database.url, await scriptFor({ title: '', schema: '', foreignKeys: [KEY] }, database));
  expect(await kept()).toEqual(TRIGGERS);
  await withoutSteps(RUN);
  await expect(database.query(`delete from fk_guard.run where id = '${RUN}'`)).rejects.toMatchObject({
    code: '23503',
  });
});
