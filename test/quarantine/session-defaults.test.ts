import type { Client } from 'pg';
import { full } from '../extent';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { since } from '../postgres/version';
import { expectAccounted, takePicture } from './accounted';
import { naively, notIn } from '../false-orphans/naive';
import { cascade, connect, containing, copies, guardAt, pidOf, untilBlockedFor, type Key } from './setup';

let database: TestDatabase;
let role: { readonly name: string; readonly url: string };

/** A role that owns everything, so that its own defaults are what the guard's sessions start with. */
beforeEach(async () => {
  database = await createDatabase('defaults');
  role = await database.createRole();
  await database.query(`
    grant create on database "${database.name}" to "${role.name}"; grant all on schema public to "${role.name}";
    set role "${role.name}";
    create table parent (id integer primary key);
    create table child (id integer primary key, parent_id integer, note text);
    create index on child (parent_id);
    create table low (id serial primary key, child_id integer references child on delete cascade);
    insert into parent select i from generate_series(1, 100) i;
    insert into child select i, i from generate_series(1, 108) i;
    insert into low (child_id) select 1 + i % 108 from generate_series(1, 216) i;
    reset role`);
});
afterEach(() => database.drop());

const KEYS = [cascade('public.child(parent_id)', 'public.parent(id)')];
/** transaction_timeout is of PostgreSQL 17; what every server has is a matter of the matrix where that is tried as well. */
const NEW_TIMEOUTS = since(17, 'transaction_timeout');
const TIMEOUTS = [...(full || NEW_TIMEOUTS.length === 0 ? ['statement_timeout'] : []), ...NEW_TIMEOUTS];
const SOME_DEFAULTS = [
  ['default_transaction_read_only', 'on'],
  ['default_transaction_isolation', 'serializable'],
  ['idle_in_transaction_session_timeout', `'200ms'`],
  ['lock_timeout', `'1ms'`],
  ['search_path', `''`],
] as const;
const MORE_DEFAULTS = [
  ['default_transaction_isolation', `'repeatable read'`],
  ['default_transaction_deferrable', 'on'],
  ['statement_timeout', `'200ms'`],
  ['row_security', 'off'],
  ['standard_conforming_strings', 'off'],
  ['quote_all_identifiers', 'on'],
] as const;

test.each([
  ...SOME_DEFAULTS,
  ...since(17, ['transaction_timeout', `'250ms'`] as const),
  ...(full ? MORE_DEFAULTS : []),
])('works the same when the role sets %s = %s', async (name, value) => {
  await database.query(`alter role "${role.name}" set ${name} = ${value}`);
  const before = await takePicture(database);
  const guard = guardAt(role.url, KEYS, { batchSize: 1 });
  const outcome = await guard.apply();
  expect(outcome).toMatchObject({ status: 'repaired', rowsDeleted: 8, rowsQuarantined: 24, remaining: [] });
  await expectAccounted(database, before);
  expect(await database.query('select status from fk_guard.run')).toEqual([{ status: 'repaired' }]);
  expect(await database.query(`select to_regclass('fk_guard.orphan_list') as list`)).toEqual([
    { list: null },
  ]);

  await database.query('insert into parent select i from generate_series(101, 108) i');
  expect(await guard.restore(outcome.runId ?? '')).toMatchObject({ restored: 24, failed: [] });
  expect(await guard.apply()).toMatchObject({ status: 'clean' });
});

