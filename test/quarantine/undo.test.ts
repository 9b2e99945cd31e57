import { createGuardCore } from '../../src/create-guard';
import { databaseAt } from '../../src/db';
import { createEvents } from '../../src/events';
import { parseForeignKeys } from '../../src/model/declared-keys';
import { parseOptions } from '../../src/parse-options';
import { undoConstraints } from '../../src/execution/undo';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { takePicture } from './accounted';
import { cascade, silent } from './setup';

let database: TestDatabase;
let role: { readonly name: string; readonly url: string };

beforeEach(async () => {
  database = await createDatabase('undo');
  role = await database.createRole();
  await database.query(`
    grant create on database "${database.name}" to "${role.name}"; grant all on schema public to "${role.name}"; set role "${role.name}";
    create table parent (id integer primary key);
    create table child (id integer primary key, parent_id integer constraint own_name references parent, note text);
    insert into parent select i from generate_series(1, 100) i;
    insert into child select i, i from generate_series(1, 100) i; reset role;
    begin; set local session_replication_role = replica; insert into child values (101, 101); commit`);
});
afterEach(() => database.drop());

const settings = parseOptions({ logger: silent, relations: {} }, {});
const keys = parseForeignKeys([cascade('public.child(parent_id)', 'public.parent(id)')]);
const guard = () =>
  createGuardCore({
    database: databaseAt(role.url),
    expected: () => keys,
    settings: { ...settings, scan: 'all', orphans: 'delete' },
    uninstall: () => undefined,
    origin: 'this migration',
  }).guard;
const keysNow = async (): Promise<unknown[]> =>
  (
    await database.query(
      `select pg_get_constraintdef(oid) as key from pg_constraint where contype = 'f' and conrelid = 'child'::regclass`,
    )
  ).map(({ key }) => key);

test.each([
  ['default_transaction_read_only', 'on'],
  ['search_path', 'hostile, pg_catalog, public'],
  ['statement_timeout', `'200ms'`],
])('takes the keys back and no rows, whatever the role sets (%s = %s)', async (name, value) => {
  await database.query(`
    create schema hostile; grant usage on schema hostile to public;
    create function hostile.never(uuid, uuid) returns boolean language sql as 'select false';
    create function hostile.never(text, text) returns boolean language sql as 'select false';
    create operator hostile.= (leftarg = uuid, rightarg = uuid, function = hostile.never);
    create operator hostile.= (leftarg = text, rightarg = text, function = hostile.never);
    alter role "${role.name}" set ${name} = ${value}`);
  const before = await keysNow();
  expect(await guard().apply()).toMatchObject({ rowsDeleted: 1 });
  const cleaned = await takePicture(database);
  expect(await keysNow()).toEqual(['FOREIGN KEY (parent_id) REFERENCES parent(id) ON DELETE CASCADE']);

  expect(
    await undoConstraints(databaseAt(role.url), settings, createEvents(), 'this migration'),
  ).toBeGreaterThan(0);
  expect(await keysNow()).toEqual(before.map((key) => `${String(key)} NOT VALID`));
  expect(await takePicture(database)).toEqual(cleaned);
  expect(
    await database.query(`select count(*)::int as rows from fk_guard.step where undone_at is null`),
  ).toEqual([{ rows: 0 }]);
  expect(await undoConstraints(databaseAt(role.url), settings, createEvents(), 'this migration')).toBe(0);
});
