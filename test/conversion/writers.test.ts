import type { FkGuardOptions } from 'sequelize-fk-guard';
import type { Client } from 'pg';
import { full } from '../extent';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { connect, copies, guardAt, pidOf, until, untilBlockedBy } from '../quarantine/setup';

let database: TestDatabase;
const clients: Client[] = [];
beforeEach(async () => {
  database = await createDatabase('conversion_writers');
  await database.query(`
    create table parent (id integer primary key);
    create table child (id integer primary key, note text, parent_id text not null);
    create index child_parent on child (parent_id);
    insert into parent select i from generate_series(1, 500) i;
    insert into child select i, 'n' || i, (1 + i % 500)::text from generate_series(1, 12000) i`);
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.end()));
  await database.drop();
});

const application = async (): Promise<Client> => {
  const client = await connect(database.url);
  clients.push(client);
  return client;
};

const KEY = { child: 'public.child(parent_id)', parent: 'public.parent(id)', type: 'integer' } as const;
const LARGE = { limits: { rewriteRows: 10_000 } } as const;
/** A guard does not queue behind a transaction that is older than one of its tries; here it shall. */
const QUEUEING = { lockTimeout: '10s' } as const;
const guard = (more: FkGuardOptions = {}) => guardAt(database.url, [KEY], { ...LARGE, ...more });

/** What the rows of one writer must be when all is over. */
type Expected = Map<number, number | undefined>;

/** Inserts, changes and deletes rows of its own until it is told to stop; no statement of it may fail. */
async function write(client: Client, first: number, stop: { now: boolean }): Promise<Expected> {
  const expected: Expected = new Map();
  for (let i = 0; !stop.now; i++) {
    const [fresh, changed, gone] = [
      100_000 * first + i,
      first + 8 * (i % 600),
      first + 8 * (600 + (i % 600)),
    ];
    const parent = 1 + ((i * 7) % 500);
    // The text differs from the number's every third time; the literal fits both types.
    const text = i % 3 === 0 ? `00${parent}` : `${parent}`;
    await client.query(`insert into child values (${fresh}, 'new', '${text}')`);
    expected.set(fresh, parent);
    await client.query(`update child set parent_id = '${text}' where id = ${changed}`);
    expected.set(changed, parent);
    await client.query(`delete from child where id = ${gone}`);
    expected.set(gone, undefined);
  }
  return expected;
}

test('no write is lost while a column is converted beside running applications', async () => {
  const stop = { now: false };
  const sessions = [await application(), await application(), await application()];
  const writers = sessions.map((client, i) => write(client, i + 1, stop));
  const outcome = await guard().apply();
  stop.now = true;
  const expected = await Promise.all(writers);
  expect(outcome).toMatchObject({ status: 'repaired', remaining: [] });
  const rows = await database.query<{ id: number; parent_id: number }>('select id, parent_id from child');
  const found = new Map(rows.map(({ id, parent_id }) => [id, parent_id]));
  const written = new Map(expected.flatMap((own) => [...own]));
  expect(written.size).toBeGreaterThan(300);
  const wrong = [...written].filter(([id, parent]) => found.get(id) !== parent);
  expect(wrong).toEqual([]);
  const untouched = rows.filter(({ id }) => id <= 12_000 && !written.has(id));
  expect(untouched.filter(({ id, parent_id }) => parent_id !== 1 + (id % 500))).toEqual([]);
  expect(untouched).toHaveLength(12_000 - [...written.keys()].filter((id) => id <= 12_000).length);
});

// A writer that comes while the swap waits for its lock waits behind it, until the swap has waited for too long.
test.each([
  ['before the swap', 'row exclusive'] as const,
  ...(full ? [['while the swap waits', 'access share'] as const] : []),
])('a writer whose session fires no triggers is found %s, and its value is taken along', async (_, mode) => {
  const [holder, replica] = [await application(), await application()];
  const applied = guard(QUEUEING).apply();
  await until(database, `select exists (select from pg_trigger where tgname like 'zzz%') as ok`);
  await holder.query(`begin; lock table child in ${mode} mode`);
  await untilBlockedBy(database, await pidOf(holder));
  await replica.query(
    `set session_replication_role = replica; update child set parent_id = '077' where id = 1`,
  );
  await holder.query('commit');
  const outcome = await applied;
  expect(outcome).toMatchObject({ status: 'repaired', remaining: [] });
  expect(outcome.steps.flatMap(({ error }) => error?.message ?? [])).toEqual([
    '1 row of public.child was written without the trigger that keeps parent_id_fk_guard in step.',
  ]);
  expect(await database.query('select parent_id from child where id = 1')).toEqual([{ parent_id: 77 }]);
  expect(await copies(database)).toEqual(['child change 1']);
});

test('a value that comes in while the conversion in place waits for its lock is not lost', async () => {
  await database.query(`
    drop table child;
    create table child (id integer primary key, parent_id uuid);
    create index on child (parent_id);
    insert into child select i, md5(i::text)::uuid from generate_series(1, 5) i`);
  const writer = await application();
  const applying = guardAt(database.url, [KEY], {
    relations: { 'public.child.parent_id': { disposable: true } },
    ...QUEUEING,
  });
  await writer.query(`begin; insert into child values (9, '6a1f7b0c-0000-4000-8000-000000000001')`);
  const applied = applying.apply();
  await untilBlockedBy(database, await pidOf(writer));
  await writer.query('commit');
  expect(await applied).toMatchObject({
    status: 'repaired',
    remaining: [],
    rowsDeleted: 6,
    rowsQuarantined: 6,
  });
  expect(await database.query('select * from child')).toEqual([]);
  expect(await copies(database)).toEqual(['child delete 6']);
});
