import type { FkGuardOptions } from 'sequelize-fk-guard';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { expectAccounted, takePicture } from './accounted';
import { cascade, connect, containing, copies, guardAt, pidOf, untilBlockedBy } from './setup';

let database: TestDatabase;

beforeEach(async () => {
  database = await createDatabase('breaker');
  await database.query(`
    create table parent (id integer primary key);
    create table other (id integer primary key);
    create table child (id integer primary key, parent_id integer, other_id integer);
    create table low (id serial primary key, child_id integer references child on delete cascade);
    insert into parent values (1); insert into other values (1)`);
});
afterEach(() => database.drop());

const PARENT = cascade('public.child(parent_id)', 'public.parent(id)');
const OTHER = cascade('public.child(other_id)', 'public.other(id)');

/** Healthy children, then children of missing parents. */
const children = (healthy: number, orphans: number): Promise<unknown> =>
  database.query(
    `insert into child select i, case when i <= ${healthy} then 1 else 1000 + i end, 1 from generate_series(1, ${healthy + orphans}) i`,
  );

const rows = async (table: string): Promise<number> =>
  Number((await database.query(`select count(*)::int as rows from ${table}`))[0]?.['rows']);

test.each<readonly [number, number, FkGuardOptions['limits'], boolean]>([
  [0, 10, undefined, true],
  [1, 10, undefined, true],
  [1, 11, undefined, false],
  [43, 11, undefined, false],
  [44, 11, undefined, true],
  [45, 11, undefined, true],
  [80, 20, undefined, true],
  [79, 20, undefined, false],
  [71, 29, { fraction: 0.29 }, true],
  [70, 30, { fraction: 0.29 }, false],
  [9, 1, { rows: 0, fraction: 0.1 }, true],
  [8, 1, { rows: 0, fraction: 0.1 }, false],
  [1, 30, { rows: 30 }, true],
  [1, 31, { rows: 30 }, false],
  [1, 50, { fraction: 1 }, true],
  [3, 1, { rows: 0, fraction: 0 }, false],
])('%i healthy rows, %i orphans, limits %j: cleaned %s', async (healthy, orphans, limits, cleaned) => {
  await children(healthy, orphans);
  const plan = await guardAt(database.url, [PARENT], limits && { limits }).plan();
  const outcome = await guardAt(database.url, [PARENT], limits && { limits }).apply();
  expect(outcome).toMatchObject(
    cleaned ? { status: 'repaired', rowsDeleted: orphans } : { status: 'refused', rowsDeleted: 0 },
  );
  const words = `${orphans} of the ${healthy + orphans} rows of public.child would go, `;
  expect(
    plan.refusals.some(
      ({ code, option, message }) =>
        code === 'LIMIT' && option === 'limits: { rows, fraction }' && message.startsWith(words),
    ),
  ).toBe(!cleaned);
  expect(await rows('child')).toBe(cleaned ? healthy : healthy + orphans);
});

test('the relations of one table are summed', async () => {
  await database.query(
    `insert into child select i, case when i <= 8 then 1000 else 1 end, case when i > 45 then 1000 else 1 end from generate_series(1, 50) i`,
  );
  const outcome = await guardAt(database.url, [PARENT, OTHER]).apply();
  expect(outcome).toMatchObject({ status: 'refused', rowsDeleted: 0, runId: undefined });
  expect(outcome.remaining.flatMap(({ refusal }) => refusal?.code ?? [])).toEqual(
    expect.arrayContaining(['LIMIT']),
  );
  expect(await rows('child')).toBe(50);
});

test('orphans that nobody could count yet stop a clean-up before its first row', async () => {
  await children(95, 5);
  const writer = await connect(database.url);
  await writer.query('begin; insert into child select i, i, 1 from generate_series(1001, 1100) i');
  const applying = guardAt(database.url, [PARENT], { lockTimeout: '20s' }).apply();
  await untilBlockedBy(database, await pidOf(writer));
  await writer.query('commit');
  await writer.end();
  expect(await applying).toMatchObject({
    rowsDeleted: 0,
    steps: expect.arrayContaining([
      expect.objectContaining({ error: expect.objectContaining({ code: 'LIMIT' }) as unknown }),
    ]) as unknown,
  });
  expect(await rows('child')).toBe(200);
});

/** Four orphans of a hundred children, with five rows below each healthy one and forty below each orphan. */
const heavyCascade = async (): Promise<void> => {
  await children(96, 4);
  await database.query(
    `insert into low (child_id) select 1 + i % 96 from generate_series(1, 480) i; insert into low (child_id) select 97 + i % 4 from generate_series(1, 160) i`,
  );
};

