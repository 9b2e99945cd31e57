import { createDatabase, type TestDatabase } from '../postgres/database';
import { expectAccounted, takePicture } from './accounted';
import { cascade, guardAt } from './setup';

let database: TestDatabase;

/** `child` is partitioned, and so is `low` below it; `loose` only forgets; `kept` is in the way and would lose nothing. */
beforeEach(async () => {
  database = await createDatabase('listed');
  await database.query(`
    create table parent (id integer primary key);
    create table child (id integer primary key, parent_id integer) partition by range (id);
    create table child_a partition of child for values from (0) to (102);
    create table child_b partition of child for values from (102) to (200);
    create table low (id integer primary key, child_id integer references child on delete cascade) partition by range (id);
    create table low_a partition of low for values from (0) to (200);
    create table loose (id integer primary key, child_id integer references child on delete set null);
    create table kept (child_id integer references child);
    create table log (line text);
    insert into parent select i from generate_series(1, 100) i;
    insert into child select i, i from generate_series(1, 104) i;
    insert into low select i, i from generate_series(1, 104) i;
    insert into loose select i, i from generate_series(1, 104) i;
    create function note() returns trigger language plpgsql as
      $$ begin insert into public.log values (tg_table_name || ' ' || tg_level || ' ' || tg_op); return coalesce(old, new); end $$`);
});
afterEach(() => database.drop());

const KEYS = [cascade('public.child(parent_id)', 'public.parent(id)')];

const trigger = (when: string, table: string, level = 'row'): string =>
  `create trigger t ${when} on ${table} for each ${level} execute function note()`;

const ACTING = {
  'a row trigger on a partition': [trigger('before delete', 'child_b'), ['child_b']],
  'a row trigger on a partitioned table, which each partition has': [
    trigger('after delete', 'child'),
    ['child', 'child_a', 'child_b'],
  ],
  'a statement trigger on the table': [trigger('before delete', 'child', 'statement'), ['child']],
  'a statement trigger on a cascaded table': [trigger('after delete', 'low', 'statement'), ['low']],
  'a row trigger on a partition of a cascaded table': [trigger('after delete', 'low_a'), ['low_a']],
  'a statement trigger where a cascade forgets': [trigger('after update', 'loose', 'statement'), ['loose']],
  'a trigger for several events': [
    trigger('after insert or delete or truncate', 'low', 'statement'),
    ['low'],
  ],
  'a trigger that always fires': [
    `${trigger('before delete', 'low_a')}; alter table low_a enable always trigger t`,
    ['low_a'],
  ],
  'a rule that does more': [
    `create rule t as on delete to loose do also insert into log values ('rule')`,
    ['loose'],
  ],
  'a rule instead, on a cascaded table': [
    'create rule t as on delete to low where old.id = 1 do instead nothing',
    ['low'],
  ],
} as const;

const named = (tables: readonly string[]) => tables.map((table) => `public.${table}.t`);

test.each(Object.entries(ACTING))(
  '%s: is listed, and nothing goes until it is allowed by name',
  async (_, [ddl, tables]) => {
    await database.query(ddl);
    const before = await takePicture(database);
    const { remaining, ...refused } = await guardAt(database.url, KEYS).apply();
    expect(refused).toMatchObject({ status: 'refused', rowsDeleted: 0 });
    expect(remaining.map(({ refusal }) => refusal?.option)).toContain(
      `triggers: [${named(tables)
        .map((name) => `'${name}'`)
        .join(', ')}]`,
    );
    expect(await takePicture(database)).toEqual(before);
    // One name too few is as good as none.
    const triggers = named(tables);
    const some = await guardAt(database.url, KEYS, { triggers: triggers.slice(1) }).apply();
    expect(some).toMatchObject({ status: 'refused', rowsDeleted: 0 });
    expect(await guardAt(database.url, KEYS, { triggers }).apply()).toMatchObject({
      status: 'repaired',
      rowsDeleted: 4,
    });
    await expectAccounted(database, new Map([...before].filter(([id]) => id !== 'public.log')));
  },
);

const NOT_ACTING = [
  trigger('before insert', 'child_a'),
  trigger('after update', 'low', 'statement'),
  trigger('after delete', 'kept', 'statement'),
  trigger('after delete', 'parent', 'statement'),
  `${trigger('after delete', 'low', 'statement')}; alter table low disable trigger t`,
  `${trigger('after delete', 'low', 'statement')}; alter table low enable replica trigger t`,
];

test('what would not fire asks for nothing', async () => {
  for (const [i, ddl] of NOT_ACTING.entries())
    await database.query(ddl.replaceAll(/(trigger) t\b/g, `$1 t${i}`));
  expect(await guardAt(database.url, KEYS).apply()).toMatchObject({ status: 'repaired', rowsDeleted: 4 });
  expect(await database.query('select * from log')).toEqual([]);
});

test.each(Object.entries(ACTING).filter(([what]) => /statement trigger on the|rule instead/.test(what)))(
  '%s: one that came after the plan was reviewed is not let through by it',
  async (_, [ddl, tables]) => {
    const guard = guardAt(database.url, KEYS);
    const plan = await guard.plan();
    await database.query(ddl);
    const before = await takePicture(database);
    const said = await guard.apply(plan).then(
      ({ steps }) => steps.map(({ error }) => `${error?.code}: ${error?.message}`),
      (error: unknown) => [String(error)],
    );
    expect(said.join('\n')).toMatch(
      new RegExp(`The plan is stale|USER_TRIGGER: .*(${named(tables).join('|')})`),
    );
    expect(await takePicture(database)).toEqual(before);
  },
);
