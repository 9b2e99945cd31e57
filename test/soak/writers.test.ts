import { createDatabase, type TestDatabase } from '../postgres/database';
import { cascade, guardAt } from '../quarantine/setup';
import { setTimeout as pause } from 'node:timers/promises';
import { soakSeed, times } from './soak';
import { startWriters, type Writers } from './writers/started';
import { events, faults } from './writers/judgement';
import type { Histogram } from './writers/stopwatch';
import { SETUP } from './writers/tables';

/**
 * One try for a lock, one batch, and noise: 100 ms, or what the machine adds by itself. A batch is some twenty
 * statements, and where a busy machine holds up each of them it is as much longer.
 */
const longestWait = ({ p999 }: Histogram): number => 100 + 50 + Math.max(100, 3 * p999);
const BASELINE_MS = times(10_000, 2_000);

const seed = soakSeed();
let database: TestDatabase;
let writers: Writers | undefined;
beforeAll(async () => {
  database = await createDatabase('writing');
  await database.query(SETUP);
});
afterAll(async () => {
  writers?.kill();
  await database.drop({ force: true });
});

test('nobody who writes during a repair waits long, loses a good row, or is told what is not so', async () => {
  writers = await startWriters(database.url, seed);
  await writers.read();
  await pause(BASELINE_MS);
  const without = await writers.read();

  const guard = guardAt(database.url, [cascade('public.child(parent_id)', 'public.parent(id)')]);
  const retries: Record<string, number> = {};
  guard.on('retry', ({ what, code }) => (retries[`${code} ${what}`] = (retries[`${code} ${what}`] ?? 0) + 1));
  const found = await guard.check();
  const outcome = await guard.apply();
  const during = await writers.read();
  const after = await guard.check();
  const rest = await writers.end();

  const [known, faulty] = [await events(database), await faults(database)];
  console.log(
    JSON.stringify(
      { without: without.histogram, during: during.histogram, retries, outcome, known },
      null,
      1,
    ),
  );
  expect([without, during, rest].flatMap(({ errors }) => errors)).toEqual([]);
  expect(found.findings.map(({ kind }) => kind)).toEqual(['orphaned-rows', 'missing-foreign-key']);
  expect(outcome).toMatchObject({ status: 'repaired', remaining: [] });
  expect(after.findings).toEqual([]);
  expect(faulty).toEqual(Object.fromEntries(Object.keys(faulty).map((name) => [name, 0])));
  expect(during.histogram.p999).toBeLessThan(longestWait(without.histogram));
});
