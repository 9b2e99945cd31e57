import { once } from 'node:events';
import request from 'supertest';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { dump } from '../postgres/dump';
import { runNode } from '../booknexus/run-node';
import { MISUSE, UNREACHABLE } from '../booknexus/misuse';
import { killServers, portOf, startServer } from '../booknexus/server-process';

const CREATE = '20260101000000-create-library.js';
const FIX = '20260201000000-fix-foreign-keys.js';

let database: TestDatabase;

beforeEach(async () => {
  database = await createDatabase('built');
});

afterEach(async () => {
  await killServers();
  await database.drop();
});

const sequelizeCli = (command: string) =>
  runNode('node_modules/sequelize-cli/lib/sequelize', [command], { DATABASE_URL: database.url });
const migrateFixFk = (...args: string[]) =>
  runNode('build/app/migrate-fix-fk.js', args, { DATABASE_URL: database.url });

const recorded = async (): Promise<string[]> =>
  (await database.query<{ name: string }>('select name from "SequelizeMeta" order by name')).map(
    ({ name }) => name,
  );

const validKeysOfCheckouts = async (): Promise<number> =>
  (
    await database.query(
      `select 1 from pg_constraint where conrelid = '"Checkouts"'::regclass and contype = 'f' and convalidated and confdeltype = 'c'`,
    )
  ).length;

describe('sequelize-cli', () => {
  test('db:migrate and db:migrate:undo run the built migrations', async () => {
    expect(sequelizeCli('db:migrate')).toMatchObject({ status: 0 });
    expect(await recorded()).toEqual([CREATE, FIX]);
    expect(await validKeysOfCheckouts()).toBe(2);

    expect(sequelizeCli('db:migrate:undo')).toMatchObject({ status: 0 });
    expect(await recorded()).toEqual([CREATE]);
    expect(await validKeysOfCheckouts()).toBe(0);
  });

  test('says what is missing when DATABASE_URL is', () => {
    const { status, stderr } = runNode('node_modules/sequelize-cli/lib/sequelize', ['db:migrate']);
    expect(status).toBe(1);
    expect(stderr).toContain('DATABASE_URL is not set');
  });
});

describe('npm run migrate:fix-fk', () => {
  test('records what sequelize-cli would, and a second run has nothing to do', async () => {
    expect(migrateFixFk()).toMatchObject({
      status: 0,
      stdout: expect.stringContaining(`Done: ${FIX}`) as string,
    });
    expect(await recorded()).toEqual([CREATE, FIX]);
    expect(await validKeysOfCheckouts()).toBe(2);

    expect(migrateFixFk()).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('No migration is pending.') as string,
    });
    expect(sequelizeCli('db:migrate').stdout).toContain('No migrations were executed');
  });

  test('--dry-run shows the migrations and the steps, and writes nothing at all', async () => {
    expect(sequelizeCli('db:migrate')).toMatchObject({ status: 0 });
    await database.query(
      `delete from "SequelizeMeta"; alter table "Checkouts" drop constraint "Checkouts_userId_fkey"`,
    );
    const before = await dump(database);

    const { status, stdout } = migrateFixFk('--dry-run');

    expect(status).toBe(0);
    expect(stdout).toContain(`Pending: ${CREATE}, ${FIX}`);
    expect(stdout).toContain('add constraint "Checkouts_userId_fkey"');
    expect(stdout).toContain('Nothing was written.');
    expect(await dump(database)).toBe(before);
  });

  test('--dry-run on an empty database does not even make SequelizeMeta', async () => {
    expect(migrateFixFk('--dry-run')).toMatchObject({ status: 0 });
    expect(await database.query(`select nspname from pg_namespace where nspname = 'fk_guard'`)).toEqual([]);
    expect(
      await database.query(`select relname from pg_class where relnamespace = 'public'::regnamespace`),
    ).toEqual([]);
  });

  test.each(MISUSE)('%s: exit %i and one line', (_what, exit, environment, args, line) => {
    const { status, stderr } = runNode('build/app/migrate-fix-fk.js', args, environment);
    expect(stderr).toMatch(line);
    expect(stderr).not.toContain('secret');
    expect(status).toBe(exit);
  });
});

describe('the server', () => {
  test('says ready, serves, and ends on SIGTERM', async () => {
    const server = startServer(database.url);
    const ready = once(server, 'message');
    const port = await portOf(server);
    expect(await ready).toEqual(['ready', undefined]);

    const health = await request(`http://127.0.0.1:${port}`).get('/health');
    expect(health.body).toMatchObject({ status: 'pass' });

    server.kill('SIGTERM');
    expect(await once(server, 'exit')).toEqual([0, null]);
  });

  test('answers 503 while the database is down, and ends on SIGINT', async () => {
    const server = startServer(UNREACHABLE);
    const port = await portOf(server);

    const health = await request(`http://127.0.0.1:${port}`).get('/health');

    expect(health.status).toBe(503);
    expect(health.body).toEqual({ status: 'starting' });
    server.kill('SIGINT');
    expect(await once(server, 'exit')).toEqual([0, null]);
  });

  test('ends with 78 without a configuration', () => {
    const { status, stderr } = runNode('build/app/server.js', []);
    expect(stderr).toMatch(/^DATABASE_URL is not set.*\n$/);
    expect(status).toBe(78);
  });
});
