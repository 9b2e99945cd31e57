import type { Outcome } from 'sequelize-fk-guard';
import { connect, containing, guardAt, pidOf, untilBlockedBy } from '../quarantine/setup';
import { naively, notIn } from './naive';
import { children, FENCE, KEYS, ownDatabase, upTo } from './setting';

// Before and after the fence, and the grandchild: test/quarantine/writers.test.ts.
const own = ownDatabase('uncommitted');
const NAIVE = notIn('child', 'parent_id', 'parent');
/** The same rows, where a delete would have to wait. */
const WOULD_GO = 'select from child where parent_id not in (select id from parent)';

/** Begins what makes parents, counts what would go, and commits only when the clean-up waits for it. */
async function appliedBeside(begun: string, naive: string): Promise<{ rows: number; outcome: Outcome }> {
  const { database } = own;
  const client = await connect(database.url);
  await client.query(begun);
  const rows = await naively(database.url, naive);
  const applying = guardAt(database.url, KEYS, { lockTimeout: '10s' }).apply();
  await untilBlockedBy(database, await pidOf(client));
  await client.query('commit');
  await client.end();
  return { rows, outcome: await applying };
}

test('a parent in a prepared transaction: its children wait for it, and nobody waits for ever', async () => {
  const { database } = own;
  const client = await connect(database.url);
  await client.query('begin; insert into parent select i from generate_series(101, 106) i');
  await client.query(`prepare transaction '${database.name}'`);
  await client.end();
  try {
    expect(await naively(database.url, NAIVE)).toBe(8);
    const guard = guardAt(database.url, KEYS, { lockBudget: '300ms' });
    const outcome = await guard.apply();
    expect(outcome.steps[0]).toMatchObject({ status: 'failed', error: { code: 'LOCK_TIMEOUT' } });
    expect(await children(database)).toBe(upTo(108));
  } finally {
    await database.query(`commit prepared '${database.name}'`);
  }
  expect(await guardAt(database.url, KEYS).apply()).toMatchObject({ rowsDeleted: 2 });
  expect(await children(database)).toBe(upTo(106));
});

test('a parent that a session without key checks is loading (session_replication_role = replica)', async () => {
  const { database } = own;
  await database.query(FENCE);
  const { rows, outcome } = await appliedBeside(
    'set session_replication_role = replica; begin; insert into parent select i from generate_series(101, 106) i',
    NAIVE,
  );
  expect(rows).toBe(8);
  expect(outcome.rowsDeleted).toBe(2);
  expect(await children(database)).toBe(upTo(106));
});

test('a parent whose own key, checked at the end, points back at the child', async () => {
  const { database } = own;
  await database.query(`${FENCE};
    alter table parent add favourite integer references child deferrable initially deferred`);
  const { rows, outcome } = await appliedBeside(
    'begin; insert into parent select i, i from generate_series(101, 106) i',
    WOULD_GO,
  );
  expect(rows).toBe(8);
  expect(await children(database)).toBe(upTo(106));
  expect(outcome.rowsDeleted).toBe(2);
});

test.each([`'repeatable read'`, 'serializable'])(
  'a snapshot from before the wait does not hide the parent (default_transaction_isolation = %s)',
  async (isolation) => {
    const { database } = own;
    await database.query(FENCE);
    await database.query(
      `alter database "${database.name}" set default_transaction_isolation = ${isolation}`,
    );
    const { rows, outcome } = await appliedBeside(
      'begin; insert into parent select i from generate_series(101, 106) i',
      NAIVE,
    );
    expect(rows).toBe(8);
    expect(outcome.rowsDeleted).toBe(2);
    expect(await children(database)).toBe(upTo(106));
  },
);

test('a partition with the parents that is attached while the batch waits', async () => {
  const { database } = own;
  await database.query(`
    drop table parent; create table parent (id integer primary key) partition by range (id);
    create table first partition of parent for values from (0) to (101); insert into first select i from generate_series(1, 100) i;
    create table second (id integer primary key); insert into second select i from generate_series(101, 106) i`);
  // In a partitioned table itself there is no row at all.
  expect(await naively(database.url, notIn('child', 'parent_id', 'only parent'))).toBe(108);
  await database.query(FENCE);
  const { rows } = await appliedBeside(
    'begin; alter table parent attach partition second for values from (101) to (200)',
    WOULD_GO.replace('from parent', 'from first'),
  );
  expect(rows).toBe(8);
  expect((await children(database)).startsWith(upTo(106))).toBe(true);
  await guardAt(database.url, KEYS).apply();
  expect(await children(database)).toBe(upTo(106));
});

test.each(['zero_damaged_pages', 'ignore_checksum_failure'])(
  '%s would hide parents on damaged pages: no row goes',
  async (setting) => {
    const { database } = own;
    await database.query(`alter database "${database.name}" set ${setting} = on`);
    expect(await naively(database.url, NAIVE)).toBe(8);
    const outcome = await guardAt(database.url, KEYS).apply();
    expect(outcome.steps.find(({ title }) => title.startsWith('Quarantine'))).toMatchObject({
      status: 'refused',
      error: { code: 'PRIVILEGE', message: containing(setting) },
    });
    expect(await children(database)).toBe(upTo(108));
  },
);
