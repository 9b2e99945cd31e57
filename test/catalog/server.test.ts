import { sql } from '../../src/sql';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { lookAt, tableOf } from './reading';

describe('the server, the role and the session', () => {
  let database: TestDatabase;
  let role: { readonly name: string; readonly url: string };

  beforeAll(async () => {
    database = await createDatabase('catalog_server');
    role = await database.createRole();
    await database.query(`
      create schema "Closed"; create schema "Mine" authorization "${role.name}"; grant usage on schema public to "${role.name}";
      create table "Closed".t (id int primary key); grant all on "Closed".t to "${role.name}";
      create table "Mine".t (id int primary key); alter table "Mine".t owner to "${role.name}";
      create table public.foreign_owner (id int primary key); grant select, update on public.foreign_owner to "${role.name}";
      create table public.hidden (id int primary key); grant select, update, delete on public.hidden to "${role.name}";
      alter table public.hidden enable row level security;
      create policy half on public.hidden using (id % 2 = 0);
      create table public.child (hidden_id int references public.hidden)`);
  });
  afterAll(() => database.drop());

  it('reads what PostgreSQL says of itself', async () => {
    const { server } = await lookAt(database.url);
    const [row] = await database.query<{ version: string; role: string }>(
      "select current_setting('server_version_num') as version, current_user as role",
    );
    expect(server).toEqual({
      version: Number(row?.version),
      database: database.name,
      role: row?.role,
      inRecovery: false,
      searchPath: ['public'],
      mayCreateSchema: true,
    });
  });

  it('reads the search_path of the application, only schemas that exist, in order', async () => {
    const { server } = await lookAt(database.url, [sql`set local search_path = "Mine", nowhere, "Closed"`]);
    expect(server.searchPath).toEqual(['Mine', 'Closed']);
  });

  it('says what a limited role may do', async () => {
    const catalog = await lookAt(role.url);
    expect(catalog.server).toMatchObject({ role: role.name, mayCreateSchema: false });
    expect(tableOf(catalog, 't', 'Mine').may).toEqual({ own: true, select: true, lock: true });
    expect(tableOf(catalog, 'foreign_owner').may).toEqual({ own: false, select: true, lock: true });
    expect(tableOf(catalog, 'hidden').may).toEqual({ own: false, select: true, lock: true });
    expect(tableOf(catalog, 'child').may).toEqual({ own: false, select: false, lock: false });
  });

  it('has table privileges for nothing without USAGE on the schema', async () => {
    expect(tableOf(await lookAt(role.url), 't', 'Closed').may).toEqual({
      own: false,
      select: false,
      lock: false,
    });
  });

  it('sees row security where it applies to the role, without an error', async () => {
    expect(tableOf(await lookAt(role.url), 'hidden').rowSecurity).toBe(true);
    expect(tableOf(await lookAt(role.url), 'foreign_owner').rowSecurity).toBe(false);
    expect(tableOf(await lookAt(database.url), 'hidden').rowSecurity).toBe(false);
  });

  it('is not fooled by operators and functions of another schema that come first', async () => {
    const honest = await lookAt(database.url);
    await database.query(hostileSchema);
    const path = sql`set local search_path = hostile, pg_catalog, public`;
    const fooled = await database.query<{ no: boolean }>(
      'set search_path = hostile, pg_catalog; select 1 = 1 as no',
    );
    await database.query('reset search_path');
    expect(fooled).toEqual([{ no: false }]);
    const catalog = await lookAt(database.url, [path]);
    expect(catalog.server).toEqual({ ...honest.server, searchPath: ['hostile', 'pg_catalog', 'public'] });
    const without = catalog.tables.filter((table) => table.name.schema !== 'hostile');
    expect(without).toEqual(honest.tables);
    expect(catalog.foreignKeys).toEqual(honest.foreignKeys);
  });
});

const hostileSchema = `
  create schema hostile;
  create function hostile.no(int, int) returns boolean language sql as 'select false';
  create function hostile.no("char", "char") returns boolean language sql as 'select false';
  create function hostile.no(oid, oid) returns boolean language sql as 'select false';
  create operator hostile.= (leftarg = int, rightarg = int, function = hostile.no);
  create operator hostile.= (leftarg = "char", rightarg = "char", function = hostile.no);
  create operator hostile.= (leftarg = oid, rightarg = oid, function = hostile.no);
  create function hostile.current_database() returns text language sql as $$select 'wrong'$$;
  create function hostile.current_setting(text) returns text language sql as $$select '1'$$;
  create table hostile.pg_class (oid oid, relname text);
  create table hostile.pg_constraint (oid oid)`;
