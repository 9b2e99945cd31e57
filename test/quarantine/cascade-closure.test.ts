import { createDatabase, type TestDatabase } from '../postgres/database';
import { expectAccounted, takePicture } from './accounted';
import { cascade, copies, guardAt, type Key } from './setup';

let database: TestDatabase;

beforeEach(async () => {
  database = await createDatabase('closure');
});
afterEach(() => database.drop());

const ORPHANS: readonly Key[] = [cascade('public.child(parent_id)', 'public.parent(id)')];

/** Everything below hangs on rows 1 to 6 of `child`, of which 4, 5 and 6 are orphans. */
const TOP = `
  create table parent (id integer primary key);
  create table child (id integer primary key, parent_id integer, code text unique, a integer, b integer, unique (a, b));
  insert into parent values (1), (2);
  insert into child values (1, 1, 'one', 1, 1), (2, 2, 'two', 1, 2), (3, null, 'three', null, 3),
                           (4, 70, 'four', 2, 1), (5, 80, 'five', 2, 2), (6, 90, 'six', 2, null);`;

/** What stands below `child`, and which copies its clean-up must leave. */
const CLOSURES: readonly {
  readonly title: string;
  readonly below: string;
  readonly copies: readonly string[];
  readonly defaults?: Record<string, string>;
}[] = [
  {
    title: 'four levels deep',
    below: `
      create table l1 (id integer primary key, up integer references child on delete cascade);
      create table l2 (id integer primary key, up integer references l1 on delete cascade);
      create table l3 (id integer primary key, up integer references l2 on delete cascade);
      create table l4 (up integer references l3 on delete cascade, note text);
      insert into l1 select i, 1 + i % 6 from generate_series(1, 12) i;
      insert into l2 select i, 1 + i % 12 from generate_series(1, 24) i;
      insert into l3 select i, 1 + i % 24 from generate_series(1, 48) i;
      insert into l4 select 1 + i % 48, 'same' from generate_series(1, 96) i;`,
    copies: ['child delete 3', 'l1 delete 6', 'l2 delete 12', 'l3 delete 24', 'l4 delete 48'],
  },
  {
    title: 'a diamond, its two ways of different length',
    below: `
      create table l (id integer primary key, up integer references child on delete cascade);
      create table r (id integer primary key, up integer references child on delete cascade);
      create table r2 (id integer primary key, up integer references r on delete cascade);
      create table bottom (id integer primary key, l integer references l on delete cascade, r2 integer references r2 on delete cascade);
      create table deeper (up integer references bottom on delete cascade);
      insert into l select i, i from generate_series(1, 6) i;
      insert into r select i, i from generate_series(1, 6) i;
      insert into r2 select i, i from generate_series(1, 6) i;
      insert into bottom values (1, 4, 4), (2, 4, 1), (3, 1, 4), (4, 1, 1), (5, null, 5), (6, 6, null);
      insert into deeper select 1 + i % 6 from generate_series(1, 12) i;`,
    copies: [
      'bottom delete 5',
      'child delete 3',
      'deeper delete 10',
      'l delete 3',
      'r delete 3',
      'r2 delete 3',
    ],
  },
  {
    title: 'a table that points at itself',
    below: `
      create table node (id integer primary key, up integer references node on delete cascade, child_id integer references child on delete cascade);
      insert into node values (1, null, 4), (2, 1, null), (3, 2, 1), (4, 3, 5), (5, 5, null), (6, 6, 6), (7, 5, 1), (8, 6, 1), (9, null, 1);`,
    copies: ['child delete 3', 'node delete 6'],
  },
  {
    title: 'a cycle of three tables that comes back to where it began',
    below: `
      create table x (id integer primary key, up integer references child on delete cascade);
      create table y (id integer primary key, up integer references x on delete cascade);
      alter table child add back integer references y on delete cascade;
      insert into x select i, i from generate_series(1, 6) i;
      insert into y select i, i from generate_series(1, 6) i;
      update child set back = 4 where id = 1;
      update child set back = 5 where id = 5;`,
    copies: ['child delete 4', 'x delete 4', 'y delete 4'],
  },
  {
    title: 'SET NULL and SET DEFAULT below a cascade',
    below: `
      create table mid (id integer primary key, up integer references child on delete cascade);
      create table nulls (id integer primary key, mid integer references mid on delete set null, kept text);
      create table defaults (mid integer default 0 references mid on delete set default, kept text);
      insert into mid select i, 1 + i % 6 from generate_series(0, 12) i;
      insert into nulls select i, i % 13, 'n' || i from generate_series(1, 26) i;
      insert into defaults select i % 13, 'd' || i from generate_series(1, 26) i;`,
    copies: ['child delete 3', 'defaults change 12', 'mid delete 6', 'nulls change 12'],
    defaults: { 'public.defaults.mid': '0' },
  },
  {
    title: 'a row that two keys would set to null, and a row that another key takes along',
    below: `
      create table both_ways (id integer primary key, a integer references child on delete set null,
        b integer references child on delete set null, c integer references child on delete cascade);
      insert into both_ways values (1, 4, 5, null), (2, 4, 1, 1), (3, 4, 5, 6), (4, 1, 4, 4), (5, 1, 1, 1), (6, 4, 4, 2);`,
    copies: ['both_ways change 3', 'both_ways delete 2', 'child delete 3'],
  },
  {
    title: 'composite keys, keys on unique columns that are no primary key, nulls in them',
    below: `
      create table by_code (code text references child (code) on delete cascade, n integer);
      create table by_pair (a integer, b integer, n integer, foreign key (b, a) references child (b, a) on delete cascade);
      create table pair_nulls (a integer, b integer, n integer, foreign key (a, b) references child (a, b) on delete set null);
      insert into by_code values ('four', 1), ('five', 2), ('one', 3), (null, 4), ('four', 1);
      insert into by_pair values (2, 1, 1), (2, 2, 2), (1, 1, 3), (2, null, 4), (null, 1, 5), (99, null, 6);
      insert into pair_nulls values (2, 1, 1), (2, 2, 2), (1, 2, 3), (2, null, 4), (null, 2, 5);`,
    copies: ['by_code delete 3', 'by_pair delete 2', 'child delete 3', 'pair_nulls change 2'],
  },
  {
    title: 'partitioned tables below, keys of a single partition, keys at a partitioned table',
    below: `
      create table log (id integer, child_id integer references child on delete cascade, primary key (id)) partition by range (id);
      create table log_low partition of log for values from (0) to (10);
      create table log_high (note text, child_id integer, id integer not null);
      alter table log_high drop note;
      alter table log attach partition log_high for values from (10) to (100);
      create table of_log (log_id integer references log on delete cascade);
      create table of_low (log_id integer references log_low on delete cascade);
      insert into log select i, 1 + i % 6 from generate_series(1, 24) i;
      insert into of_log select 1 + i % 24 from generate_series(1, 48) i;
      insert into of_low select i from generate_series(1, 9) i;`,
    copies: ['child delete 3', 'log delete 12', 'of_log delete 24', 'of_low delete 4'],
  },
  {
    title: 'a table with children by inheritance, whose rows the key does not hold',
    below: `
      create table base (id integer primary key, up integer references child on delete cascade);
      create table heir () inherits (base);
      insert into base values (1, 4), (2, 1);
      insert into heir values (3, 4), (4, 4);`,
    copies: ['base delete 1', 'child delete 3'],
  },
  {
    title: 'text that points at a padded character key',
    below: `
      alter table child add padded character(6) unique;
      update child set padded = code;
      create table loose (t text references child (padded) on delete cascade, n integer);
      insert into loose values ('four', 1), ('four  ', 2), ('four    ', 3), ('one ', 4);`,
    copies: ['child delete 3', 'loose delete 3'],
  },
  {
    title: 'tables of other schemas with hostile names, told apart',
    below: `
      create schema "a.b"; create schema "a"; create schema "%s ""Ä""; drop table child; --";
      create table "a.b"."c" ("fk_guard_child" integer references child on delete cascade, "it's" text);
      create table "a"."b.c" ("id" integer primary key, "fk_guard_gone" integer references child on delete cascade);
      create table "%s ""Ä""; drop table child; --"."${'ü'.repeat(31)}" ("select" integer references "a"."b.c" on delete cascade, "oid" integer, "tid" text, "row_data" text, "Q.""x" text default '"');
      insert into "a.b"."c" values (4, 'it''s'), (5, '\\'), (1, null);
      insert into "a"."b.c" values (1, 4), (2, 1), (3, 6);
      insert into "%s ""Ä""; drop table child; --"."${'ü'.repeat(31)}" values (1, 1, 'x', 'y'), (2, 2, 'x', 'y'), (3, 3, null, '');`,
    copies: ['b.c delete 2', 'c delete 2', 'child delete 3', `${'ü'.repeat(31)} delete 2`],
  },
];

