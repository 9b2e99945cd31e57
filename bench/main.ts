import { openBench, type Bench, type Scenario } from './core/bench';
import { writeDocs } from './core/docs';
import type { Row } from './core/figures';
import { machineOf } from './core/machine';
import { keep, together, type Result } from './core/result';
import { SIZES } from './core/sizes';
import { wishesOf, type Wishes } from './core/wishes';
import { circumstances, lineOf } from './core/words';
import { SCENARIOS } from './scenarios';

/** `npm run bench`: scenarios × contenders, with what is asked of each. See docs/benchmarks.md. */
async function main(): Promise<void> {
  const wishes = wishesOf(
    process.argv.slice(2),
    SCENARIOS.map(({ name }) => name),
  );
  const size = { ...SIZES[wishes.size], ...(wishes.rounds !== undefined && { rounds: wishes.rounds }) };
  const bench = await openBench(size, wishes.postgres);
  try {
    const result = await runAll(bench, wishes);
    console.log(`\n${circumstances(result)}\n${keep(result)}`);
    // Broken scenarios make no page; a target that is missed is no failure.
    if (result.failures.length > 0) process.exitCode = 1;
    else if (wishes.writeDocs) await writeDocs(inOrder(together(result, wishes.also)));
  } finally {
    await bench.stop();
  }
}

async function runAll(bench: Bench, { size, only }: Wishes): Promise<Result> {
  const begun = new Date();
  const machine = await machineOf(bench.url);
  const rows: Row[] = [];
  const failures: { scenario: string; message: string }[] = [];
  for (const scenario of SCENARIOS)
    if (only.length === 0 || only.includes(scenario.name)) {
      const [done, failure] = await attempt(scenario, bench);
      rows.push(...done);
      if (failure !== undefined) failures.push({ scenario: scenario.name, message: failure });
    }
  const minutes = (Date.now() - begun.getTime()) / 60_000;
  return { begun: begun.toISOString(), minutes, size, rounds: bench.size.rounds, machine, rows, failures };
}

/** Throws where a scenario is missing: a page shows all or none. */
function inOrder(result: Result): Result {
  const rows = SCENARIOS.flatMap(({ name }) => {
    const own = result.rows.filter(({ scenario }) => scenario === name);
    if (own.length === 0)
      throw new Error(`--write-docs needs all scenarios; ${name} is missing (see --also)`);
    return own;
  });
  return { ...result, rows };
}

/** A scenario that breaks off must not cost the others their figures. */
async function attempt(scenario: Scenario, bench: Bench): Promise<readonly [readonly Row[], string?]> {
  const begun = Date.now();
  try {
    const rows = await scenario.rows(bench);
    console.log(`\n${scenario.name} (${Math.round((Date.now() - begun) / 1000)} s)`);
    for (const row of rows) print(row);
    return [rows];
  } catch (error) {
    console.error(`\n${scenario.name} FAILED`, error);
    return [[], String(error)];
  }
}

function print(row: Row): void {
  const { scenario, contenders, ratio, asked, reached } = lineOf(row);
  console.log(`  ${scenario}`);
  if (contenders !== '') console.log(`    ${contenders}`);
  console.log(`    ratio ${ratio}, asked ${asked}, reached: ${reached.replaceAll('*', '')}`);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
