import { once } from 'node:events';
import type { Client } from 'pg';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { expectAccounted, takePicture } from './accounted';
import { cascade, connect, containing, copies, guardAt, pidOf, until, untilBlockedBy } from './setup';

let database: TestDatabase;
let client: Client;

/** 200 children, of which 171 to 180 are orphans; three notes below each. */
beforeEach(async () => {
  database = await createDatabase('writers');
  await database.query(`
    create table parent (id integer primary key, note text);
    create table child (id integer primary key, parent_id integer, note text);
    create index on child (parent_id);
    create table low (id serial primary key, child_id integer references child on delete cascade, note text);
    insert into parent select i from generate_series(1, 200) i where i not between 171 and 180;
    insert into child select i, i from generate_series(1, 200) i;
    insert into low (child_id) select 1 + i % 200 from generate_series(1, 600) i`);
  client = await connect(database.url);
});
afterEach(async () => {
  await client.end();
  await database.drop();
});

const KEYS = [cascade('public.child(parent_id)', 'public.parent(id)')];
const NAIVE = `with gone as (delete from child where parent_id not in (select id from parent) returning 1) select count(*)::int as rows from gone`;

/** The key as a run that was interrupted leaves it: whoever waits now waits for the clean-up and not for the fence. */
const fence = (): Promise<unknown> =>
  database.query(
    'alter table child add constraint child_parent_id_fkey foreign key (parent_id) references parent on delete cascade not valid',
  );

/** What the usual clean-up would remove now; rolled back. */
async function naiveDelete(): Promise<number> {
  const other = await connect(database.url, 'naive');
  await other.query('begin');
  const { rows } = await other.query<{ rows: number }>(NAIVE);
  await other.query('rollback');
  await other.end();
  return rows[0]?.rows ?? 0;
}

test('a parent that was inserted and not committed before the fence keeps its children', async () => {
  const before = await takePicture(database);
  await client.query('begin');
  await client.query('insert into parent select i from generate_series(171, 176) i');
  expect(await naiveDelete()).toBe(10);

  const guard = guardAt(database.url, KEYS);
  const retried = new Promise<string>((resolve) => guard.on('retry', ({ what }) => resolve(what)));
  const applying = guard.apply();
  expect(await retried).toMatch(/^Fence: add child_parent_id_fkey/);
  await client.query('commit');

  expect(await applying).toMatchObject({ status: 'repaired', rowsDeleted: 4, rowsQuarantined: 16 });
  expect(
    await database.query('select count(*)::int as rows from child where id between 171 and 176'),
  ).toEqual([{ rows: 6 }]);
  await expectAccounted(database, withParents(before, await takePicture(database)));
});

test('a parent that was inserted after the fence and not committed keeps its children', async () => {
  await fence();
  await client.query('begin');
  await client.query('insert into parent select i from generate_series(171, 178) i');
  expect(await naiveDelete()).toBe(10);

  const guard = guardAt(database.url, KEYS);
  const retried = new Promise<string>((resolve) => guard.on('retry', ({ what }) => resolve(what)));
  const applying = guard.apply();
  expect(await retried).toBe('Quarantine and delete: orphans of public.child (parent_id)');
  await client.query('commit');

  expect(await applying).toMatchObject({ status: 'repaired', rowsDeleted: 2, rowsQuarantined: 8 });
  expect(await database.query('select id from child where id between 171 and 180')).toHaveLength(8);
});

test('a grandchild that is committed while the batch waits for a lock has its copy', async () => {
  await fence();
  const before = await takePicture(database);
  await client.query('begin');
  await client.query(
    `insert into low (child_id, note) select 171, 'late ' || i from generate_series(1, 5) i`,
  );
  const guard = guardAt(database.url, KEYS, { lockTimeout: '10s' });
  const applying = guard.apply();
  await untilBlockedBy(database, await pidOf(client));
  await client.query('commit');

  expect(await applying).toMatchObject({ status: 'repaired', rowsDeleted: 10, rowsQuarantined: 45 });
  expect(
    await database.query(
      `select count(*)::int as rows from fk_guard.quarantine where row_data ->> 'note' like 'late %'`,
    ),
  ).toEqual([{ rows: 5 }]);
  expect(await copies(database)).toEqual(['child delete 10', 'low delete 35']);
  expect((await takePicture(database)).get('public.child')).toHaveLength(
    (before.get('public.child')?.length ?? 0) - 10,
  );
});

test('a grandchild that is changed while the batch waits for it is copied as it is then', async () => {
  await fence();
  await client.query('begin');
  await client.query(`update low set note = 'changed' where child_id between 171 and 175`);
  const guard = guardAt(database.url, KEYS, { lockTimeout: '10s' });
  const applying = guard.apply();
  await untilBlockedBy(database, await pidOf(client));
  await client.query('commit');

  expect(await applying).toMatchObject({ status: 'repaired', rowsDeleted: 10, rowsQuarantined: 40 });
  expect(
    await database.query(
      `select count(*)::int as rows from fk_guard.quarantine where row_data ->> 'note' = 'changed'`,
    ),
  ).toEqual([{ rows: 15 }]);
});

