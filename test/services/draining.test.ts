import { type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Agent } from 'node:http';
import request, { type Response } from 'supertest';
import { createDatabase, type TestDatabase } from '../postgres/database';
import { untilSomebodyWaits, untilStatus } from '../booknexus/seen';
import { killServers, portOf, startServer } from '../booknexus/server-process';

let database: TestDatabase;

beforeEach(async () => {
  database = await createDatabase('draining');
});

afterEach(async () => {
  await killServers();
  await database.drop();
});

/** A server that has just begun to work on a request, which waits for the test's `commit`. */
async function busyServer(drainDelayMs: number) {
  const server = startServer(database.url, drainDelayMs);
  const port = await portOf(server);
  await untilStatus(port, '/readyz', 200);
  // A connection that is kept open, with nothing to do.
  const agent = new Agent({ keepAlive: true });
  await request(`http://127.0.0.1:${port}`).get('/livez').agent(agent);
  await database.query('begin; lock table "Users"');
  const answer: Promise<Response> = request(`http://127.0.0.1:${port}`).get('/users').agent(agent).then();
  await untilSomebodyWaits(database);
  return { server, port, answer };
}

/** The line that it prints when it has been told to end. */
async function saysStopping({ stdout }: ChildProcess): Promise<void> {
  for await (const text of stdout ?? []) if (String(text).includes('is stopping')) return;
}

test.each(['SIGTERM', 'SIGINT'] as const)(
  'on %s the probe says so first, what is under way is answered, and the process ends with 0',
  async (signal) => {
    const { server, port, answer } = await busyServer(500);
    const exit = once(server, 'exit');
    server.kill(signal);

    await untilStatus(port, '/readyz', 503);
    expect(await request(`http://127.0.0.1:${port}`).get('/checkouts')).toMatchObject({
      status: 200,
      headers: { connection: 'close' },
    });
    await untilStatus(port, '/readyz', 0);
    await database.query('commit');

    expect(await answer).toMatchObject({ status: 200, headers: { connection: 'close' } });
    expect(await exit).toEqual([0, null]);
  },
);

test('a second signal ends it at once', async () => {
  const { server, answer } = await busyServer(0);
  const cutOff = answer.then(
    () => 'answered',
    () => 'cut off',
  );
  const exit = once(server, 'exit');
  const stopping = saysStopping(server);
  server.kill('SIGTERM');
  await stopping;
  server.kill('SIGTERM');

  expect(await exit).toEqual([143, null]);
  expect(await cutOff).toBe('cut off');
  await database.query('commit');
});
