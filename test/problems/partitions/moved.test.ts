import { createGuard, fkGuardMigration } from 'sequelize-fk-guard';
import { DataTypes, Sequelize } from 'sequelize';
import { createDatabase, type TestDatabase } from '../../postgres/database';
import { difference, stateOf } from '../../problem-tester/state';
import { inOneGo } from './setting';

const SCHEMA = `
  create table people (id int primary key);
  create table log (no int, person int) partition by range (no);
  create index on log (person);
  create table log_1 partition of log for values from (0) to (10);
  create table log_2 partition of log for values from (10) to (20);
  insert into people values (1), (2);
  insert into log values (1, 1), (2, 2), (11, 1)`;
const KEY = { child: 'public.log(person)', parent: 'public.people(id)', onDelete: 'CASCADE' } as const;
const silent = { debug() {}, info() {}, warn() {}, error() {} };

let database: TestDatabase;
beforeEach(async () => {
  database = await createDatabase('partitions_moved');
  await database.query(SCHEMA);
});
afterEach(() => database.drop());

const guardOf = (options = {}) =>
  createGuard({ url: database.url, foreignKeys: [KEY] }, { ...options, logger: silent });

/** The keys of the log and its partitions: whose they are, and whether a whole's key has adopted them. */
const keys = () =>
  database.query<{ name: string; table: string; oid: string; of: string | null }>(
    `select c.conname as name, c.conrelid::regclass::text as table, c.oid::text, p.conname as of
       from pg_constraint c left join pg_constraint p on p.oid = c.conparentid
      where c.contype = 'f' and c.conrelid::regclass::text like 'log%' and c.convalidated order by 2`,
  );

test('a partition that is attached after the plan was made makes the plan stale, or is simply done too', async () => {
  const guard = guardOf();
  const plan = await guard.plan();
  await database.query('create table log_3 partition of log for values from (20) to (30)');
  // Where partitions need steps of their own the plan has none for the new one.
  const applied = await guard.apply(plan).then(
    ({ status }) => status,
    (error: unknown) => (error as { code: string }).code,
  );
  expect(applied).toBe(inOneGo ? 'repaired' : 'PLAN_STALE');
  expect((await guard.apply()).status).toBe(inOneGo ? 'clean' : 'repaired');
  expect((await keys()).map(({ table }) => table)).toEqual(['log', 'log_1', 'log_2', 'log_3']);
});

test('a partition that is detached after the plan was made keeps its rows, whatever they are', async () => {
  await database.query('insert into log values (12, 99)');
  const guard = guardOf({ orphans: 'delete' });
  const plan = await guard.plan();
  await database.query('alter table log detach partition log_2');
  await guard.apply(plan).catch(() => undefined);
  await guard.apply();
  expect(await database.query('select no, person from log_2 order by no')).toEqual([
    { no: 11, person: 1 },
    { no: 12, person: 99 },
  ]);
  expect((await keys()).map(({ table }) => table)).toEqual(['log', 'log_1']);
});