test('a grandchild that is moved to a living parent while the batch waits survives, one moved to another orphan is copied', async () => {
  await fence();
  const before = await takePicture(database);
  await client.query('begin');
  await client.query(
    `update low set child_id = 1 where child_id = 171; update low set child_id = 173 where child_id = 172`,
  );
  const guard = guardAt(database.url, KEYS, { lockTimeout: '10s' });
  const applying = guard.apply();
  await untilBlockedBy(database, await pidOf(client));
  await client.query('commit');

  expect(await applying).toMatchObject({ status: 'repaired', rowsDeleted: 10, rowsQuarantined: 37 });
  expect((await takePicture(database)).get('public.low')).toHaveLength(
    (before.get('public.low')?.length ?? 0) - 27,
  );
  expect(await copies(database)).toEqual(['child delete 10', 'low delete 27']);
});

test('an orphan that is given a parent while the batch waits for it survives; one that only moves is cleaned after all', async () => {
  await fence();
  await client.query('begin');
  await client.query(
    `update child set parent_id = 1 where id = 171; update child set note = 'moved' where id = 172`,
  );
  const guard = guardAt(database.url, KEYS, { lockTimeout: '10s' });
  const applying = guard.apply();
  await untilBlockedBy(database, await pidOf(client));
  await client.query('commit');

  expect(await applying).toMatchObject({ status: 'repaired', rowsDeleted: 9, rowsQuarantined: 36 });
  expect(await database.query('select id from child where id between 171 and 180')).toEqual([{ id: 171 }]);
  expect(
    await database.query(
      `select row_data ->> 'note' as note from fk_guard.quarantine where table_name = 'child' and row_data ->> 'id' = '172'`,
    ),
  ).toEqual([{ note: 'moved' }]);
});

test('when every listed orphan finds a parent meanwhile there is nothing to complain about', async () => {
  await fence();
  await client.query('begin');
  await client.query('update child set parent_id = 1 where id between 171 and 180');
  const guard = guardAt(database.url, KEYS, { lockTimeout: '10s' });
  const applying = guard.apply();
  await untilBlockedBy(database, await pidOf(client));
  await client.query('commit');
  expect(await applying).toMatchObject({
    status: 'repaired',
    rowsDeleted: 0,
    rowsQuarantined: 0,
    remaining: [],
  });
  expect(await database.query('select count(*)::int as rows from child')).toEqual([{ rows: 200 }]);
});

test('a client that holds a row and then wants the parent is let through; the batch tries again', async () => {
  await fence();
  await client.query('begin');
  await client.query(`update child set note = 'busy' where id = 175`);
  const guard = guardAt(database.url, KEYS);
  const retries: string[] = [];
  guard.on('retry', ({ what, code }) => retries.push(`${code} ${what}`));
  const applying = guard.apply();
  await until(
    database,
    `select exists (select from pg_stat_activity where $1 = any (pg_blocking_pids(pid))) as ok`,
    [await pidOf(client)],
  );
  // The guard holds the parent in SHARE mode for its batch, so that this waits for it and it waits for us.
  await client.query(`insert into parent values (175, 'came back')`);
  await client.query('commit');

  expect(await applying).toMatchObject({ status: 'repaired', rowsDeleted: 9 });
  expect(await database.query('select note from child where id = 175')).toEqual([{ note: 'busy' }]);
  expect(retries.length).toBeGreaterThan(0);
  expect(retries.every((retry) => retry.startsWith('55P03'))).toBe(true);
});

test('nobody can add a key below while a batch is on its way', async () => {
  await fence();
  await database.query(
    'create table late (low_id integer); insert into late select id from low where child_id = 171',
  );
  await client.query('begin');
  await client.query('select from child where id = 175 for update');
  const applying = guardAt(database.url, KEYS, { lockTimeout: '10s' }).apply();
  await untilBlockedBy(database, await pidOf(client));
  const adding = database.query(`begin; set local lock_timeout = '200ms';
    alter table late add foreign key (low_id) references low on delete cascade; commit`);
  await expect(adding).rejects.toMatchObject({ code: '55P03' });
  await database.query('rollback');
  await client.query('commit');
  expect(await applying).toMatchObject({ status: 'repaired', rowsDeleted: 10, rowsQuarantined: 40 });
  expect(await database.query('select count(*)::int as rows from late')).toEqual([{ rows: 3 }]);
});

