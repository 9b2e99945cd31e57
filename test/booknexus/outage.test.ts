import type { ChildProcess } from 'node:child_process';
import request from 'supertest';
import { openLibrary } from '../../app/database';
import { createHttp } from '../../app/http';
import { databaseProbe } from '../../app/probe';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { type Cable, layCable } from './cable';
import { untilSomebodyWaits, untilStatus } from './seen';
import { killServers, portOf, startServer } from './server-process';

let database: TestDatabase;
let cable: Cable;

beforeEach(async () => {
  database = await createDatabase('outage');
  cable = await layCable(database.url);
});

afterEach(async () => {
  await killServers();
  await cable.cut();
  await database.drop();
});

const get = (port: number, path: string) => request(`http://127.0.0.1:${port}`).get(path);
const isRunning = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode === null && signalCode === null;

test('goes on without its database, and comes back by itself', async () => {
  const server = startServer(cable.through(database.url));
  const port = await portOf(server);
  await untilStatus(port, '/readyz', 200);
  // Several connections lie idle in the pool when they are cut.
  await Promise.all(Array.from({ length: 5 }, () => get(port, '/books').expect(200)));

  await cable.cut();

  await untilStatus(port, '/readyz', 503);
  const probes = await Promise.all(Array.from({ length: 50 }, () => get(port, '/readyz')));
  expect(new Set(probes.map(({ status }) => status))).toEqual(new Set([503]));
  expect(await get(port, '/livez')).toMatchObject({ status: 200 });
  expect(await get(port, '/')).toMatchObject({ status: 200 });
  const books = await get(port, '/books');
  expect(books).toMatchObject({ status: 503, body: { error: 'The database is away' } });
  expect(books.headers['retry-after']).toBe('5');

  await cable.plug();

  await untilStatus(port, '/readyz', 200);
  expect(await get(port, '/books')).toMatchObject({ status: 200, body: [] });
  expect(isRunning(server)).toBe(true);
});

test('sessions that the server ends by itself are replaced, statements under way are answered 503', async () => {
  const server = startServer(database.url);
  const port = await portOf(server);
  await untilStatus(port, '/readyz', 200);
  await database.query('begin; lock table "Books"');
  const waiting = get(port, '/books').then(({ status }) => status);
  const others = `from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`;
  await untilSomebodyWaits(database);
  await database.query(`select pg_terminate_backend(pid) ${others}`);
  await database.query('commit');

  expect(await waiting).toBe(503);
  await untilStatus(port, '/books', 200);
  await untilStatus(port, '/readyz', 200);
  expect(isRunning(server)).toBe(true);
});

test('waits for a database that is down at the start', async () => {
  await cable.cut();
  const server = startServer(cable.through(database.url));
  const port = await portOf(server);

  expect(await get(port, '/livez')).toMatchObject({ status: 200 });
  expect(await get(port, '/readyz')).toMatchObject({ status: 503, body: { status: 'starting' } });
  expect(await get(port, '/books')).toMatchObject({ status: 503 });

  await cable.plug();

  await untilStatus(port, '/readyz', 200);
  expect(await get(port, '/books')).toMatchObject({ status: 200 });
  expect(isRunning(server)).toBe(true);
});

test('nobody hangs while the database is silent, and a late answer is nobody’s', async () => {
  const library = openLibrary(cable.through(database.url));
  await library.sequelize.sync();
  const probe = databaseProbe(cable.through(database.url), 200);
  const readiness = () => ({ state: 'ready' }) as const;
  const app = request(createHttp(library, { probe, readiness, longestRequestMs: 200 }));
  expect(await app.get('/readyz')).toMatchObject({ status: 200 });

  cable.stall();

  expect(await app.get('/readyz')).toMatchObject({ status: 503, body: { status: 'database away' } });
  expect(await app.get('/books')).toMatchObject({
    status: 503,
    body: { error: 'The database does not answer' },
  });

  const errors = jest.spyOn(console, 'error');
  await cable.cut();
  await cable.plug();
  expect(await app.get('/readyz')).toMatchObject({ status: 200 });
  expect(await app.get('/books')).toMatchObject({ status: 200 });
  expect(errors).not.toHaveBeenCalled();
  await Promise.all([library.sequelize.close(), probe.close()]);
});
