import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dockerAnswers } from './container';
import { createDatabase, SERVER_VARIABLE } from './database';
import { startServer } from './server';

describe('choosing a server', () => {
  it('takes the one at TEST_DATABASE_URL and leaves it running', async () => {
    const database = await createDatabase();
    const server = await startServer({ TEST_DATABASE_URL: database.url, TEST_PG: 'testcontainers' });
    expect(server.url).toBe(database.url);
    const [row] = await database.query<{ version: number }>(
      `select current_setting('server_version_num')::int as version`,
    );
    expect(server.version).toBe(row?.version);
    await server.stop();
    expect(await database.query('select 1 as one')).toEqual([{ one: 1 }]);
    await database.drop();
  });

  it('says what is wrong with TEST_PG', async () => {
    await expect(startServer({ TEST_PG: 'docker' })).rejects.toThrow(
      `TEST_PG is 'testcontainers', 'embedded' or 'embedded-15', not 'docker'`,
    );
  });

  it('starts the embedded PostgreSQL 18 when there is neither address nor Docker', async () => {
    const server = await startServer({ DOCKER_HOST: 'unix:///nowhere/docker.sock' });
    expect(Math.floor(server.version / 10_000)).toBe(18);
    expect(server.url).not.toBe(process.env[SERVER_VARIABLE]);
    await server.stop();
  });
});

describe('asking for Docker', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fk-guard-docker-'));
  const path = join(folder, 'docker.sock');
  let daemon: Server | undefined;

  const listen = async (answer: string | undefined): Promise<void> => {
    daemon = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', () => answer !== undefined && socket.end(answer));
    }).listen(path);
    await once(daemon, 'listening');
  };

  afterEach(async () => {
    if (daemon?.listening) await new Promise((resolve) => daemon?.close(resolve));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each([
    ['a daemon that answers', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK', true],
    ['a daemon that has a problem', 'HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n', false],
    ['something else', 'hello\r\n', false],
    ['a daemon that says nothing', undefined, false],
  ])('%s', async (_, answer, expected) => {
    await listen(answer);
    const start = Date.now();
    expect(await dockerAnswers({ DOCKER_HOST: `unix://${path}` })).toBe(expected);
    expect(Date.now() - start).toBeLessThan(2_000);
  });

  it.each(['unix:///nowhere/docker.sock', 'tcp://127.0.0.1:1', 'ssh://host', 'nonsense'])(
    '%s',
    async (address) => {
      expect(await dockerAnswers({ DOCKER_HOST: address })).toBe(false);
    },
  );
});
