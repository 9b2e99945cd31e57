import type { FkGuardOptions, Outcome } from 'sequelize-fk-guard';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { expectAccounted, takePicture } from './accounted';
import { cascade, guardAt } from './setup';

let database: TestDatabase;

/** 10 orphans among 200 children, three rows below each: 40 rows go. */
beforeEach(async () => {
  database = await createDatabase('caps');
  await database.query(`
    create table parent (id integer primary key);
    create table child (id integer primary key, parent_id integer);
    create index on child (parent_id);
    create table low (id serial primary key, child_id integer references child on delete cascade);
    insert into parent select i from generate_series(1, 190) i;
    insert into child select i, i from generate_series(1, 200) i;
    insert into low (child_id) select 1 + i % 200 from generate_series(1, 600) i`);
});
afterEach(() => database.drop());

const KEYS = [cascade('public.child(parent_id)', 'public.parent(id)')];

/** Applies again and again until a run does not end before its time. */
async function untilDone(options: FkGuardOptions, keys = KEYS): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  do outcomes.push(await guardAt(database.url, keys, options).apply());
  while (outcomes.at(-1)?.status === 'partial' && outcomes.length < 30);
  return outcomes;
}

const list = () => database.query(`select to_regclass('fk_guard.orphan_list') as list`);

test('a run takes no more rows than maxRunRows, cascades included, and the next one goes on', async () => {
  const before = await takePicture(database);
  const first = await guardAt(database.url, KEYS, { maxRunRows: 10 }).apply();
  expect(first).toMatchObject({ status: 'partial', rowsDeleted: 2, rowsQuarantined: 8 });
  expect(first.steps.map(({ status, rows }) => `${status} ${rows}`)).toEqual([
    'done 0',
    'stopped 2',
    'skipped 0',
  ]);
  expect(first.steps[1]?.error).toEqual({
    code: 'CAPPED',
    message:
      'Quarantine and delete: orphans of public.child (parent_id): this run has removed or changed 8 rows, and maxRunRows lets it do no more.',
    advice: 'Run again to go on; what is done stays done.',
  });
  expect(first.remaining.find(({ kind }) => kind === 'orphaned-rows')).toMatchObject({
    rows: 8,
    repair: 'automatic',
  });
  expect(await list()).toEqual([{ list: null }]);

  const rest = await untilDone({ maxRunRows: 10 });
  expect(rest.map(({ status, rowsQuarantined }) => `${status} ${rowsQuarantined}`)).toEqual([
    'partial 8',
    'partial 8',
    'partial 8',
    'repaired 8',
  ]);
  await expectAccounted(database, before);
  expect(
    await database.query(
      `select status, resumes is not null as resumed from fk_guard.run order by started_at`,
    ),
  ).toEqual([
    { status: 'partial', resumed: false },
    ...Array<unknown>(3).fill({ status: 'partial', resumed: true }),
    { status: 'repaired', resumed: true },
  ]);
});

test('rows of which no copy is kept count as well', async () => {
  const outcomes = await untilDone({ maxRunRows: 12, quarantine: false, orphans: 'delete' });
  expect(outcomes.map(({ status, rowsDeleted }) => `${status} ${rowsDeleted}`)).toEqual([
    'partial 3',
    'partial 3',
    'partial 3',
    'repaired 1',
  ]);
});

test('what can only go at once and is more than that is refused, with the option', async () => {
  const outcome = await guardAt(database.url, KEYS, { maxRunRows: 3 }).apply();
  expect(outcome).toMatchObject({ status: 'refused', rowsDeleted: 0, rowsQuarantined: 0 });
  expect(outcome.remaining.find(({ kind }) => kind === 'orphaned-rows')?.refusal).toEqual({
    code: 'RUN_ROWS',
    option: 'maxRunRows',
    message:
      'Quarantine and delete: orphans of public.child (parent_id): 4 rows can only be removed or changed together, and maxRunRows is 3.',
  });
});

test('a run that has no time does one thing, and so comes to an end after all', async () => {
  const before = await takePicture(database);
  const outcomes = await untilDone({ maxRunTime: '1ms', batchSize: 5 });
  expect(outcomes.map(({ status, rowsDeleted }) => `${status} ${rowsDeleted}`)).toEqual([
    'partial 0',
    'partial 5',
    'partial 5',
    'repaired 0',
  ]);
  expect(outcomes[1]?.steps.map(({ error, status }) => error?.code ?? status)).toEqual(['CAPPED', 'skipped']);
  await expectAccounted(database, before);
});

test('filling a column of another type ends at a cap too, and goes on', async () => {
  await database.query(`create table note (id serial primary key, parent_id text);
    create index on note (parent_id);
    insert into note (parent_id) select i from generate_series(1, 100) i`);
  const key = {
    child: 'public.note(parent_id)',
    parent: 'public.parent(id)',
    type: 'integer',
    onDelete: 'CASCADE',
  } as const;
  const outcomes = await untilDone({ maxRunRows: 40, limits: { rewriteRows: 1 } }, [key]);
  expect(outcomes.map(({ status }) => status)).toEqual(['partial', 'partial', 'repaired']);
  expect(outcomes[0]?.steps.find(({ status }) => status === 'stopped')?.title).toMatch(/^Fill /);
  expect(
    await database.query(
      `select format_type(atttypid, null) as type, (select count(distinct parent_id)::int from note) as values
         from pg_attribute where attrelid = 'note'::regclass and attname = 'parent_id'`,
    ),
  ).toEqual([{ type: 'integer', values: 100 }]);
  expect(await list()).toEqual([{ list: null }]);
});