test('a value that was set to null twice in one run comes back as it was the last time', async () => {
  await fence();
  await database.query(`create table loose (id integer primary key, child_id integer references child on delete set null);
    insert into loose values (1, 171)`);
  await client.query('begin');
  await client.query('select from child where id = 172 for update');
  const guard = guardAt(database.url, KEYS, { lockTimeout: '10s', batchSize: 1 });
  const applying = guard.apply();
  await untilBlockedBy(database, await pidOf(client));
  await client.query('update loose set child_id = 172 where child_id is null');
  await client.query('commit');
  const { runId } = await applying;
  expect(await copies(database)).toEqual(['child delete 10', 'loose change 2', 'low delete 30']);

  await database.query('insert into parent select i from generate_series(171, 180) i');
  const reason = 'it has a new value in child_id';
  expect(await guard.restore(runId ?? '')).toMatchObject({
    restored: 41,
    failed: [{ table: 'public.loose', reason }],
  });
  expect(await database.query('select * from loose')).toEqual([{ id: 1, child_id: 172 }]);
});

test('the listing waits for a table lock, tries again, and says who held it when it gives up', async () => {
  await fence();
  const guard = guardAt(database.url, KEYS);
  const reached = new Promise<void>((resolve) =>
    guard.on('step', ({ title }) => title.startsWith('Quarantine') && resolve()),
  );
  const locked = reached.then(async () => {
    await client.query('begin');
    await client.query('lock table parent in access exclusive mode');
  });
  const retried = new Promise<void>((resolve) => guard.on('retry', () => resolve()));
  const applying = guard.apply();
  await Promise.all([locked, retried]);
  await client.query('commit');
  expect(await applying).toMatchObject({ status: 'repaired', rowsDeleted: 10, rowsQuarantined: 40 });
});

test('two guards at once do everything once', async () => {
  const before = await takePicture(database);
  const [one, two] = [
    guardAt(database.url, KEYS, { batchSize: 1 }),
    guardAt(database.url, KEYS, { batchSize: 1 }),
  ];
  const outcomes = await Promise.all([one.apply(), two.apply()]);
  expect(outcomes.map(({ rowsDeleted }) => rowsDeleted).sort()).toEqual([0, 10]);
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['clean', 'repaired']);
  await expectAccounted(database, before);
  expect(await database.query(`select status from fk_guard.run`)).toEqual([{ status: 'repaired' }]);
});

/** Holds the parent while the batches wait, lets `meanwhile` happen, and lets them go. */
async function whileTheBatchWaits(meanwhile: string) {
  await fence();
  await client.query('begin');
  await client.query('lock table parent in row exclusive mode');
  const guard = guardAt(database.url, KEYS);
  const retried = once(listening(guard), 'retry');
  const applying = guard.apply();
  await retried;
  await database.query(meanwhile);
  await client.query('commit');
  return applying;
}

function listening(guard: ReturnType<typeof guardAt>): EventTarget {
  const target = new EventTarget();
  guard.on('retry', ({ what }) => what.startsWith('Quarantine') && target.dispatchEvent(new Event('retry')));
  return target;
}

test.each([
  [
    'a key',
    `create table late (child_id integer references child on delete cascade); insert into late values (171)`,
  ],
  [
    'a trigger',
    `create function f() returns trigger language plpgsql as 'begin return old; end'; create trigger t before delete on low for each row execute function f()`,
  ],
  ['a rule', `create rule r as on delete to low do instead nothing`],
  [
    'another action',
    `alter table low drop constraint low_child_id_fkey, add constraint low_child_id_fkey foreign key (child_id) references child on delete set null`,
  ],
])('stops with nothing removed when somebody makes %s in the middle', async (_, meanwhile) => {
  const before = await takePicture(database);
  const outcome = await whileTheBatchWaits(meanwhile);
  expect(outcome.steps.find(({ title }) => title.startsWith('Quarantine'))).toMatchObject({
    status: 'failed',
    rows: 0,
    error: { code: 'CASCADE_MOVED' },
  });
  const after = await takePicture(database);
  expect([...before].map(([id]) => after.get(id))).toEqual([...before.values()]);
  expect(await copies(database)).toEqual([]);
});

test('stops with nothing removed when the parent is emptied in the middle', async () => {
  await database.query(
    'truncate low, child; insert into child select i, 1 from generate_series(1, 7) i; insert into child values (8, 171)',
  );
  const outcome = await whileTheBatchWaits(
    'begin; set local session_replication_role = replica; delete from parent; commit',
  );
  expect(outcome.steps.find(({ title }) => title.startsWith('Quarantine'))).toMatchObject({
    status: 'refused',
    rows: 0,
    error: { code: 'LIMIT', advice: containing('limits: { fraction: 1 }') },
  });
  expect(await database.query('select count(*)::int as rows from child')).toEqual([{ rows: 8 }]);
});

/** The same picture with the parents that stand in the other one. */
const withParents = (
  picture: ReadonlyMap<string, readonly string[]>,
  other: ReadonlyMap<string, readonly string[]>,
) => new Map([...picture, ['public.parent', other.get('public.parent') ?? []]]);
