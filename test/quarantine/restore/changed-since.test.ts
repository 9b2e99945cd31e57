import { createDatabase, type TestDatabase } from '../../postgres/database';
import { cascade, guardAt, rowsOf, type Key } from '../setup';
import { serverVersion } from '../../postgres/version';

let database: TestDatabase;

const KEYS: readonly Key[] = [
  cascade('app.child(parent_id)', 'app.parent(id)'),
  { child: 'app.nulled(parent_id)', parent: 'app.parent(id)', onDelete: 'SET NULL' },
];
const guard = () => guardAt(database.url, KEYS, { limits: { fraction: 1 } });

beforeEach(async () => {
  database = await createDatabase('restore_changed');
  await database.query(`
    create schema app;
    create table app.parent (id integer primary key);
    create table app.child (id integer generated always as identity primary key, parent_id integer, note varchar(10), twice integer generated always as (parent_id * 2) stored);
    create table app.nulled (id integer primary key, parent_id integer);
    insert into app.parent values (0);
    insert into app.child (parent_id, note) values (0, 'kept'), (91, 'one'), (92, 'long note'), (93, 'three');
    insert into app.nulled values (1, 0), (2, 91), (3, 92), (4, 93), (5, 94)`);
});
afterEach(() => database.drop());

const reasons = (failed: readonly { table: string; reason: string }[]): string[] =>
  failed.map(({ table, reason }) => `${table}: ${reason}`).sort();

test('what the application has done since is left alone; identity values come back and no sequence moves', async () => {
  const { runId = '' } = await guard().apply();
  await database.query(`
    insert into app.parent values (91), (92), (94);
    update app.nulled set parent_id = 91 where id = 3;
    delete from app.nulled where id = 5;
    alter table app.child alter note type varchar(8)`);
  const sequence = await database.query('select last_value, is_called from app.child_id_seq');
  const { restored, failed } = await guard().restore(runId);
  expect(reasons(failed)).toEqual([
    'app.child: a value does not fit its column any more (22001)',
    'app.child: its parent is still missing (child_parent_id_fkey)',
    'app.nulled: it has a new value in parent_id',
    'app.nulled: its parent is still missing (nulled_parent_id_fkey)',
    'app.nulled: the row is gone',
  ]);
  expect(restored).toBe(2);
  expect(await rowsOf(database, 'app.child')).toEqual(['(1,0,kept,0)', '(2,91,one,182)']);
  expect(await rowsOf(database, 'app.nulled')).toEqual(['(1,0)', '(2,91)', '(3,91)', '(4,)']);
  expect(await database.query('select last_value, is_called from app.child_id_seq')).toEqual(sequence);
});

test.each([
  [
    'alter table app.child rename to kid',
    'the table is gone; what may be the same one is called app.kid now',
  ],
  [
    'create schema other; alter table app.child set schema other',
    'the table is gone; what may be the same one is called other.child now',
  ],
  ['alter table app.child drop column note', 'the column note is gone'],
  [
    'alter table app.child add must integer; update app.child set must = 1; alter table app.child alter must set not null',
    `null value in column "must"${serverVersion() >= 130_000 ? ' of relation "child"' : ''} violates not-null constraint (23502)`,
  ],
])('after "%s" each row has its reason', async (change, reason) => {
  const { runId = '' } = await guard().apply();
  await database.query(`insert into app.parent values (91), (92), (93), (94); ${change}`);
  const { restored, failed } = await guard().restore(runId);
  expect([...new Set(reasons(failed))]).toEqual([`app.child: ${reason}`]);
  expect({ restored, failed: failed.length }).toEqual({ restored: 4, failed: 3 });
});

test.each([
  ['numeric(10,4)', '2.1234', 'numeric(10,2)'],
  ['timestamp(6) without time zone', '2026-01-02 03:04:05.678901', 'timestamp(0) without time zone'],
  ['interval', '1 day 00:00:01.5', 'interval(0)'],
  ['numeric(10,4)[]', '{0.5,0.1234}', 'numeric(10,2)[]'],
])('%s: %s is not rounded by %s, the row stays out until it fits', async (type, value, now) => {
  await database.query(`
    alter table app.child add measured ${type};
    update app.child set measured = '${value}'`);
  const before = await rowsOf(database, 'app.child');
  const { runId = '' } = await guard().apply();
  await database.query(`
    insert into app.parent values (91), (92), (93), (94);
    alter table app.child alter measured type ${now}`);
  const { restored, failed } = await guard().restore(runId);
  expect(reasons(failed)).toEqual(
    Array.from(
      { length: 3 },
      () => `app.child: the column measured is ${now} now, which would round its value`,
    ),
  );
  expect(restored).toBe(4);
  await database.query(`
    alter table app.child alter measured type ${type}; update app.child set measured = '${value}'`);
  expect(await guard().restore(runId)).toMatchObject({ restored: 3, failed: [] });
  expect(await rowsOf(database, 'app.child')).toEqual(before);
});

test('the application’s triggers run along its own search_path', async () => {
  const { runId = '' } = await guard().apply();
  await database.query(`
    alter database "${database.name}" set search_path = app;
    insert into app.parent values (91), (92), (93), (94);
    create table app.log (what text);
    create function app.write_log() returns trigger language plpgsql as $$ begin insert into log values (tg_op); return new; end $$;
    create trigger logged before insert or update on app.child for each row execute function app.write_log();
    create trigger logged before insert or update on app.nulled for each row execute function app.write_log()`);
  expect(await guard().restore(runId)).toEqual({ runId, restored: 7, failed: [] });
  expect(
    await database.query('select what, count(*)::int as rows from app.log group by 1 order by 1'),
  ).toEqual([
    { what: 'INSERT', rows: 3 },
    { what: 'UPDATE', rows: 4 },
  ]);
});
