import { crashOnce, openBench, type Bench, type Crash } from './run';
import type { Kind } from './cut';
import type { Embedded } from '../../postgres/embedded';

/** Most of a run's time is spent waiting for the server. */
const LANES = 2;

/** Several seeds at once, or one after the other where the server itself is stopped; then a line for each failure. */
export async function crashMany(
  seed: number,
  runs: number,
  kinds: readonly [Kind, ...Kind[]],
  server?: Embedded,
): Promise<readonly string[]> {
  const started = performance.now();
  const seeds = Array.from({ length: runs }, (_, i) => seed + i);
  const crashes: Crash[] = [];
  const failures: string[] = [];
  const lane = async (): Promise<void> => {
    const bench = openBench(server);
    for (let own = seeds.shift(); own !== undefined; own = seeds.shift())
      await one(own, kinds[own % kinds.length] ?? kinds[0], bench).then(
        (crash) => crashes.push(crash),
        (error: Error) => {
          process.stderr.write(`${error.message}\n`);
          failures.push(error.message);
        },
      );
    await bench.close();
  };
  await Promise.all(Array.from({ length: server ? 1 : LANES }, lane));
  const seconds = Math.round((performance.now() - started) / 1_000);
  process.stderr.write(`${summary(crashes)}; ${failures.length} of ${runs} runs failed; ${seconds} s\n`);
  return failures;
}

async function one(seed: number, kind: Kind, bench: Bench): Promise<Crash> {
  const crash = await crashOnce(seed, kind, bench);
  process.stderr.write(`${seed}: ${kind}, ${crash.cut}, in ${crash.op}\n`);
  return crash;
}

/** How many runs were cut in which kind of step. */
function summary(crashes: readonly Crash[]): string {
  const counts = new Map<string, number>();
  for (const { op } of crashes) counts.set(op, (counts.get(op) ?? 0) + 1);
  return [...counts]
    .sort()
    .map(([op, count]) => `${op} ${count}`)
    .join(', ');
}
