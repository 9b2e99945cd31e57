import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import request from 'supertest';
import { ROOT } from '../booknexus/run-node';
import { type Cable, layCable } from '../booknexus/cable';
import { untilStatus } from '../booknexus/seen';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { freePort } from '../postgres/postmaster';
import { type Listed, privatePm2, type PrivatePm2 } from './pm2';

/* BookNexus under a real pm2, step by step: each test goes on from the state that the one before has left. */

const ECOSYSTEM = 'ecosystem.config.cjs';
/** Enough to build and run BookNexus; a deployment changes the code of this copy. */
const SOURCES = ['app', 'models', 'migrations', 'src', 'scripts', 'test/postgres', 'dist', 'build'];
const FILES = ['package.json', 'tsconfig.json', ECOSYSTEM];

let database: TestDatabase;
let cable: Cable;
let directory: string;
let pm2: PrivatePm2;
let environment: Record<string, string>;
let port: number;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'fk-guard-deployed-'));
  for (const one of [...SOURCES, ...FILES])
    cpSync(join(ROOT, one), join(directory, one), { recursive: true, preserveTimestamps: true });
  symlinkSync(join(ROOT, 'node_modules'), join(directory, 'node_modules'));
  pm2 = privatePm2(directory);
  database = await createDatabase('pm2');
  cable = await layCable(database.url);
  port = await freePort();
  environment = { DATABASE_URL: cable.through(database.url), PORT: String(port), DEPLOY_TIMEOUT: '30' };
}, 120_000);

afterAll(async () => {
  pm2.remove();
  rmSync(directory, { recursive: true });
  await cable.cut();
  await database.drop({ force: true });
});

const only = async (): Promise<Listed> => {
  const [first, ...others] = await pm2.processes();
  if (first === undefined || others.length > 0) throw new Error('pm2 does not run one process');
  return first;
};
const deploy = (change: Readonly<Record<string, string>> = {}) =>
  pm2.run('npm', ['run', 'deploy'], { ...environment, ...change });
const livez = async (): Promise<unknown> => (await request(`http://127.0.0.1:${port}`).get('/livez')).body;

test('started without its database, it waits and is ready by itself', async () => {
  await cable.cut();
  const starting = pm2.run('pm2', ['start', ECOSYSTEM], environment);
  await untilStatus(port, '/livez', 200);
  await untilStatus(port, '/readyz', 503);
  await cable.plug();

  expect(await starting).toMatchObject({ status: 0 });
  await untilStatus(port, '/readyz', 200);
  expect(await only()).toMatchObject({ status: 'online', restarts: 0 });
});

test('a deployment whose repair fails leaves the old process alone', async () => {
  const { pid } = await only();
  await cable.cut();
  const { status, output } = await deploy();
  await cable.plug();

  expect(status).toBe(1);
  expect(output).toContain('Not deployed. npm ended with 1');
  expect(await only()).toMatchObject({ pid, status: 'online', restarts: 0 });
});

test('a deployment builds, repairs, and ends when the new code is ready', async () => {
  const { pid } = await only();
  const file = join(directory, 'app/probes.ts');
  writeFileSync(file, readFileSync(file, 'utf8').replace(`'alive'`, `'alive and new'`));
  expect(await livez()).toEqual({ status: 'alive' });

  const { status, output } = await deploy();

  expect(output).toContain('booknexus-backend is ready: process ');
  expect(status).toBe(0);
  expect(await livez()).toEqual({ status: 'alive and new' });
  const after = await only();
  expect(after).toMatchObject({ status: 'online', restarts: 1 });
  expect(after.pid).not.toBe(pid);
  expect(
    await database.query(`select name from "SequelizeMeta" where name like '%fix-foreign-keys.js'`),
  ).toHaveLength(1);
});

test('a configuration error ends it for good', async () => {
  const { restarts } = await only();
  await pm2.run('pm2', ['restart', ECOSYSTEM, '--update-env'], { ...environment, PORT: 'http' });
  let now = await only();
  while (now.status !== 'stopped') now = await only();

  const stopped = { pid: 0, status: 'stopped', restarts: restarts + 1, exitCode: 78 };
  expect(now).toEqual(stopped);
  // The repair has no use for such a configuration either.
  expect(await deploy({ DATABASE_URL: '' })).toMatchObject({ status: 78 });
  expect(await only()).toEqual(stopped);
  const { status, output } = await deploy({ PORT: 'http' });
  expect(output).toContain('PORT is not a port number');
  expect(status).toBe(78);
});

test('a deployment is not taken in by another process on its port, and shows the log', async () => {
  const other = createServer((_request, response) => response.end('{"status":"ready","pid":1}'));
  await once(other.listen(port), 'listening');
  try {
    const { status, output } = await deploy({ DEPLOY_TIMEOUT: '3' });
    expect(output).toContain(`Cannot listen on port ${port}: listen EADDRINUSE`);
    expect(output).toContain('Not deployed. booknexus-backend is not ready: ');
    expect(status).toBe(1);
  } finally {
    other.closeAllConnections();
    other.close();
  }
});