test('what a cascade takes is counted for its own table, and nothing is half done', async () => {
  await heavyCascade();
  const before = await takePicture(database);
  const outcome = await guardAt(database.url, [PARENT]).apply();
  expect(outcome.steps.find(({ title }) => title.startsWith('Quarantine'))).toMatchObject({
    status: 'refused',
    rows: 0,
    error: {
      code: 'LIMIT',
      message: '160 of the 640 rows of public.low would go, more than 10 and more than 20 % of it.',
      advice: containing('limits: { rows, fraction }'),
    },
  });
  expect(await takePicture(database)).toEqual(before);
  expect(await copies(database)).toEqual([]);
  expect(await guardAt(database.url, [PARENT], { limits: { fraction: 0.25 } }).apply()).toMatchObject({
    status: 'repaired',
    rowsDeleted: 4,
    rowsQuarantined: 164,
  });
});

test.each([true, false])(
  'batches, and runs after a run that a limit stopped, share one limit; copies kept: %s',
  async (kept) => {
    await heavyCascade();
    const before = await takePicture(database);
    const options: FkGuardOptions = { batchSize: 1, ...(!kept && { quarantine: false, orphans: 'delete' }) };
    // 128 of 640 rows may go: three orphans with forty each.
    const outcomes = [];
    for (let run = 0; run < 4; run++) outcomes.push(await guardAt(database.url, [PARENT], options).apply());
    expect(outcomes.map(({ rowsDeleted }) => rowsDeleted)).toEqual([3, 0, 0, 0]);
    expect(outcomes.map(({ status }) => status)).toEqual(['refused', 'refused', 'refused', 'refused']);
    expect(outcomes.map(({ rowsQuarantined }) => rowsQuarantined)).toEqual([kept ? 123 : 0, 0, 0, 0]);
    expect(await rows('low')).toBe(520);
    if (kept) await expectAccounted(database, before);
    expect(
      await guardAt(database.url, [PARENT], { ...options, limits: { fraction: 0.25 } }).apply(),
    ).toMatchObject({ status: 'repaired', rowsDeleted: 1 });
  },
);

/** Four orphans of a hundred children; the first has twelve rows below it, the others share the rest. */
const below = async (healthy: number, gone: number): Promise<void> => {
  await children(96, 4);
  await database.query(
    `insert into low (child_id) select 1 + i % 96 from generate_series(1, ${healthy}) i;
     insert into low (child_id) select case when i <= 12 then 97 else 98 + i % 3 end from generate_series(1, ${gone}) i`,
  );
};

// More than a thousand: what is below the first orphan does not have the table counted as far as the last one needs it.
test.each([
  [1500, 1500, true],
  [1500, 1501, false],
])(
  'half of a table may go: %i rows of a cascade stay and %i would go: cleaned %s',
  async (healthy, gone, cleaned) => {
    await below(healthy, gone);
    const outcome = await guardAt(database.url, [PARENT], {
      batchSize: 1,
      limits: { fraction: 0.5 },
    }).apply();
    expect(outcome).toMatchObject({
      status: cleaned ? 'repaired' : 'refused',
      rowsDeleted: cleaned ? 4 : 3,
    });
    const last = Number(
      (await database.query(`select count(*)::int as rows from low where child_id >= 97`))[0]?.['rows'],
    );
    expect(last > 0).toBe(!cleaned);
    expect(await rows('low')).toBe(healthy + last);
    expect(outcome.steps.flatMap(({ error }) => (error?.code === 'LIMIT' ? [error.message] : []))).toEqual(
      cleaned ? [] : [containing(`${gone} of the ${healthy + gone} rows of public.low would go, `)],
    );
  },
);

test.each([
  [20, 5, true],
  [19, 6, false],
])(
  'after 20 of 100 in an interrupted run, %i healthy rows and %i orphans come: cleaned %s',
  async (healthy, orphans, cleaned) => {
    await children(80, 20);
    const guard = guardAt(database.url, [PARENT]);
    expect(await guard.apply()).toMatchObject({ status: 'repaired', rowsDeleted: 20 });
    // As the next run finds one whose process died before its end.
    await database.query(`update fk_guard.run set status = 'interrupted';
      alter table child drop constraint child_parent_id_fkey;
      insert into child select i, case when i <= ${100 + healthy} then 1 else 2000 + i end, 1 from generate_series(101, 125) i`);
    const outcome = await guard.apply();
    expect(outcome).toMatchObject({
      status: cleaned ? 'repaired' : 'refused',
      rowsDeleted: cleaned ? orphans : 0,
    });
    expect(await rows('child')).toBe(80 + healthy + (cleaned ? 0 : orphans));
    expect(outcome.steps.flatMap(({ error }) => (error?.code === 'LIMIT' ? [error.message] : []))).toEqual(
      cleaned ? [] : [containing('26 of the 125 rows of public.child would go, ')],
    );
  },
);

