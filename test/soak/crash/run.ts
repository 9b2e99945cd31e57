import { randomFrom, type Random } from '../../generator/random';
import { createDatabase, type TestDatabase } from '../../postgres/database';
import type { Embedded } from '../../postgres/embedded';
import { takePicture } from '../../quarantine/accounted';
import { connect } from '../../quarantine/setup';
import { cutText, drawCut, makeCut, opOf, untilAlone, type Kind } from './cut';
import { damagedBy, TURNS } from './damaged';
import type { Cut, Ended, Reached } from './job';
import { startWorker, type Worker } from './process';
import { goneAndCopied, stateOf } from './state';
import { expectToldOf } from './told';

/** What a run needs: a process, a new one when the last has died; and the server, when that is to be stopped. */
export interface Bench {
  worker(): Worker;
  readonly server?: Embedded;
}

/** Where a run was cut, and in which kind of step. */
export interface Crash {
  readonly cut: string;
  readonly op: string;
}

/** One seeded run: cut off, looked at, run again, and again. Throws what is not as it is without the cut. */
export async function crashOnce(seed: number, kind: Kind, bench: Bench): Promise<Crash> {
  const [whole, broken] = await Promise.all([createDatabase('whole'), createDatabase('broken')]);
  const run: CrashRun = { seed, kind, bench, database: broken, random: randomFrom(seed) };
  let cut: Cut | undefined;
  let reached: Reached | undefined;
  try {
    for (const database of [whole, broken]) await database.query(damagedBy(seed).tables);
    const uncut = await apply(run, whole);
    expect(uncut).toMatchObject({ outcome: { status: 'repaired' } });
    const ops = await opsOf(whole);
    cut = drawCut(run.random, kind, Math.floor(seed / TURNS) + (seed % TURNS), ops, uncut);
    const off = await cutOff(run, cut);
    reached = off.reached;
    expectClearEnd(off.ended, kind, reached);
    await expectMended(run, whole, reached !== undefined);
    return {
      cut: cutText(cut, reached),
      op: reached ? opOf(ops, reached.step) : 'none',
    };
  } catch (error) {
    const where = cut ? cutText(cut, reached) : 'before any cut';
    throw new Error(`FK_GUARD_SOAK_SEED=${seed}, ${kind}, ${where}: ${(error as Error).message}`, {
      cause: error,
    });
  } finally {
    for (const database of [whole, broken]) await database.drop({ force: true });
  }
}

interface CrashRun {
  readonly seed: number;
  readonly kind: Kind;
  readonly bench: Bench;
  readonly database: TestDatabase;
  readonly random: Random;
}

async function apply({ seed, bench }: CrashRun, { url }: TestDatabase): Promise<Ended> {
  const ended = await bench.worker().run({ verb: 'apply', url, seed });
  if (ended === 'killed') throw new Error('a process died that nobody had killed');
  return ended;
}

/** How a run ended that was to be cut off, and where it was; nothing when it never came there. */
interface CutOff {
  readonly ended: Ended | 'killed';
  readonly reached: Reached | undefined;
}

/** Starts a run and cuts it off. */
async function cutOff({ seed, kind, bench, database }: CrashRun, cut: Cut): Promise<CutOff> {
  let reached: Reached | undefined;
  const client = cut.place === 'retry' ? await connect(database.url) : undefined;
  await client?.query('begin; lock table pets in row exclusive mode');
  const ended = await bench.worker().run({ verb: 'apply', url: database.url, seed, cut }, async (where) => {
    reached = where;
    const goOn = await makeCut(kind, database, where, bench.server);
    if (kind !== 'server') await client?.query('commit');
    return goOn;
  });
  if (kind === 'server' && reached) await bench.server?.startAgain();
  await client?.end().catch(() => undefined);
  return { ended, reached };
}

/** Whoever lives on says in its own words what has happened. */
function expectClearEnd(ended: Ended | 'killed', kind: Kind, reached: Reached | undefined): void {
  expect(ended === 'killed').toBe(kind === 'process' && reached !== undefined);
  if (ended === 'killed' || !ended.error) return;
  expect(ended.error.name).toBe('FkGuardError');
  // Of the session that holds the lock it is the guard itself that finds out first, where nothing was asked of it.
  expect(kind === 'lock session' ? ['CONNECTION', 'RUNNER_LOST'] : ['CONNECTION']).toContain(
    ended.error.code,
  );
}

/** Half of the time the next run comes at once, while the server may still be busy with the one before. */
async function expectMended(run: CrashRun, whole: TestDatabase, wasCut: boolean): Promise<void> {
  const { database, random } = run;
  const atOnce = wasCut && random.chance(0.5);
  if (!atOnce) {
    await untilAlone(database);
    await expectToldOf(database, await status(run));
  }
  let again = await apply(run, database);
  // What a dead process has begun may last a moment longer than it; then the next run says so and stops.
  for (let tries = 1; atOnce && tries < 4 && !isDone(again); tries++) again = await apply(run, database);
  expect(again.error).toBeUndefined();
  expect(['repaired', 'clean']).toContain(again.outcome?.status);
  expect(await apply(run, database)).toMatchObject({ outcome: { status: 'clean', steps: [] } });
  expect(await stateOf(database)).toEqual(await stateOf(whole));
  const before = await createDatabase('before');
  await before.query(damagedBy(run.seed).tables);
  const { gone, copied } = await goneAndCopied(database, await takePicture(before));
  await before.drop({ force: true });
  expect(copied).toEqual(gone);
}

const isDone = ({ outcome }: Ended): boolean =>
  outcome !== undefined && ['repaired', 'clean'].includes(outcome.status);

async function status({ seed, bench, database }: CrashRun) {
  const ended = await bench.worker().run({ verb: 'status', url: database.url, seed });
  if (ended === 'killed' || !ended.status) throw new Error('there is no status');
  return ended.status;
}

const opsOf = async (database: TestDatabase): Promise<readonly string[]> =>
  (
    await database.query<{ op: string }>(
      `select change ->> 'op' as op from fk_guard.step order by finished_at`,
    )
  ).map(({ op }) => op);

/** A bench for one run after the other. */
export function openBench(server?: Embedded): Bench & { close(): Promise<void> } {
  let worker = startWorker();
  return {
    ...(server && { server }),
    worker: () => (worker = worker.isAlive() ? worker : startWorker()),
    close: () => worker.end(),
  };
}
