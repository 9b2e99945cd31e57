import { DataTypes, Sequelize } from 'sequelize';
import { installFkGuard } from 'sequelize-fk-guard';
import { createDatabase, type TestDatabase } from '../postgres/database';
import {
  connect,
  containing,
  copies,
  guardAt,
  pidOf,
  rowsOf,
  silent,
  untilBlockedBy,
} from '../quarantine/setup';

/** What may happen to a table between the steps of a conversion beside a running application. */
let database: TestDatabase;
let sequelize: Sequelize;
beforeEach(async () => {
  database = await createDatabase('half_way');
  await database.query(`
    create table parents (id serial primary key);
    create table children (id serial primary key, "parentId" text not null default '1');
    create index children_parent on children ("parentId");
    insert into parents values (1), (2);
    insert into children ("parentId") values ('1'), ('02')`);
  sequelize = new Sequelize(database.url, { logging: false, define: { timestamps: false } });
});
afterEach(async () => {
  await sequelize.close();
  await database.drop();
});

const KEY = { child: 'public.children(parentId)', parent: 'public.parents(id)', type: 'integer' } as const;
const LARGE = { limits: { rewriteRows: 1 } } as const;
const guard = () => guardAt(database.url, [KEY], LARGE);

function define(): void {
  const parent = sequelize.define('Parent', {}, { tableName: 'parents' });
  const child = sequelize.define(
    'Child',
    { parentId: { type: DataTypes.INTEGER, allowNull: false, defaultValue: 1 } },
    { tableName: 'children' },
  );
  child.belongsTo(parent, { foreignKey: 'parentId', onDelete: 'CASCADE' });
}

/** Carries the first steps out by hand, as a run that was killed leaves them. */
async function stopAfter(steps: number): Promise<void> {
  const plan = await guard().plan();
  for (const { statements } of plan.steps.slice(0, steps)) {
    for (const { sql } of statements) await database.query(sql);
    // What the step without statements does: the trigger fills each row that is written.
    if (statements.length === 0) await database.query('update children set id = id');
  }
}

const columns = async (): Promise<string[]> =>
  (
    await database.query<{ name: string }>(
      `select attname as name from pg_attribute where attrelid = 'children'::regclass and attnum > 0 and not attisdropped order by 1`,
    )
  ).map(({ name }) => name);

test('sync({ alter: true }) of an application without the guard cannot take the column from under its trigger', async () => {
  sequelize.define(
    'Child',
    { parentId: { type: DataTypes.TEXT, allowNull: false } },
    { tableName: 'children' },
  );
  await stopAfter(1);
  await expect(sequelize.sync({ alter: true })).rejects.toMatchObject({ parent: { code: '2BP01' } });
  await database.query(`insert into children ("parentId") values ('2')`);
  expect(await columns()).toContain('parentId_fk_guard');
});

test('sync({ alter: true }) with the guard leaves it alone, and the conversion goes on after it', async () => {
  const locks = { lockTimeout: '50ms', lockBudget: '200ms' } as const;
  const installed = installFkGuard(sequelize, { logger: silent, ...locks, ...LARGE });
  define();
  await stopAfter(1);
  const reader = await connect(database.url);
  await reader.query('begin; lock table children in access share mode');
  // When the guard has given the swap up, the reader lets Sequelize's own statements through.
  installed.on('verify', () => void reader.query('commit'));
  let between: string[] = [];
  sequelize.addHook('afterBulkSync', async () => {
    between = await columns();
    await database.query(`insert into children ("parentId") values ('2')`);
  });
  await sequelize.sync({ alter: true });
  await reader.end();
  expect(between).toEqual(['id', 'parentId', 'parentId_fk_guard']);
  expect(await columns()).toEqual(['id', 'parentId']);
  expect(await rowsOf(database, 'children')).toEqual(['(1,1)', '(2,2)', '(3,2)']);
  expect(await copies(database)).toEqual(['children change 1']);
});