test.each(CLOSURES)(
  'copies and removes exactly: $title',
  async ({ below, copies: wanted, defaults = {} }) => {
    await database.query(TOP + below);
    const before = await takePicture(database);
    const outcome = await guardAt(database.url, ORPHANS, { limits: { fraction: 1 } }).apply();

    expect(outcome).toMatchObject({ status: 'repaired', rowsNullified: 0 });
    expect([...(await copies(database))].sort()).toEqual([...wanted].sort());
    await expectAccounted(database, before, defaults);
    expect(await copies(database)).toHaveLength(wanted.length);
  },
);

/** A cycle of rows has no order in which it could come back row by row. */
const RESTORABLE = CLOSURES.filter(({ title }) => !title.startsWith('a cycle'));

test.each(RESTORABLE)(
  'takes the same away in batches of one row, and brings it back: $title',
  async ({ below, copies: wanted }) => {
    await database.query(TOP + below);
    const before = await takePicture(database);
    const guard = guardAt(database.url, ORPHANS, { limits: { fraction: 1 }, batchSize: 1 });
    const outcome = await guard.apply();
    expect(outcome).toMatchObject({ status: 'repaired', rowsDeleted: 3 });
    expect([...(await copies(database))].map(withoutCount).sort()).toEqual(
      [...wanted].map(withoutCount).sort(),
    );

    await database.query('insert into parent values (70), (80), (90)');
    expect(await guard.restore(outcome.runId ?? '')).toMatchObject({
      restored: outcome.rowsQuarantined,
      failed: [],
    });
    await database.query(
      'alter table child drop constraint child_parent_id_fkey; delete from parent where id > 2',
    );
    expect(await takePicture(database)).toEqual(before);
  },
);

/** A row that two batches change has two copies. */
const withoutCount = (line: string): string => line.replace(/ \d+$/, '');
