import { createDatabase, type TestDatabase } from '../postgres/database';
import { expectAccounted, takePicture } from './accounted';
import { cascade, copies, guardAt, type Key } from './setup';

let database: TestDatabase;

beforeEach(async () => {
  database = await createDatabase('veto');
  await database.query(`
    create table parent (id integer primary key);
    create table child (id integer primary key, parent_id integer, hidden boolean default false);
    create table low (id integer primary key, child_id integer references child on delete cascade, hidden boolean default false);
    create table loose (id integer primary key, child_id integer references child on delete set null, hidden boolean default false);
    insert into parent select i from generate_series(1, 100) i;
    insert into child select i, i from generate_series(1, 105) i;
    insert into low select i, i from generate_series(1, 105) i;
    insert into loose select i, i from generate_series(1, 105) i;
    create function keep() returns trigger language plpgsql as $$ begin if old.id = 103 then return null; end if; return coalesce(new, old); end $$;
    create function keep_old() returns trigger language plpgsql as $$ begin if old.id = 103 then return old; end if; return new; end $$;
    create function hide() returns trigger language plpgsql as $$ begin
      execute format('update %I set hidden = true where id = $1', tg_table_name) using old.id; return null; end $$;
    create function hide_carefully() returns trigger language plpgsql as $$ begin
      begin execute format('update %I set hidden = true where id = $1', tg_table_name) using old.id; exception when others then null; end; return null; end $$;`);
});
afterEach(() => database.drop());

const KEY = cascade('public.child(parent_id)', 'public.parent(id)');
const NULLED: Key = { child: 'public.child(parent_id)', parent: 'public.parent(id)', onDelete: 'SET NULL' };

const VETOES: readonly (readonly [string, string, string, Key])[] = [
  [
    'keeps an orphan',
    'child.t',
    'create trigger t before delete on child for each row execute function keep()',
    KEY,
  ],
  [
    'hides an orphan instead of deleting it',
    'child.t',
    'create trigger t before delete on child for each row execute function hide()',
    KEY,
  ],
  [
    'keeps a row below',
    'low.t',
    'create trigger t before delete on low for each row execute function keep()',
    KEY,
  ],
  [
    'hides a row below instead of deleting it',
    'low.t',
    'create trigger t before delete on low for each row execute function hide()',
    KEY,
  ],
  [
    'hides a row below, in a subtransaction',
    'low.t',
    'create trigger t before delete on low for each row execute function hide_carefully()',
    KEY,
  ],
  [
    'keeps a row that SET NULL would change',
    'loose.t',
    'create trigger t before update on loose for each row execute function keep()',
    KEY,
  ],
  [
    'gives a row its key back that SET NULL has taken',
    'loose.t',
    'create trigger t before update on loose for each row execute function keep_old()',
    KEY,
  ],
  [
    'keeps a row below by a rule',
    'low.t',
    'create rule t as on delete to low where old.id = 103 do instead nothing',
    KEY,
  ],
  [
    'keeps an orphan from being set to null',
    'child.t',
    'create trigger t before update on child for each row execute function keep()',
    NULLED,
  ],
  [
    'gives an orphan its key back',
    'child.t',
    'create trigger t before update on child for each row execute function keep_old()',
    NULLED,
  ],
];

test.each(VETOES)('a trigger that %s undoes the whole batch', async (_, name, ddl, key) => {
  await database.query(ddl);
  const before = await takePicture(database);
  const plan = await guardAt(database.url, [key]).plan();
  expect(plan.refusals.map(({ code, option }) => `${code} ${option}`)).toContain(
    `USER_TRIGGER triggers: ['public.${name}']`,
  );

  const outcome = await guardAt(database.url, [key], { triggers: [`public.${name}`] }).apply();
  expect(outcome.steps.find(({ title }) => title.startsWith('Quarantine'))).toMatchObject({
    status: 'refused',
    rows: 0,
    error: { code: 'TRIGGER_VETO' },
  });
  expect(outcome).toMatchObject({ rowsDeleted: 0, rowsNullified: 0, rowsQuarantined: 0 });
  expect(await takePicture(database)).toEqual(before);
  expect(await copies(database)).toEqual([]);
});

test('a rule that keeps the orphans themselves fails the step and changes nothing', async () => {
  await database.query('create rule t as on delete to child where old.id = 103 do instead nothing');
  const before = await takePicture(database);
  const outcome = await guardAt(database.url, [KEY], { triggers: ['public.child.t'] }).apply();
  expect(outcome.steps.find(({ title }) => title.startsWith('Quarantine'))?.status).toMatch(/refused|failed/);
  expect(await takePicture(database)).toEqual(before);
  expect(await copies(database)).toEqual([]);
});

test('only the batch of the row that was kept is undone; what went before stays gone, with its copies', async () => {
  await database.query('create trigger t before delete on low for each row execute function keep()');
  const before = await takePicture(database);
  const outcome = await guardAt(database.url, [KEY], { triggers: ['public.low.t'], batchSize: 1 }).apply();
  expect(outcome.steps.find(({ title }) => title.startsWith('Quarantine'))).toMatchObject({
    status: 'refused',
    rows: 2,
  });
  expect(outcome).toMatchObject({ rowsDeleted: 2, rowsQuarantined: 6 });
  await expectAccounted(database, before);
  expect(await copies(database)).toEqual(['child delete 2', 'loose change 2', 'low delete 2']);
});

test('triggers that let the rows go are no veto, and those of other rows of the transaction are not mistaken for one', async () => {
  await database.query(`
    create table audit (id integer); create function note() returns trigger language plpgsql as $$ begin insert into audit values (old.id); return coalesce(new, old); end $$;
    create trigger t before delete on low for each row execute function note();
    create trigger t after update on loose for each row execute function note();
    create trigger t before delete on child for each row execute function note()`);
  const before = await takePicture(database);
  const triggers = ['public.low.t', 'public.loose.t', 'public.child.t'];
  expect(await guardAt(database.url, [KEY], { triggers }).apply()).toMatchObject({
    status: 'repaired',
    rowsDeleted: 5,
    rowsQuarantined: 15,
  });
  await expectAccounted(database, new Map([...before].filter(([id]) => id !== 'public.audit')));
  expect(await database.query('select count(*)::int as rows from audit')).toEqual([{ rows: 15 }]);
});