const before18 = inOneGo ? [] : ['before PostgreSQL 18'];
for (const version of before18) {
  test(`${version}: a partition that comes between the proofs and the adoption is not scanned under the lock`, async () => {
    // DDL within DDL: the new partition is there as soon as the last proof is committed.
    await database.query(`
      create function come() returns event_trigger language plpgsql as $$ begin
        if to_regclass('public.log_3') is null
           and 2 = (select count(*) from pg_constraint where contype = 'f' and convalidated and conrelid in ('public.log_1'::regclass, 'public.log_2'::regclass)) then
          create table public.log_3 partition of public.log for values from (20) to (30);
        end if;
      end $$;
      create event trigger late on ddl_command_end when tag in ('ALTER TABLE') execute function come()`);
    const { steps, status, remaining } = await guardOf().apply();
    const [failed] = steps.filter(({ error }) => error);
    expect(failed?.error).toMatchObject({
      code: 'PLAN_STALE',
      message:
        'Nothing was done: there are partitions without a valid key of their own, attached since the plan was made: public.log_3.',
    });
    // The next round of the same run has a step for it.
    expect({ status, remaining }).toEqual({ status: 'repaired', remaining: [] });
    expect((await keys()).map(({ table, of }) => [table, of])).toEqual([
      ['log', null],
      ['log_1', 'log_person_fkey'],
      ['log_2', 'log_person_fkey'],
      ['log_3', 'log_person_fkey'],
    ]);
  });

  test(`${version}: every partition is fenced before rows go, and proved before anything is adopted`, async () => {
    await database.query('insert into log values (4, 44)');
    const { steps } = await guardOf().plan();
    expect(steps.map(({ change, requires }) => `${change.op} after ${requires.join()}`)).toEqual([
      'add-foreign-key after ',
      'add-foreign-key after ',
      'clean-orphans after 1,2',
      'validate-foreign-key after 1,2,3',
      'validate-foreign-key after 1,2,3',
      'adopt-foreign-key after 1,2,3,4,5',
    ]);
  });

  test(`${version}: the keys of the partitions are adopted as they are, and not made anew`, async () => {
    const guard = guardOf();
    const plan = await guard.plan();
    for (const { statements } of plan.steps.slice(0, -1))
      for (const { sql } of statements) if (!sql.startsWith('lock')) await database.query(sql);
    const proved = await keys();
    expect(proved.map(({ table, of }) => [table, of])).toEqual([
      ['log_1', null],
      ['log_2', null],
    ]);
    expect((await guard.apply()).steps.map(({ title }) => title)).toEqual([
      'Join the keys of the partitions of public.log in log_person_fkey, ON DELETE CASCADE',
    ]);
    expect((await keys()).filter(({ table }) => table !== 'log')).toEqual(
      proved.map((key) => ({ ...key, of: 'log_person_fkey' })),
    );
  });

  test(`${version}: while the old and the new key stand side by side no row loses its fence`, async () => {
    await database.query(
      'alter table log add constraint old foreign key (person) references people on delete restrict',
    );
    const plan = await guardOf().plan();
    for (const { statements } of plan.steps) {
      for (const { sql } of statements) if (!sql.startsWith('lock')) await database.query(sql);
      await expect(database.query('insert into log values (3, 77)')).rejects.toMatchObject({ code: '23503' });
      await expect(database.query('insert into log values (13, 77)')).rejects.toMatchObject({
        code: '23503',
      });
    }
    await database.query('delete from people where id = 1');
    expect(await database.query('select no from log')).toEqual([{ no: 2 }]);
  });
}

test('fence: true stops new orphans in every partition and leaves the old ones', async () => {
  await database.query('insert into log values (4, 44), (14, 44)');
  const guard = createGuard(
    { url: database.url, foreignKeys: [{ child: KEY.child, parent: KEY.parent }] },
    { fence: true, logger: silent },
  );
  expect((await guard.apply()).steps.map(({ status }) => status)).toEqual(
    inOneGo ? ['done'] : ['done', 'done'],
  );
  for (const no of [3, 13])
    await expect(database.query(`insert into log values (${no}, 77)`)).rejects.toMatchObject({
      code: '23503',
    });
  expect(await database.query('select no from log where person = 44 order by 1')).toEqual([
    { no: 4 },
    { no: 14 },
  ]);
  expect((await guard.apply()).steps).toEqual([]);
});

test.each([
  '',
  'alter table log add constraint old foreign key (person) references people on delete restrict',
])('a migration is taken back, %j and all', async (old) => {
  if (old !== '') await database.query(old);
  const before = await stateOf(database);
  const sequelize = new Sequelize(database.url, { logging: false, define: { timestamps: false } });
  const person = sequelize.define('person', {}, { tableName: 'people' });
  const log = sequelize.define('log', { no: DataTypes.INTEGER }, { tableName: 'log' });
  log.removeAttribute('id');
  log.belongsTo(person, { as: 'whom', foreignKey: 'person', onDelete: 'CASCADE' });
  const migration = fkGuardMigration({ sequelize: () => sequelize, logger: silent });
  try {
    const context = sequelize.getQueryInterface();
    await migration.up({ context });
    expect((await stateOf(database)).schema.filter((line) => /CASCADE/.test(line))).toHaveLength(3);
    await migration.down({ context });
  } finally {
    await sequelize.close();
  }
  const valid = (lines: readonly string[]) => lines.map((line) => line.replace(' NOT VALID', ''));
  const after = await stateOf(database);
  expect(difference(before, { ...after, schema: valid(after.schema) })).toEqual([]);
});