test('a run in between that takes no rows is no way around the limits', async () => {
  await children(80, 20);
  const guard = guardAt(database.url, [PARENT], { batchSize: 1 });
  expect(await guard.apply()).toMatchObject({ status: 'repaired', rowsDeleted: 20 });
  // As the next run finds one whose process died before its end.
  await database.query(`update fk_guard.run set status = 'interrupted'`);
  await database.query('alter table child drop constraint child_parent_id_fkey');
  // Two runs that make keys only.
  for (const constraint of ['child_other_id_fkey', 'child_other_id_fkey']) {
    await database.query(`alter table child drop constraint if exists ${constraint}`);
    expect(await guardAt(database.url, [OTHER]).apply()).toMatchObject({
      status: 'repaired',
      rowsDeleted: 0,
    });
  }
  await database.query('insert into child select i, 2000 + i, 1 from generate_series(101, 115) i');
  const outcome = await guardAt(database.url, [PARENT]).apply();
  expect(outcome).toMatchObject({ status: 'refused', rowsDeleted: 0 });
  expect(outcome.steps.find(({ status }) => status === 'refused')?.error).toMatchObject({
    code: 'LIMIT',
    message: '35 of the 115 rows of public.child would go, more than 10 and more than 20 % of it.',
  });
});

test('what a limit stopped is refused in the findings too, with the option that lifts it', async () => {
  await heavyCascade();
  const { remaining } = await guardAt(database.url, [PARENT]).apply();
  expect(
    remaining.flatMap(({ kind, repair, refusal }) =>
      refusal ? [`${kind}: ${repair}: ${refusal.code}: ${refusal.option}`] : [],
    ),
  ).toEqual([
    'orphaned-rows: refused: LIMIT: limits: { rows, fraction }',
    'not-valid-foreign-key: refused: LIMIT: limits: { rows, fraction }',
  ]);
});

test('rows that were put back do not count again', async () => {
  await heavyCascade();
  const guard = guardAt(database.url, [PARENT], { batchSize: 1 });
  const { runId } = await guard.apply();
  await database.query('insert into parent select i from generate_series(1097, 1100) i');
  expect(await guard.restore(runId ?? '')).toMatchObject({ restored: 123, failed: [] });
  await database.query(
    'alter table child drop constraint child_parent_id_fkey; delete from parent where id > 1',
  );
  expect(await guard.apply()).toMatchObject({ status: 'refused', rowsDeleted: 3, rowsQuarantined: 123 });
});

test('rows that a cascade sets to null make their table no larger for the next relation', async () => {
  await database.query(`
    create table loose (child_id integer references child on delete set null);
    insert into child select i, case when i = 2 then 1000 else 1 end, case when i = 1 then 1000 else 1 end from generate_series(1, 100) i;
    insert into loose select case when i <= 5 then 1 when i <= 9 then 2 else 3 end from generate_series(1, 40) i`);
  // 9 of 40 are more than a fifth; 9 of 40 and the 5 of the first relation once more would not be.
  const outcome = await guardAt(database.url, [PARENT, OTHER], { limits: { rows: 8 } }).apply();
  expect(
    outcome.steps
      .filter(({ title }) => title.startsWith('Quarantine'))
      .map(({ status }) => status)
      .sort(),
  ).toEqual(['done', 'refused']);
  expect(outcome).toMatchObject({ status: 'refused', rowsDeleted: 1 });
});

test('an empty parent is refused, and only the option that says so lifts it', async () => {
  await children(0, 3);
  await database.query('delete from parent');
  const outcome = await guardAt(database.url, [PARENT], { limits: { rows: 100, fraction: 0.99 } }).apply();
  expect(outcome).toMatchObject({ status: 'refused', rowsDeleted: 0 });
  expect(
    outcome.remaining.flatMap(({ refusal }) => (refusal ? [`${refusal.code} ${refusal.option}`] : [])),
  ).toContain('EMPTY_PARENT limits: { fraction: 1 }');
  expect(await guardAt(database.url, [PARENT], { limits: { fraction: 1 } }).apply()).toMatchObject({
    status: 'repaired',
    rowsDeleted: 3,
  });
});
