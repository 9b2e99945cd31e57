import { createDatabase, type TestDatabase } from '../postgres/database';
import { since } from '../postgres/version';
import { expectAccounted, takePicture } from './accounted';
import { cascade, containing, copies, guardAt, matching, type Key } from './setup';

let database: TestDatabase;

beforeEach(async () => {
  database = await createDatabase('refused');
  await database.query(`
    create table parent (id integer primary key);
    create table child (id integer primary key, parent_id integer unique, code integer unique);
    insert into parent select i from generate_series(1, 20) i;
    insert into child select i, i, 100 + i from generate_series(1, 20) i;
    insert into child values (21, 71, 121), (22, 72, 122)`);
});
afterEach(() => database.drop());

const CHILD = cascade('public.child(parent_id)', 'public.parent(id)');
const NULLED: Key = { child: 'public.child(parent_id)', parent: 'public.parent(id)', onDelete: 'SET NULL' };

/** What stands below the orphans 21 and 22, and why it keeps them. */
const BLOCKED: readonly {
  readonly title: string;
  readonly below: string;
  readonly code: string;
  readonly keys?: readonly Key[];
  readonly message: RegExp;
}[] = [
  {
    title: 'NO ACTION',
    below: `create table low (child_id integer constraint low_key references child); insert into low values (1), (22)`,
    code: 'CASCADE_BLOCKED',
    message: /^1 row points at orphans of public\.child through low_key/,
  },
  {
    title: 'RESTRICT below a cascade, three levels down',
    below: `
      create table a (id integer primary key, up integer references child on delete cascade);
      create table b (id integer primary key, up integer references a on delete cascade);
      create table low (up integer constraint low_key references b on delete restrict);
      insert into a values (1, 21); insert into b values (1, 1), (2, 1); insert into low values (1), (2)`,
    code: 'CASCADE_BLOCKED',
    message: /^2 rows point at orphans of public\.child through low_key/,
  },
  {
    title: 'NO ACTION that is deferred to the commit',
    below: `create table low (child_id integer constraint low_key references child deferrable initially deferred); insert into low values (22)`,
    code: 'CASCADE_BLOCKED',
    message: /through low_key/,
  },
  {
    title: 'a relation of the models that has no key, and whose own author wrote none',
    below: `create table low (child_id integer); insert into low values (21), (21), (1), (999)`,
    keys: [CHILD, { child: 'public.low(child_id)', parent: 'public.child(id)' }],
    code: 'CASCADE_BLOCKED',
    message: /^2 rows point at orphans of public\.child through public\.low\(child_id\), which has no key/,
  },
  // NOT ENFORCED keys are of PostgreSQL 18.
  ...since(18, {
    title: 'a key that is not enforced',
    below: `create table low (child_id integer, constraint low_key foreign key (child_id) references child on delete cascade not enforced); insert into low values (21)`,
    code: 'CASCADE_BLOCKED',
    message: /through low_key/,
  }),
  {
    title: 'a key whose triggers are off',
    below: `create table low (child_id integer constraint low_key references child on delete set null); insert into low values (21); alter table child disable trigger all`,
    code: 'CASCADE_BLOCKED',
    message: /through low_key/,
  },
  {
    title: 'a key at a column that SET NULL would change behind it',
    below: `
      create table mid (id integer primary key, child_code integer unique constraint mid_key references child (code) on delete set null);
      create table low (mid_code integer constraint low_key references mid (child_code) on update cascade);
      insert into mid values (1, 121), (2, 101); insert into low values (121), (101)`,
    code: 'CASCADE_BLOCKED',
    message: /^1 row points at orphans of public\.child through low_key/,
  },
  {
    title: 'a key at a column that is computed from one that SET NULL would change',
    below: `
      create table mid (id integer primary key, child_code integer constraint mid_key references child (code) on delete set null,
        twice integer generated always as (child_code * 2) stored unique);
      create table low (twice integer constraint low_key references mid (twice) on update cascade);
      insert into mid values (1, 121), (2, 101); insert into low values (242), (202)`,
    code: 'CASCADE_BLOCKED',
    message: /through low_key/,
  },
];

test.each(BLOCKED)('removes nothing above $title', async ({ below, keys = [CHILD], code, message }) => {
  await database.query(below);
  const before = await takePicture(database);
  const outcome = await guardAt(database.url, keys).apply();

  const cleaning = outcome.steps.find(({ title }) =>
    title.startsWith('Quarantine and delete: orphans of public.child'),
  );
  expect(cleaning).toMatchObject({ status: 'refused', rows: 0, error: { code, message: matching(message) } });
  expect(outcome).toMatchObject({ status: 'refused', rowsDeleted: 0, rowsQuarantined: 0 });
  expect(await takePicture(database)).toEqual(before);
  expect(await copies(database)).toEqual([]);
  expect(await database.query(`select status, figures ->> 'deleted' as deleted from fk_guard.run`)).toEqual([
    { status: 'refused', deleted: '0' },
  ]);
  expect(
    await database.query(
      `select count(*)::int as rows from fk_guard.step where change ->> 'op' = 'clean-orphans'`,
    ),
  ).toEqual([{ rows: 0 }]);
});