const meanwhile: readonly [what: string, sql: string, still: string][] = [
  [
    'an index',
    'create index more on children ("parentId", id)',
    `select from pg_class where relname = 'more'`,
  ],
  [
    'a default',
    `alter table children alter "parentId" set default '2'`,
    `select from pg_attrdef where adrelid = 'children'::regclass and pg_get_expr(adbin, adrelid) = '2'`,
  ],
  [
    'a comment',
    `comment on column children."parentId" is 'whose'`,
    `select from pg_attribute where attrelid = 'children'::regclass and attname = 'parentId' and col_description(attrelid, attnum) = 'whose'`,
  ],
  [
    'a privilege',
    'grant select ("parentId") on children to public',
    `select from pg_attribute where attrelid = 'children'::regclass and attname = 'parentId' and attacl is not null`,
  ],
];
test.each(meanwhile)(
  '%s that comes to the column while the swap waits is taken along',
  async (_, sql, still) => {
    const { steps } = await guard().plan();
    await stopAfter(steps.findIndex(({ title }) => title.startsWith('Put ')));
    // What the step without statements does: the trigger fills each row that is written.
    await database.query('update children set id = id');
    const application = await connect(database.url);
    await application.query('begin; select from children');
    // It would not queue behind a transaction that is older than one try.
    const applied = guardAt(database.url, [KEY], { ...LARGE, lockTimeout: '10s' }).apply();
    await untilBlockedBy(database, await pidOf(application));
    await application.query(`${sql}; commit`);
    const { status, remaining, steps: done } = await applied;
    await application.end();
    expect({ status, remaining }).toEqual({ status: 'repaired', remaining: [] });
    expect(done.flatMap(({ error }) => error?.code ?? [])).toEqual(['PLAN_STALE']);
    expect(await database.query(still)).toHaveLength(1);
    expect(await columns()).toEqual(['id', 'parentId']);
  },
);

test('a trigger that comes to the table stops the filling: what it makes of a row would not be copied', async () => {
  await stopAfter(1);
  await database.query(`
    create function touch() returns trigger language plpgsql as 'begin new.id := new.id + 100; return new; end';
    create trigger touching before update on children for each row execute function touch()`);
  const outcome = await guardAt(database.url, [KEY], {
    ...LARGE,
    triggers: ['public.children.touching'],
  }).apply();
  expect(outcome).toMatchObject({ status: 'refused', steps: [] });
  expect(outcome.remaining.find(({ kind }) => kind === 'type-mismatch')?.refusal).toEqual({
    code: 'USER_TRIGGER',
    option: 'limits: { rewriteRows: 2 }',
    message:
      'the trigger or rule public.children.touching would act on every row of public.children while a second column is filled; a conversion in place fires none',
  });
  expect(await rowsOf(database, 'children')).toEqual(['(1,1,)', '(2,02,)']);
});

test('so does one that comes while it is filled', async () => {
  await database.query(`insert into children ("parentId") select '1' from generate_series(1, 500)`);
  const filling = guardAt(database.url, [KEY], { ...LARGE, batchSize: 1 });
  let coming: Promise<unknown> | undefined;
  filling.on('batch', () => {
    coming ??= database.query(`
      create function touch() returns trigger language plpgsql as 'begin new.id := -new.id; return new; end';
      create trigger touching before update on children for each row execute function touch()`);
  });
  const outcome = await filling.apply();
  await coming;
  expect(outcome.steps.find(({ error }) => error)?.error).toMatchObject({
    code: 'USER_TRIGGER',
    message: 'The trigger touching has come to public.children and would act on every row that is filled.',
  });
  expect(await database.query('select from children where id < 0')).toEqual([]);
  expect(await database.query('select from children where "parentId_fk_guard" is null')).not.toEqual([]);
});

test('a second column of another type than is wanted now is nobody’s to fill', async () => {
  await stopAfter(1);
  await database.query('alter table parents alter id type bigint');
  const { findings } = await guardAt(database.url, [{ ...KEY, type: 'bigint' }], LARGE).check();
  expect(findings.find(({ kind }) => kind === 'type-mismatch')?.refusal?.message).toEqual(
    containing('a second column cannot take over a column parentId_fk_guard of your own'),
  );
});

test('the new column has statistics, in place and by a second column', async () => {
  for (const rewriteRows of [1, 10]) {
    await guardAt(database.url, [KEY], { limits: { rewriteRows } }).apply();
    expect(
      await database.query(
        `select from pg_stats where tablename = 'children' and attname = 'parentId' and null_frac = 0`,
      ),
    ).toHaveLength(1);
    await database.query(
      `alter table children drop constraint "children_parentId_fkey", alter "parentId" drop default, alter "parentId" type text`,
    );
  }
});
