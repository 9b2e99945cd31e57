import { Sequelize } from 'sequelize';
import { databaseOf, withSession } from '../../src/db';
import { postgresInstance } from '../../src/model/sequelize-instance';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { cascade, connect, guardAt, pidOf, until, untilBlockedFor } from '../quarantine/setup';

const RELATIONS = 9;
const names = Array.from({ length: RELATIONS }, (_, i) => `c${i}`);
const KEYS = names.map((name) => cascade(`public.${name}(parent_id)`, 'public.parents(id)'));

let database: TestDatabase;
beforeEach(async () => {
  database = await createDatabase('concurrency');
  await database.query(`create table parents (id int primary key); insert into parents select generate_series(1, 5);
    ${names
      .map(
        (name, i) => `create table ${name} (id int primary key, parent_id int);
          insert into ${name} select g, g from generate_series(1, ${5 + i}) g;`,
      )
      .join('\n')}`);
});
afterEach(() => database.drop());

/** Nobody can count anything until it is rolled back. */
async function holdAll() {
  const holder = await connect(database.url);
  await holder.query(`begin; lock table ${names.join(', ')} in access exclusive mode`);
  return { holder, pid: await pidOf(holder) };
}

const BLOCKED = 'select count(*) = $2 as ok from pg_stat_activity where $1 = any (pg_blocking_pids(pid))';

const sessions = async (): Promise<number> => {
  const [row] = await database.query<{ n: number }>(
    `select count(*)::int as n from pg_stat_activity where datname = current_database()
        and backend_type = 'client backend' and application_name not in ('judge', 'application')`,
  );
  return row?.n ?? 0;
};

it.each([
  { options: { concurrency: 1 }, atOnce: 1 },
  { options: { concurrency: 3 }, atOnce: 3 },
  { options: {}, atOnce: 4 },
])('has $atOnce sessions under $options, and says the same', async ({ options, atOnce }) => {
  const { holder, pid } = await holdAll();
  const looking = guardAt(database.url, KEYS, options).check();
  await until(database, BLOCKED, [pid, atOnce]);
  expect(await sessions()).toBe(atOnce);
  await holder.end();
  const { relations, findings, summary, notMeasured } = await looking;
  const alone = await guardAt(database.url, KEYS, { concurrency: 1 }).check();
  expect({ relations, findings, summary, notMeasured }).toEqual({
    relations: alone.relations,
    findings: alone.findings,
    summary: alone.summary,
    notMeasured: alone.notMeasured,
  });
  // 0 + 1 + … + 8
  expect(summary.orphanRows).toBe(36);
  expect(relations.map(({ child }) => child.table)).toEqual(names);
});

it('opens no second session where the first is soon done', async () => {
  const role = await database.createRole('connection limit 1');
  await database.query(`grant select on all tables in schema public to "${role.name}"`);
  expect((await guardAt(role.url, KEYS).check()).summary.orphanRows).toBe(36);
});

it('does without sessions that it cannot have', async () => {
  const role = await database.createRole('connection limit 2');
  await database.query(`grant select on all tables in schema public to "${role.name}"`);
  const { holder, pid } = await holdAll();
  const looking = guardAt(role.url, KEYS).check();
  // Two that ask for the last connection at the same time may both be refused, so nobody knows how many there are.
  await untilBlockedFor(database, pid, 500);
  await holder.end();
  expect((await looking).summary.orphanRows).toBe(36);
});

it('fails as a whole where one session fails, and leaves none', async () => {
  const { holder, pid } = await holdAll();
  const looking = guardAt(database.url, KEYS).check();
  const told = looking.catch((error: unknown) => error);
  await until(database, BLOCKED, [pid, 4]);
  await database.query(
    `select pg_terminate_backend(pid) from (
       select pid from pg_stat_activity where $1 = any (pg_blocking_pids(pid)) order by backend_start desc limit 1) last`,
    [pid],
  );
  await holder.end();
  expect(await told).toMatchObject({ code: 'CONNECTION' });
  await until(
    database,
    `select not exists (select from pg_stat_activity where datname = current_database()
        and backend_type = 'client backend' and application_name <> 'judge') as ok`,
  );
});

it.each([
  [undefined, 4],
  [3, 2],
  [1, 1],
  [50, 4],
])('leaves one of the pool to the application: a pool of %p, %i at once', async (max, atOnce) => {
  const sequelize = new Sequelize(database.url, { logging: false, ...(max && { pool: { max } }) });
  await withSession(databaseOf(postgresInstance(sequelize)), async (session) => {
    expect(session.atOnce).toBe(atOnce);
  });
  await sequelize.close();
});
