import { setTimeout as pause } from 'node:timers/promises';
import { statusOf, untilStatus } from '../booknexus/seen';
import { killServers, portOf, startServer } from '../booknexus/server-process';
import { createDatabase, createTemplate } from '../postgres/database';
import { type Embedded, startEmbedded } from '../postgres/embedded';

/* With a whole server and for as long as the issue of the outage lasted; test/booknexus/outage.test.ts has it shorter. */

const OUTAGE_MS = 30_000;
let postgres: Embedded;

beforeAll(async () => {
  postgres = await startEmbedded();
}, 120_000);

afterAll(async () => {
  await killServers();
  await postgres.stop();
});

test('half a minute without PostgreSQL, while it runs and while it starts, and no process ends', async () => {
  const template = await createTemplate(postgres.url);
  const database = await createDatabase('half_a_minute', postgres.url, template);
  const running = startServer(database.url);
  const port = await portOf(running);
  await untilStatus(port, '/readyz', 200);

  await postgres.stopAtOnce();
  const starting = startServer(database.url);
  const ports = [port, await portOf(starting)];
  await Promise.all(ports.map((one) => untilStatus(one, '/readyz', 503)));
  const seen = new Set<string>();
  for (const end = Date.now() + OUTAGE_MS; Date.now() < end; await pause(250)) {
    for (const one of ports)
      for (const path of ['/livez', '/readyz', '/books']) seen.add(`${path} ${await statusOf(one, path)}`);
  }
  expect([...seen].sort()).toEqual(['/books 503', '/livez 200', '/readyz 503']);

  await postgres.startAgain();

  await Promise.all(ports.map((one) => untilStatus(one, '/readyz', 200)));
  await Promise.all(ports.map((one) => untilStatus(one, '/books', 200)));
  for (const { exitCode, signalCode } of [running, starting])
    expect([exitCode, signalCode]).toEqual([null, null]);
  await database.drop({ force: true });
}, 120_000);
