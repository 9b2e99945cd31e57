import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import * as inspection from '../../src/inspect/inspect';
import { planLines, type ProblemCase } from '../problem-tester/case';
import { observedLocks, rootsOf } from '../problem-tester/locks';
import { withPatient, type Patient } from '../problem-tester/patient';
import { written, type Look, type PureRecord } from './record';
import { RECORDS } from './records';

export type { ProblemCase } from '../problem-tester/case';

const ROOT = resolve(__dirname, '../..');

const records: PureRecord[] = [];

afterAll(() => {
  const name = relative(join(ROOT, 'test'), expect.getState().testPath ?? '').replace(/[^\w-]+/g, '-');
  mkdirSync(RECORDS, { recursive: true });
  writeFileSync(join(RECORDS, `${name}.json`), written(records));
});

/** In the place of the tester (test/problem-tester.ts): writes a case down instead of trying everything on it. */
export function problemTest(problem: ProblemCase): void {
  test(problem.title, async () => {
    const { findings, besides = [], plan = [], title, kind } = problem;
    const looks = await withPatient(problem, looksOf(problem));
    const locks = plan.length > 0 && !problem.results ? { locks: await withPatient(problem, locksOf) } : {};
    records.push({ title, kind, findings, besides, plan, ...locks, ...looks });
    expect(looks.look.seen.catalog.server.database).toBeTruthy();
  });
}

const looksOf =
  ({ plan = [], results }: ProblemCase) =>
  async ({ guard }: Patient): Promise<Pick<PureRecord, 'look' | 'repaired'>> => {
    const look = await seenBy(() => guard.plan());
    if (plan.length === 0 || results) return { look };
    await guard.apply();
    return { look, repaired: await seenBy(() => guard.plan()) };
  };

/** What the first look in `work` is given and comes back with; nothing is put in its place. */
async function seenBy(work: () => Promise<unknown>): Promise<Look> {
  const spy = jest.spyOn(inspection, 'inspect');
  await work();
  const [call] = spy.mock.calls;
  const result = spy.mock.results[0]?.value as ReturnType<typeof inspection.inspect>;
  spy.mockRestore();
  if (!call) throw new Error('nothing was looked at');
  return { expected: call[1], settings: call[2].settings, seen: await result };
}

async function locksOf({ guard, database }: Patient): Promise<NonNullable<PureRecord['locks']>> {
  const plan = await guard.plan();
  const rootOf = await rootsOf(database);
  const tables = plan.steps.flatMap(({ statements }) =>
    statements.flatMap(({ locks }) => locks.map(({ table }) => `${table.schema}.${table.name}`)),
  );
  const roots = Object.fromEntries(tables.map((table) => [table, rootOf(table)]));
  expect(planLines(plan).length).toBeGreaterThan(0);
  return { roots, observed: await observedLocks(database, plan) };
}
