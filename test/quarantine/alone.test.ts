import { createDatabase, type TestDatabase } from '../postgres/database';
import { expectAccounted, takePicture } from './accounted';
import { cascade, connect, copies, copiedRows, guardAt, pidOf, untilBlockedBy } from './setup';

/** Orphans with nothing below them: one statement removes and copies them. */
let database: TestDatabase;
beforeEach(async () => {
  database = await createDatabase('alone');
  await database.query(`
    create table parent (id integer primary key);
    create table child (id integer primary key, parent_id integer, note text);
    insert into parent select i from generate_series(1, 100) i;
    insert into child select i, i from generate_series(1, 110) i;
    alter table child add constraint child_parent_id_fkey foreign key (parent_id) references parent on delete cascade not valid`);
});
afterEach(() => database.drop());

const KEYS = [cascade('public.child(parent_id)', 'public.parent(id)')];
const applyPatiently = () => guardAt(database.url, KEYS, { lockTimeout: '10s' }).apply();
const kept = async (): Promise<unknown[]> =>
  (await database.query<{ id: number }>('select id from child where id > 100 order by id')).map(
    ({ id }) => id,
  );

test('every orphan is copied as it was', async () => {
  await database.query(`update child set note = 'a "note"' where id = 101`);
  const before = await takePicture(database);
  expect(await applyPatiently()).toMatchObject({ status: 'repaired', rowsDeleted: 10, rowsQuarantined: 10 });
  await expectAccounted(database, before);
  const [first] = await copiedRows(database, 'child');
  expect(first).toEqual({ id: '101', parent_id: '101', note: 'a "note"' });
});

test('what a writer does with a row while the batch waits for it counts: a parent, another value, its end', async () => {
  const writer = await connect(database.url);
  await writer.query(`begin;
    update child set parent_id = 1 where id = 101;
    update child set note = 'moved' where id = 102;
    delete from child where id = 104`);
  const applied = applyPatiently();
  await untilBlockedBy(database, await pidOf(writer));
  await writer.query('commit');
  await writer.end();

  expect(await applied).toMatchObject({ status: 'repaired', rowsDeleted: 8, rowsQuarantined: 8 });
  expect(await kept()).toEqual([101]);
  const copied = await copiedRows(database, 'child');
  expect(copied.map(({ id }) => id).sort()).toEqual(['102', '103', '105', '106', '107', '108', '109', '110']);
  expect(copied).toContainEqual({ id: '102', parent_id: '102', note: 'moved' });
});

test('a parent that comes while the batch waits for its table keeps its child', async () => {
  const writer = await connect(database.url);
  await writer.query('begin; insert into parent values (105)');
  const applied = applyPatiently();
  await untilBlockedBy(database, await pidOf(writer));
  await writer.query('commit');
  await writer.end();
  expect(await applied).toMatchObject({ status: 'repaired', rowsDeleted: 9, rowsQuarantined: 9 });
  expect(await kept()).toEqual([105]);
});

test('a trigger that the options allow runs under the search_path of the application', async () => {
  await database.query(`
    create table audit (id integer);
    create function note_it() returns trigger language plpgsql as
      $$ begin insert into audit values (old.id); return old; end $$;
    create trigger note_it before delete on child for each row execute function note_it()`);
  const { status } = await guardAt(database.url, KEYS, { triggers: ['public.child.note_it'] }).apply();
  expect(status).toBe('repaired');
  expect(await database.query('select count(*)::int as rows from audit')).toEqual([{ rows: 10 }]);
  expect(await copies(database)).toEqual(['child delete 10']);
});

test('SET NULL removes no row', async () => {
  await database.query('alter table child drop constraint child_parent_id_fkey');
  const key = { ...KEYS[0]!, onDelete: 'SET NULL' } as const;
  const outcome = await guardAt(database.url, [key]).apply();
  expect(outcome).toMatchObject({ status: 'repaired', rowsDeleted: 0, rowsNullified: 10 });
  expect(await kept()).toHaveLength(10);
});

test('rows stay where the quarantine lets no copies in', async () => {
  await applyPatiently();
  await database.query(`
    alter table child drop constraint child_parent_id_fkey;
    insert into child values (201, 201), (202, 202);
    create function keep_out() returns trigger language plpgsql as
      $$ begin if new.row_data ->> 'id' = '202' then return null; end if; return new; end $$;
    create trigger keep_out before insert on fk_guard.quarantine for each row execute function keep_out()`);
  const { status, steps } = await applyPatiently();
  expect(status).toBe('refused');
  expect(steps.find(({ title }) => title.startsWith('Quarantine'))).toMatchObject({
    status: 'refused',
    error: {
      code: 'TRIGGER_VETO',
      message:
        '1 row of public.child would have gone without a copy: the quarantine did not take it; the batch was rolled back.',
    },
  });
  expect(await kept()).toEqual([201, 202]);
  expect(await copies(database)).toEqual(['child delete 10']);
});
