import { createGuard } from 'sequelize-fk-guard';
import { openBench } from './core/bench';
import { cleaningOf } from './core/cleaning';
import { familyOf, FOREIGN_KEYS } from './core/family';
import { timed } from './core/measure';
import { connectQuietly, defineMany } from './core/models';
import { silent } from './core/silent';
import { SIZES } from './core/sizes';
import { timesOfQueries, type TimedStatement } from './core/time-queries';

/**
 * Where the time goes, statement by statement, and what is left for the process itself:
 * `node build/bench/profile.js clean-up 1000000 100 [notes]` (children, one orphan in so many),
 * `node build/bench/profile.js check 1000000 100`, `node build/bench/profile.js start-up 200` (models).
 * `node --cpu-prof` in front of it shows the process's own part.
 */
const [what = '', count = '1000000', orphanIn = '100', notes] = process.argv.slice(2);

async function main(): Promise<void> {
  const bench = await openBench(SIZES.small);
  try {
    if (what === 'start-up') await startUp(bench);
    else await family(bench);
  } finally {
    await bench.stop();
  }
}

type Bench = Awaited<ReturnType<typeof openBench>>;

function startUp(bench: Bench): Promise<void> {
  return bench.fill([], async ({ url }) => {
    const sequelize = await connectQuietly(url);
    defineMany(sequelize, Number(count));
    await sequelize.sync();
    const guard = createGuard({ sequelize }, { logger: silent });
    // The second is like every later one.
    await guard.run();
    await tell(() => guard.run());
    await sequelize.close();
  });
}

function family(bench: Bench): Promise<void> {
  const children = Number(count);
  const statements = familyOf({
    children,
    parents: children / 5,
    key: 'integer',
    orphanIn: Number(orphanIn),
    notes: notes === 'notes',
  });
  return bench.fill(statements, async ({ url, onCopy }) => {
    if (what === 'check') {
      const guard = createGuard({ url, foreignKeys: FOREIGN_KEYS }, { logger: silent });
      await guard.check();
      await tell(() => guard.check());
    } else await onCopy((copy) => tell(() => cleaningOf(copy)));
  });
}

async function tell(work: () => Promise<unknown>): Promise<void> {
  let ms = 0;
  const statements = await timesOfQueries(async () => (ms = await timed(work)));
  const inQueries = statements.reduce((sum, each) => sum + each.ms, 0);
  console.log(`${Math.round(ms)} ms, ${Math.round(inQueries)} of them in queries`);
  for (const statement of statements.slice(0, 25)) console.log(line(statement));
}

const line = ({ text, count: times, ms }: TimedStatement): string =>
  `${ms.toFixed(1).padStart(9)} ms ${String(times).padStart(6)} ×  ${text.slice(0, 220)}`;

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
