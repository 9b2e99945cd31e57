import { children, upTo } from '../false-orphans/setting';
import { connect, copies, guardAt, cascade, pidOf, untilBlockedBy } from '../quarantine/setup';
import { attacked, made } from './attack';
import { RUN } from './cases';
import { runEach, runScript } from './psql';

const own = attacked();

test('a pooler that gives each statement another session: none has what the first ones have set', async () => {
  const { database } = own;
  const errors = await runEach(await made(database), async (statement) => {
    await runScript(database.url, statement);
  });
  expect(errors.join('\n')).toMatch(/This is not the session in which the script began/);
  expect(await children(database)).toBe(upTo(23));
});

test('a policy that hides parents is an error, whatever the session has lost', async () => {
  const { database } = own;
  const role = await database.createRole();
  const script = (await made(database)).replace(/^set row_security.*$/m, '');
  await database.query(`grant create on database "${database.name}" to "${role.name}";
    alter table parent owner to "${role.name}"; alter table child owner to "${role.name}";
    alter table parent enable row level security; alter table parent force row level security;
    create policy seen on parent using (id <> 4); delete from child where id > 22`);
  await expect(runScript(role.url, script)).rejects.toThrow(/row-level security/);
  expect(await children(database)).toBe(upTo(22));
});

test('an = of its own on the search_path', async () => {
  const { database } = own;
  await database.query(`create schema mine; create function mine.never(integer, integer) returns boolean language sql as 'select false';
    create operator mine.= (leftarg = integer, rightarg = integer, function = mine.never);
    alter database "${database.name}" set search_path = mine, public, pg_catalog`);
  const script = (await made(database)).replace(/^set search_path.*$/m, '');
  await runScript(database.url, script);
  expect(await children(database)).toBe(upTo(20));
});

test('a tool that goes on after errors, in another database', async () => {
  const { database } = own;
  const script = (await made(database)).replaceAll(`'${database.name}'`, `'elsewhere'`);
  const client = await connect(database.url);
  const errors = await runEach(script, (statement) => client.query(statement));
  await client.end();
  expect(errors[0]).toMatch(/This script is for the database/);
  expect(await children(database)).toBe(upTo(23));
});

test('the same tool, when it runs the script a second time', async () => {
  const { database } = own;
  const script = await made(database);
  await runScript(database.url, script);
  await database.query('set session_replication_role = replica; insert into child values (21, 21)');
  const client = await connect(database.url);
  const errors = await runEach(script, (statement) => client.query(statement));
  await client.end();
  expect(errors.join('\n')).toMatch(/or it has ended/);
  expect(await children(database)).toBe(upTo(21));
});

test('a default isolation that does not see parents that came in while the batch waited', async () => {
  const { database } = own;
  await database.query(
    `alter database "${database.name}" set default_transaction_isolation = 'repeatable read'`,
  );
  const script = await made(database);
  const client = await connect(database.url);
  await client.query('begin isolation level read committed; insert into parent values (21, 21), (22, 22)');
  const running = runScript(database.url, script);
  await untilBlockedBy(database, await pidOf(client));
  await client.query('commit');
  await client.end();
  await running;
  expect(await children(database)).toBe(upTo(22));
});

test('the same default in a session that has lost what it was set to', async () => {
  const { database } = own;
  await database.query(
    `alter database "${database.name}" set default_transaction_isolation = 'repeatable read'`,
  );
  const script = (await made(database)).replace(/^set default_transaction_isolation.*$/m, '');
  await expect(runScript(database.url, script)).rejects.toThrow(/would not see parents/);
  expect(await children(database)).toBe(upTo(23));
});

test('a parent in a prepared transaction', async () => {
  const { database } = own;
  const client = await connect(database.url);
  await client.query(`begin; insert into parent values (21, 21); prepare transaction '${database.name}'`);
  await client.end();
  const script = (await made(database)).replaceAll('10000', '50');
  try {
    await expect(runScript(database.url, script)).rejects.toThrow(/lock timeout/);
    expect(await children(database)).toBe(upTo(23));
  } finally {
    await database.query(`commit prepared '${database.name}'`);
  }
});

test('an index that has lost rows, where plans are made to use it', async () => {
  const { database } = own;
  await database.query(`drop table child, parent; create table parent (id integer primary key);
    create table child (id integer primary key, parent_id integer); create index on child (parent_id);
    insert into parent select i from generate_series(1, 10) i; insert into child select i, i from generate_series(1, 23) i;
    update pg_index set indisready = false where indexrelid = 'parent_pkey'::regclass`);
  await database.query('insert into parent select i from generate_series(11, 20) i');
  await database.query(`update pg_index set indisready = true where indexrelid = 'parent_pkey'::regclass`);
  await database.query('vacuum analyze parent, child');
  await database.query(`alter database "${database.name}" set enable_seqscan = off`);
  await runScript(database.url, await made(database)).catch(() => undefined);
  expect(await children(database)).toBe(upTo(20));
});

test.each(['zero_damaged_pages', 'ignore_checksum_failure'])('%s would hide parents', async (setting) => {
  const { database } = own;
  const script = await made(database);
  await database.query(`alter database "${database.name}" set ${setting} = on`);
  await expect(runScript(database.url, script)).rejects.toThrow(/reads damaged pages as empty/);
  expect(await children(database)).toBe(upTo(23));
});

test('rows that are written anew each time they are listed', async () => {
  const { database } = own;
  const script = await made(database);
  await database.query(`create function moves() returns event_trigger language plpgsql as
      'begin update public.child set other_id = 0 where id > 20; end';
    create event trigger moving on ddl_command_end when tag in ('CREATE TABLE AS') execute function moves()`);
  await expect(runScript(database.url, script)).rejects.toThrow(/written anew again and again/);
  expect(await children(database)).toBe(upTo(23));
});

test.each([
  ['does not outlive a crash', 'alter table fk_guard.quarantine set unlogged'],
  [
    'loses its rows to a trigger when the batch ends',
    `create function lose() returns trigger language plpgsql as 'begin delete from fk_guard.quarantine; return null; end';
     create constraint trigger t after insert on fk_guard.quarantine deferrable initially deferred for each row execute function lose()`,
  ],
])('a quarantine that %s', async (_, change) => {
  const { database } = own;
  await guardAt(database.url, [cascade('public.child(parent_id)', 'public.parent(id)')]).apply();
  await database.query(
    'alter table child drop constraint fence; insert into child select i, i from generate_series(21, 23) i',
  );
  const script = await made(database);
  await database.query(change);
  await expect(runScript(database.url, script)).rejects.toThrow(/The quarantine is not as fk-guard makes it/);
  expect(await children(database)).toBe(upTo(23));
});

test('columns with the names of variables, and a stop half way: what went goes back', async () => {
  const { database } = own;
  await database.query(`drop table child; create table child (id integer primary key, parent_id integer, this_batch integer,
      total integer, copied integer, before integer, start_at integer, listed integer);
    create index on child (parent_id);
    insert into child select i, i from generate_series(1, 1100) i;
    create table low (child_id integer references child on delete cascade); insert into low values (1100)`);
  const script = await made(database);
  await expect(runScript(database.url, script)).rejects.toThrow(/Rows of public\.low/);
  expect(await copies(database)).toEqual(['child delete 1000']);
  const guard = guardAt(database.url, [cascade('public.child(parent_id)', 'public.parent(id)')]);
  expect(await guard.restore(RUN, { schema: true })).toMatchObject({ restored: 1000, failed: [] });
  expect(await children(database)).toBe(upTo(1100));
});