describe('while somebody is in the way', () => {
  let client: Client;
  beforeEach(async () => {
    client = await connect(database.url);
    await client.query('begin');
  });
  afterEach(() => client.end());

  test.each(TIMEOUTS)('so may a look at the tables (%s)', async (name) => {
    await database.query(`alter role "${role.name}" set ${name} = '150ms'`);
    await client.query('lock table child in access exclusive mode');
    const checking = guardAt(role.url, KEYS).check();
    await untilBlockedFor(database, await pidOf(client), 300);
    await client.query('commit');
    expect((await checking).summary).toMatchObject({ orphanRows: 8 });
  });

  test.each(TIMEOUTS)("a batch and the runner may wait longer than the role's %s", async (name) => {
    await database.query(`alter role "${role.name}" set ${name} = '150ms'`);
    await client.query('update low set child_id = child_id where child_id = 101');
    const applying = guardAt(role.url, KEYS, { lockTimeout: '10s' }).apply();
    await untilBlockedFor(database, await pidOf(client), 300);
    await client.query('commit');
    expect(await applying).toMatchObject({ status: 'repaired', rowsDeleted: 8, rowsQuarantined: 24 });
  });

  test.each(TIMEOUTS)(
    'so may an index that is created concurrently; that the role only reads by default does not matter either (%s)',
    async (name) => {
      await database.query(`
      alter role "${role.name}" set default_transaction_read_only = on; alter role "${role.name}" set ${name} = '150ms';
      delete from child where id > 100; delete from low; insert into low (id, child_id) select i, i from generate_series(1, 100) i`);
      await client.query('update child set note = note');
      const keys: readonly Key[] = [{ child: 'public.low(id)', parent: 'public.child(parent_id)' }];
      const applying = guardAt(role.url, keys).apply();
      await untilBlockedFor(database, await pidOf(client), 300);
      await client.query('commit');
      const outcome = await applying;
      expect(outcome.steps.map(({ status }) => status)).toEqual(outcome.steps.map(() => 'done'));
      expect(
        await database.query(
          `select indisvalid from pg_index where indrelid = 'child'::regclass and indisunique and not indisprimary`,
        ),
      ).toEqual([{ indisvalid: true }]);
      expect(
        await database.query(`select change ->> 'op' as op from fk_guard.step order by finished_at limit 1`),
      ).toEqual([{ op: 'create-unique-index' }]);
    },
  );

  test.each(['idle_in_transaction_session_timeout', ...since(14, 'idle_session_timeout')])(
    "the wait for another guard may be longer than the role's %s",
    async (name) => {
      await database.query(`alter role "${role.name}" set ${name} = '150ms'`);
      await client.query('select pg_advisory_xact_lock(6712167, 1)');
      const guard = guardAt(role.url, KEYS);
      const waited = new Promise<void>((resolve) =>
        guard.on('wait', ({ waitedMs }) => waitedMs > 400 && resolve()),
      );
      const applying = guard.apply();
      await waited;
      await client.query('commit');
      expect(await applying).toMatchObject({ status: 'repaired', rowsDeleted: 8, rowsQuarantined: 24 });
    },
  );

  test('statementTimeout is the limit that counts', async () => {
    await database.query(`alter role "${role.name}" set statement_timeout = 0`);
    await client.query('update low set child_id = child_id where child_id = 101');
    const outcome = await guardAt(role.url, KEYS, { lockTimeout: '10s', statementTimeout: '500ms' }).apply();
    await client.query('rollback');
    expect(outcome.steps.find(({ title }) => title.startsWith('Quarantine'))).toMatchObject({
      status: 'failed',
      rows: 0,
      error: { message: containing('57014') },
    });
    expect(await copies(database)).toEqual([]);
  });
});

test('triggers that were allowed find what they need along the search_path of the application', async () => {
  await database.query(`
    create schema app; grant all on schema app to "${role.name}"; set role "${role.name}";
    create table app.audit (line text);
    create function app.describe(integer) returns text language sql as $$ select 'child ' || $1 $$;
    create function public.audit() returns trigger language plpgsql as $$ begin insert into audit values (describe(old.id)); return old; end $$;
    create trigger audited before delete on child for each row execute function audit();
    create constraint trigger late after delete on child deferrable initially deferred for each row execute function audit();
    reset role; alter role "${role.name}" set search_path = app, "$user", public`);
  const outcome = await guardAt(role.url, KEYS, {
    triggers: ['public.child.audited', 'public.child.late'],
  }).apply();
  expect(outcome).toMatchObject({ status: 'repaired', rowsDeleted: 8 });
  expect(await database.query('select count(*)::int as rows, min(line) as first from app.audit')).toEqual([
    { rows: 16, first: 'child 101' },
  ]);
});

