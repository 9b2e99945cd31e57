import { createDatabase, type TestDatabase } from '../../postgres/database';
import { takePicture } from '../accounted';
import { cascade, guardAt, rowsOf, type Key } from '../setup';

let database: TestDatabase;

const KEYS: readonly Key[] = [
  cascade('public.child(parent_id)', 'public.parent(id)'),
  { child: 'public.nulled(parent_id)', parent: 'public.parent(id)', onDelete: 'SET NULL' },
];

beforeEach(async () => {
  database = await createDatabase('restore_edited');
  await database.query(`
    create table parent (id integer primary key);
    create table child (id integer primary key, parent_id integer, "constructor" text);
    create table nulled (id integer primary key, parent_id integer, "constructor" text);
    create view looks_like_it as select * from child;
    insert into parent values (0);
    insert into child select i, i, 'row ' || i from generate_series(0, 20) i;
    insert into nulled select * from child`);
});
afterEach(() => database.drop());

const guard = () => guardAt(database.url, KEYS, { limits: { fraction: 1 } });

/** What a hand, or a fault, may have made of the copies of the rows with the ids 1, 2, 3 …; the others are good. */
const EDITED: readonly (readonly [edit: string, reason: string])[] = [
  [`row_data = '[1, 2]'`, 'its copy is no row of texts: it may have been edited'],
  [`row_data = '"x"'`, 'its copy is no row of texts: it may have been edited'],
  [`row_data = 'null'`, 'its copy is empty'],
  [`row_data = '{}'`, 'its copy is empty'],
  [`row_data = row_data || '{"id": 2}'`, 'its copy is no row of texts: it may have been edited'],
  [
    `row_data = row_data || '{"parent_id": {"a": "b"}}'`,
    'its copy is no row of texts: it may have been edited',
  ],
  [
    `row_data = row_data || '{"no\\"; drop table child; --": "1"}'`,
    'the column no"; drop table child; -- is gone',
  ],
  [
    `row_data = row_data || '{"id": "2); drop table child; --"}'`,
    'the column id is integer now, which cannot hold its value',
  ],
  [
    `table_name = 'none"; drop table child; --'`,
    'the table is gone; what may be the same one is called public.child now',
  ],
  [`table_name = 'none', source_oid = 0`, 'the table is gone'],
  [`table_name = ''`, 'the table is gone; what may be the same one is called public.child now'],
  [`table_name = 'looks_like_it', source_oid = 0`, 'the table is gone'],
  [
    `table_schema = 'fk_guard', table_name = 'run'`,
    'fk_guard.run is no table that rows were ever taken from',
  ],
  [
    `table_schema = 'pg_catalog', table_name = 'pg_class'`,
    'pg_catalog.pg_class is no table that rows were ever taken from',
  ],
  [`action = 'truncate'`, 'its copy says neither delete nor change'],
];

const CHANGED: typeof EDITED = [
  [`changed_columns = '{}'`, 'its copy does not say which columns were changed'],
  [`changed_columns = '{no}'`, 'its copy has no value of no'],
  [`changed_columns = '{id}', row_data = row_data || '{"id": "77"}'`, 'it has a new value in id'],
  [`row_data = row_data - 'parent_id'`, 'its copy has no value of parent_id'],
  [`given = '[]'`, 'its copy is no row of texts: it may have been edited'],
  [`given = '{"parent_id": 5}'`, 'its copy is no row of texts: it may have been edited'],
  [`row_data = row_data || '{"id": "44"}'`, 'the row is gone'],
];

test('copies that were edited each have their reason; the others come back, and nothing else is done', async () => {
  const { runId = '' } = await guard().apply();
  const tables = [...(await takePicture(database)).keys()];
  const edit = (table: string) => (what: readonly [string, string], i: number) =>
    `update fk_guard.quarantine set ${what[0]} where table_name = '${table}' and row_data ->> 'id' = '${i + 1}'`;
  await database.query(
    `insert into parent select generate_series(1, 20); alter table fk_guard.quarantine drop constraint quarantine_action_check;
     ${[...EDITED.map(edit('child')), ...CHANGED.map(edit('nulled'))].join(';')}`,
  );
  const { restored, failed } = await guard().restore(runId);
  expect(failed.map(({ reason }) => reason).sort()).toEqual(
    [...EDITED, ...CHANGED].map(([, reason]) => reason).sort(),
  );
  expect(restored).toBe(40 - EDITED.length - CHANGED.length);
  const good = (from: number): string[] =>
    Array.from({ length: 21 }, (_, i) => i)
      .filter((i) => i === 0 || i > from)
      .map((i) => `(${i},${i},"row ${i}")`)
      .sort();
  expect(await rowsOf(database, 'child')).toEqual(good(EDITED.length));
  expect(await rowsOf(database, '(select * from nulled where parent_id is not null)')).toEqual(
    good(CHANGED.length),
  );
  expect([...(await takePicture(database)).keys()]).toEqual(tables);
});

test('a ledger that somebody has edited is refused, and nothing is done', async () => {
  const { runId = '' } = await guard().apply();
  const key = {
    table: { schema: 'public', name: 'child' },
    key: {
      name: 'x',
      parent: { schema: 'public', name: 'parent' },
      definition: 'check (true); drop table child',
    },
  };
  const edits = [
    ['LEDGER', `update fk_guard.step set change = '{"op": "add-foreign-key"}'`],
    ['LEDGER', `update fk_guard.step set change = '7'`],
    [
      'LEDGER',
      `delete from fk_guard.step; update fk_guard.run set figures = figures || '${JSON.stringify({ keysOut: [key] })}'`,
    ],
    ['OPTIONS', 'alter table fk_guard.quarantine drop column source_ctid'],
    ['LEDGER', 'drop table fk_guard.quarantine'],
    ['NO_SUCH_RUN', 'drop schema fk_guard cascade'],
  ] as const;
  await database.query('insert into parent select generate_series(1, 20)');
  for (const [code, edit] of edits) {
    await database.query(edit);
    await expect(guard().restore(runId, { schema: true })).rejects.toMatchObject({
      name: 'FkGuardError',
      code,
    });
    expect(await rowsOf(database, 'child')).toEqual(['(0,0,"row 0")']);
  }
});
