import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { Sequelize } from 'sequelize';
import { becomeReady, type Readiness } from '../../app/readiness';
import { createDatabase, type TestDatabase } from '../postgres/database';

let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabase('readiness');
});

afterAll(() => database.drop());

test('tries again while nothing listens, and is ready when something does', async () => {
  const urls = [await unusedUrl(), await unusedUrl(), database.url];
  const { reports } = await runThrough(() => authenticate(urls.shift() ?? ''));

  expect(reports.map(({ state }) => state)).toEqual(['starting', 'starting', 'ready']);
  expect(reports[0]?.reason).toMatch(/^connect ECONNREFUSED 127\.0\.0\.1:\d+$/);
});

test.each([
  ['a wrong password', (url: URL) => void (url.password = 'wrong'), /password authentication failed/],
  [
    'a missing database',
    (url: URL) => void (url.pathname = '/no_such_database'),
    /database "no_such_database" does not exist/,
  ],
])('does not try again after %s', async (_what, spoil, reason) => {
  const role = await database.createRole();
  const url = new URL(role.url);
  spoil(url);

  const { attempts, reports } = await runThrough(() => authenticate(url.href));

  expect(attempts).toBe(1);
  expect(reports).toEqual([{ state: 'failed', reason: expect.stringMatching(reason) as string }]);
});

test('stops waiting when it is told to', async () => {
  const url = await unusedUrl();
  const stopping = new AbortController();
  const reports: Readiness[] = [];
  await becomeReady(
    () => authenticate(url),
    (readiness) => {
      reports.push(readiness);
      stopping.abort();
    },
    stopping.signal,
  );

  expect(reports.map(({ state }) => state)).toEqual(['starting']);
});

async function runThrough(work: () => Promise<unknown>): Promise<{ attempts: number; reports: Readiness[] }> {
  let attempts = 0;
  const reports: Readiness[] = [];
  const attempt = (): Promise<unknown> => {
    attempts++;
    return work();
  };
  await becomeReady(attempt, (readiness) => void reports.push(readiness), new AbortController().signal);
  return { attempts, reports };
}

async function authenticate(url: string): Promise<void> {
  const sequelize = new Sequelize(url, { dialect: 'postgres', logging: false });
  try {
    await sequelize.authenticate();
  } finally {
    await sequelize.close();
  }
}

/** A port on which nothing listens: one that has just been given back. */
async function unusedUrl(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `postgres://nobody@127.0.0.1:${port}/nothing`;
}