test('sets no key to null that another key, added by the same plan, points at', async () => {
  await database.query(`create table low (up integer); insert into low values (71), (1)`);
  const before = await takePicture(database);
  const keys = [
    NULLED,
    { ...cascade('public.low(up)', 'public.child(parent_id)'), onUpdate: 'CASCADE' as const },
  ];
  const outcome = await guardAt(database.url, keys).apply();
  expect(outcome).toMatchObject({ status: 'refused', rowsNullified: 0, rowsQuarantined: 0 });
  expect(outcome.steps.find(({ status }) => status === 'refused')).toMatchObject({
    error: { code: 'CASCADE_BLOCKED' },
  });
  expect(await takePicture(database)).toEqual(before);
});

test('the trigger of a table that only a key of the same plan makes reachable does not fire unasked', async () => {
  await database.query(`
    create table low (child_id integer); insert into low values (21), (1);
    create function log_it() returns trigger language plpgsql as 'begin insert into public.logged values (old.child_id); return old; end';
    create table logged (id integer);
    create trigger logs before delete on low for each row execute function log_it()`);
  const before = await takePicture(database);
  const keys = [CHILD, cascade('public.low(child_id)', 'public.child(id)')];
  const outcome = await guardAt(database.url, keys).apply();
  expect(outcome.steps.find(({ title }) => title.startsWith('Quarantine'))).toMatchObject({
    status: 'refused',
    error: { code: 'USER_TRIGGER', advice: containing(`triggers: ['public.low.logs']`) },
  });
  expect(await takePicture(database)).toEqual(before);

  expect(await guardAt(database.url, keys, { triggers: ['public.low.logs'] }).apply()).toMatchObject({
    status: 'repaired',
    rowsDeleted: 2,
    rowsQuarantined: 3,
  });
  expect(await database.query('select id from logged')).toEqual([{ id: 21 }]);
});

test('follows the keys at a partitioned table when the rows go from one of its partitions', async () => {
  await database.query(`
    create table whole (id integer primary key, parent_id integer) partition by range (id);
    create table part partition of whole for values from (0) to (100);
    create table below_whole (whole_id integer references whole on delete cascade, note text);
    insert into whole select i, i from generate_series(1, 20) i;
    insert into whole values (21, 71);
    insert into below_whole values (21, 'goes'), (1, 'stays')`);
  const before = await takePicture(database);
  const outcome = await guardAt(database.url, [
    cascade('public.part(parent_id)', 'public.parent(id)'),
  ]).apply();
  expect(outcome).toMatchObject({ status: 'repaired', rowsDeleted: 1, rowsQuarantined: 2 });
  expect(await copies(database)).toEqual(['below_whole delete 1', 'part delete 1']);
  expect((await takePicture(database)).get('public.below_whole')).toHaveLength(1);
  expect(before.get('public.below_whole')).toHaveLength(2);
});

test('a trigger of a partition counts, wherever the delete begins', async () => {
  await database.query(`
    create table whole (id integer primary key, child_id integer references child on delete set null) partition by range (id);
    create table part partition of whole for values from (0) to (100);
    create function noop() returns trigger language plpgsql as 'begin return new; end';
    create trigger looks before update on part for each row execute function noop();
    insert into whole values (1, 21)`);
  const before = await takePicture(database);
  const plan = await guardAt(database.url, [CHILD]).plan();
  expect(plan.refusals).toContainEqual(
    expect.objectContaining({ code: 'USER_TRIGGER', option: `triggers: ['public.part.looks']` }),
  );
  const outcome = await guardAt(database.url, [CHILD], { triggers: ['public.part.looks'] }).apply();
  expect(outcome).toMatchObject({ status: 'repaired', rowsDeleted: 2, rowsQuarantined: 3 });
  await expectAccounted(database, before);
});

test('a trigger of a partitioned table counts when the rows go from one of its partitions', async () => {
  await database.query(`
    create table whole (id integer, parent_id integer) partition by range (id);
    create table part partition of whole for values from (0) to (100);
    create function noop() returns trigger language plpgsql as 'begin return old; end';
    create trigger looks after delete on whole for each row execute function noop();
    insert into whole select i, i from generate_series(1, 20) i;
    insert into whole values (21, 71)`);
  const plan = await guardAt(database.url, [cascade('public.part(parent_id)', 'public.parent(id)')]).plan();
  expect(plan.refusals).toContainEqual(
    expect.objectContaining({ code: 'USER_TRIGGER', option: `triggers: ['public.part.looks']` }),
  );
});
