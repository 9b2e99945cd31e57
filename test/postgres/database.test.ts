import { Client } from 'pg';
import { createDatabase, SERVER_VARIABLE, type TestDatabase } from './database';

const exists = async (judge: TestDatabase, name: string): Promise<boolean> =>
  (await judge.query('select from pg_database where datname = $1', [name])).length === 1;

describe('a test database', () => {
  let judge: TestDatabase;
  beforeAll(async () => (judge = await createDatabase('judge')));
  afterAll(() => judge.drop());

  it('is empty, its own, and gone after drop()', async () => {
    const [one, two] = await Promise.all([
      createDatabase('odd "name"; --'),
      createDatabase('odd "name"; --'),
    ]);
    await one.query('create table t (a int)');
    expect(await two.query(`select from pg_class where relnamespace = 'public'::regnamespace`)).toEqual([]);
    expect(await exists(judge, one.name)).toBe(true);
    await Promise.all([one.drop(), two.drop()]);
    expect([await exists(judge, one.name), await exists(judge, two.name)]).toEqual([false, false]);
  });

  it.each([undefined, process.env[SERVER_VARIABLE]])('can be had from any server', async (server) => {
    const database = await createDatabase('any', server);
    const [row] = await database.query<{ encoding: string }>('show server_encoding');
    expect(row).toEqual({ server_encoding: 'UTF8' });
    await database.drop();
  });

  it('gives the rows of the last of several statements', async () => {
    expect(await judge.query('select 1 as a; select 2 as b')).toEqual([{ b: 2 }]);
    expect(await judge.query('select $1::int + 1 as c', [2])).toEqual([{ c: 3 }]);
  });

  it('asks again on a new connection after its own was killed', async () => {
    const database = await createDatabase('killed');
    const [row] = await database.query<{ pid: number }>('select pg_backend_pid() as pid');
    await judge.query('select pg_terminate_backend($1)', [row?.pid]);
    // The first question may still meet the dying connection.
    await database.query('select 1').catch(() => undefined);
    expect(await database.query('select 1 as one')).toEqual([{ one: 1 }]);
    await database.drop();
  });

  it('is dropped under a leaked connection, which drop() then names', async () => {
    const database = await createDatabase('leak');
    const leak = new Client({ connectionString: database.url, application_name: 'forgotten' });
    const lost = new Promise((resolve) => leak.on('error', resolve));
    await leak.connect();
    await leak.query('begin; create table t (a int)');
    await expect(database.drop()).rejects.toThrow(
      'forgotten [idle in transaction] begin; create table t (a int)',
    );
    expect(await lost).toMatchObject({ code: '57P01' });
    expect(await exists(judge, database.name)).toBe(false);
  });

  it('does not complain when a test says that connections are left on purpose', async () => {
    const database = await createDatabase('leak');
    const leak = new Client({ connectionString: database.url });
    const lost = new Promise((resolve) => leak.on('error', resolve));
    await leak.connect();
    await database.drop({ force: true });
    expect(await lost).toMatchObject({ code: '57P01' });
  });

  it('has roles that may nothing by themselves and go with it', async () => {
    const database = await createDatabase('roles');
    await database.query('create table t (a int)');
    const role = await database.createRole();
    await database.query(`grant create on schema public to "${role.name}"`);
    const client = new Client({ connectionString: role.url });
    await client.connect();
    await expect(client.query('select * from t')).rejects.toMatchObject({ code: '42501' });
    await client.query('create table mine (a int)');
    await client.end();
    await database.drop();
    expect(await judge.query('select from pg_roles where rolname = $1', [role.name])).toEqual([]);
  });
});