test('operators and functions of a hostile search_path are never used', async () => {
  const never = (types: string) => `
    create function hostile.never(${types}) returns boolean language sql as 'select false';
    create function hostile.always(${types}) returns boolean language sql as 'select true';
    create operator hostile.= (leftarg = ${types.split(',')[0]}, rightarg = ${types.split(',')[1]}, function = hostile.never);
    create operator hostile.<> (leftarg = ${types.split(',')[0]}, rightarg = ${types.split(',')[1]}, function = hostile.always);`;
  await database.query(`
    create schema hostile; grant usage on schema hostile to public;
    ${['integer,integer', 'text,text', 'uuid,uuid', 'oid,oid', 'name,name', 'name,text', 'tid,tid', 'bigint,bigint', 'bigint,integer', 'xid,xid', '"char","char"'].map(never).join('\n')}`);
  await database.query(`
    create function hostile.now() returns timestamptz language sql as $$ select '-infinity'::timestamptz $$;
    create function hostile.current_setting(text) returns text language sql as $$ select 'replica' $$;
    create function hostile.set_config(text, text, boolean) returns text language sql as $$ select '' $$;
    create function hostile.format(text, variadic "any") returns text language internal immutable as 'text_format';
    create domain hostile.uuid as text; create domain hostile.text as varchar(3); create domain hostile.jsonb as integer;
    create view hostile.pg_namespace as select 1 as n; create view hostile.pg_class as select 1 as n;
    grant all on all tables in schema hostile to public;
    alter role "${role.name}" set search_path = hostile, pg_catalog, public`);
  expect(await naively(role.url, notIn('child', 'parent_id', 'parent'))).toBe(108);
  const before = await takePicture(database);
  const guard = guardAt(role.url, KEYS, { batchSize: 3 });
  const outcome = await guard.apply();
  expect(outcome).toMatchObject({ status: 'repaired', rowsDeleted: 8, rowsQuarantined: 24 });
  await expectAccounted(database, before);
  await database.query('insert into parent select i from generate_series(101, 108) i');
  expect(await guard.restore(outcome.runId ?? '')).toMatchObject({ restored: 24, failed: [] });
  expect((await takePicture(database)).get('public.child')).toEqual(before.get('public.child'));
});

test('citext in another schema compares as the key does, in the closure too', async () => {
  await database.query(`
    create schema ext; create extension citext schema ext; grant usage on schema ext to public; set role "${role.name}";
    create table code (code ext.citext primary key);
    create table used (id integer primary key, code ext.citext, tag ext.citext unique);
    create table tagged (tag ext.citext references used (tag) on delete cascade);
    insert into code values ('Abc'), ('DEF');
    insert into used values (1, 'aBC', 'One'), (2, 'def', 'Two'), (3, 'Abc', 'Three'), (4, 'gone', 'Four'), (5, null, 'Five');
    insert into tagged values ('ONE'), ('FOUR'), ('fOUR'), ('three');
    reset role`);
  expect(await naively(role.url, notIn('used', 'code', 'code', 'code'))).toBe(3);
  const before = await takePicture(database);
  const outcome = await guardAt(role.url, [cascade('public.used(code)', 'public.code(code)')]).apply();
  expect(outcome).toMatchObject({ status: 'repaired', rowsDeleted: 1, rowsQuarantined: 3 });
  expect(await copies(database)).toEqual(['tagged delete 2', 'used delete 1']);
  await expectAccounted(database, before);
});

test('text that a key pads to a character key is no orphan', async () => {
  await database.query(`
    set role "${role.name}";
    create table unit (code character(6) primary key);
    create table measure (id integer primary key, code text references unit on delete cascade);
    insert into unit values ('kg'), ('m');
    insert into measure values (1, 'kg'), (2, 'kg   '), (3, 'm '), (4, null);
    alter table measure drop constraint measure_code_fkey, add constraint measure_code_fkey foreign key (code) references unit on update cascade on delete cascade not valid;
    alter table measure disable trigger user; reset role`);
  await database.query(
    `begin; set local session_replication_role = replica; insert into measure values (5, 'ell'); commit`,
  );
  expect(await naively(role.url, notIn('measure', 'code', 'unit', 'code'))).toBe(3);
  const outcome = await guardAt(role.url, [cascade('public.measure(code)', 'public.unit(code)')]).apply();
  expect(outcome).toMatchObject({ status: 'repaired', rowsDeleted: 1 });
  expect(await database.query('select id from measure order by id')).toEqual([
    { id: 1 },
    { id: 2 },
    { id: 3 },
    { id: 4 },
  ]);
});

test('no row goes when no foreign key acts in the session', async () => {
  await database.query(
    `alter role "${role.name}" superuser; alter role "${role.name}" set session_replication_role = replica`,
  );
  // They go, and the 16 rows below them stay behind.
  expect(await naively(role.url, notIn('child', 'parent_id', 'parent'))).toBe(8);
  const before = await takePicture(database);
  const outcome = await guardAt(role.url, KEYS).apply();
  expect(outcome.steps.find(({ title }) => title.startsWith('Quarantine'))).toMatchObject({
    status: 'refused',
    rows: 0,
    error: { code: 'PRIVILEGE' },
  });
  expect(await takePicture(database)).toEqual(before);
});
