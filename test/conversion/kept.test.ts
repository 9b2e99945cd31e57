import { createDatabase, type TestDatabase } from '../postgres/database';
import { since } from '../postgres/version';
import { guardAt } from '../quarantine/setup';

let database: TestDatabase;
beforeEach(async () => {
  database = await createDatabase('kept');
  await database.query(`
    create table parent (id int primary key);
    create table child (id int primary key, parent_id text not null);
    create unique index own on child (parent_id);
    insert into parent values (7); insert into child values (1, '7')`);
});
afterEach(() => database.drop());

const KEY = { child: 'public.child(parent_id)', parent: 'public.parent(id)', type: 'integer' } as const;

type Kept = [what: string, sql: string, still: string];

/** What no row shows: it stays with the column in place; a second column that could not have it is refused. */
const kept: readonly Kept[] = [
  ...since<Kept>(
    13,
    [
      'the replica identity',
      'alter table child replica identity using index own',
      `select from pg_index where indexrelid = 'own'::regclass and indisreplident`,
    ],
    [
      'the index to cluster by',
      'cluster child using own',
      `select from pg_index where indexrelid = 'own'::regclass and indisclustered`,
    ],
  ),
  ...since<Kept>(18, [
    'a NOT NULL that is not validated',
    `alter table child alter parent_id drop not null; insert into child values (2, null);
     alter table child add constraint own_not_null not null parent_id not valid`,
    `select from pg_constraint where conname = 'own_not_null' and not convalidated`,
  ]),
  [
    'each of two indexes whose long names begin alike',
    `create index ${'i'.repeat(60)}_1 on child (parent_id, id); create index ${'i'.repeat(60)}_2 on child (id, parent_id)`,
    `select where 2 = (select count(*) from pg_index where indexrelid::regclass::text ~ '^iiii' and indisvalid)`,
  ],
  [
    'the comment of an index',
    `comment on index own is 'ours'`,
    `select where obj_description('own'::regclass, 'pg_class') = 'ours'`,
  ],
  [
    'a statistics target',
    'alter table child alter parent_id set statistics 7',
    `select from pg_attribute where attrelid = 'child'::regclass and attname = 'parent_id' and attstattarget = 7`,
  ],
  [
    'options of the column',
    'alter table child alter parent_id set (n_distinct = 5)',
    `select from pg_attribute where attrelid = 'child'::regclass and attname = 'parent_id' and attoptions = '{n_distinct=5}'`,
  ],
  [
    'a comment and a privilege',
    `comment on column child.parent_id is 'ours'; grant update (parent_id) on child to public`,
    `select from pg_attribute where attrelid = 'child'::regclass and attname = 'parent_id'
        and col_description(attrelid, attnum) = 'ours' and attacl::text like '%=w/%'`,
  ],
];
test.each(kept)('%s stays in place', async (_, sql, still) => {
  await database.query(sql);
  expect(await database.query(still)).toHaveLength(1);
  expect(await guardAt(database.url, [KEY]).apply()).toMatchObject({ status: 'repaired' });
  expect(await database.query(still)).toHaveLength(1);
});

test.each(kept)('%s is not lost by a second column', async (_, sql, still) => {
  await database.query(sql);
  const { status, steps } = await guardAt(database.url, [KEY], { limits: { rewriteRows: 0 } }).apply();
  expect(status === 'repaired' || (status === 'refused' && steps.length === 0)).toBe(true);
  expect(await database.query(still)).toHaveLength(1);
});
