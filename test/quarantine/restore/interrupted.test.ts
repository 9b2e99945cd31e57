import { createDatabase, type TestDatabase } from '../../postgres/database';
import { cascade, connect, guardAt, pidOf, rowsOf, untilBlockedBy } from '../setup';

let database: TestDatabase;

beforeEach(async () => {
  database = await createDatabase('restore_interrupted');
  await database.query(`
    create table parent (id integer primary key);
    create table child (id integer primary key, parent_id integer);
    create table grandchild (id integer primary key, child_id integer references child on delete cascade);
    insert into parent values (1);
    insert into child values (1, 1), (2, 98);
    insert into grandchild values (1, 1), (2, 2);
    alter table child add constraint own foreign key (parent_id) references parent on delete cascade not valid`);
});
afterEach(() => database.drop());

const guard = (lockBudget: string) =>
  guardAt(database.url, [cascade('public.child(parent_id)', 'public.parent(id)')], {
    limits: { fraction: 1 },
    lockBudget,
  });

const keys = async (): Promise<unknown> =>
  (
    await database.query(
      `select string_agg(conname || ' ' || convalidated, ', ' order by conname) as keys from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace`,
    )
  )[0]?.['keys'];

/** The grandchildren cannot be written, while the keys can be taken out. */
async function withRowsHeld(run: (holder: number) => Promise<void>): Promise<void> {
  const client = await connect(database.url);
  await client.query('begin; lock table grandchild in share mode');
  try {
    await run(await pidOf(client));
  } finally {
    await client.end();
  }
}

const BOTH = 'grandchild_child_id_fkey true, own false';

test('a restore that gets no lock on rows brings the keys back before it gives up', async () => {
  const { runId = '' } = await guard('30s').apply();
  await withRowsHeld(async () => {
    await expect(guard('300ms').restore(runId, { schema: true })).rejects.toMatchObject({
      code: 'LOCK_TIMEOUT',
    });
    expect(await keys()).toBe(BOTH);
    expect(await rowsOf(database, 'child')).toEqual(['(1,1)']);
  });
  expect(await guard('30s').restore(runId, { schema: true })).toMatchObject({ restored: 2, failed: [] });
  expect(await rowsOf(database, 'child')).toEqual(['(1,1)', '(2,98)']);
  expect(await keys()).toBe(BOTH);
});

test('a restore that was killed is gone on with by the next one, which brings the keys back', async () => {
  const { runId = '' } = await guard('30s').apply();
  await withRowsHeld(async (holder) => {
    const killed = guard('30s').restore(runId, { schema: true });
    const error = killed.catch((thrown: unknown) => thrown);
    await untilBlockedBy(database, holder);
    await database.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'fk-guard'`,
    );
    expect(await error).toMatchObject({ code: 'CONNECTION' });
    expect(await keys()).toBe('grandchild_child_id_fkey true');
  });
  expect(await guard('30s').restore(runId)).toMatchObject({ restored: 2, failed: [] });
  expect(await rowsOf(database, 'child')).toEqual(['(1,1)', '(2,98)']);
  expect(await keys()).toBe(BOTH);
});
