import type { Sequelize } from 'sequelize';
import { createGuard, installFkGuard } from 'sequelize-fk-guard';
import type { Bench, Scenario } from '../core/bench';
import { queriesDuring } from '../core/count-queries';
import { atMost, faster, limit, type Figure, type Row } from '../core/figures';
import { compare, timed } from '../core/measure';
import { connectQuietly, defineMany } from '../core/models';
import { silent } from '../core/silent';

/** What a start costs where everything is in order already. */
export const startUp: Scenario = {
  name: 'start-up',
  async rows(bench) {
    const rows: Row[] = [];
    const queries: Figure[] = [];
    for (const count of bench.size.models)
      await onHealthy(bench, count, async (healthy) => {
        rows.push(...(await times(bench, count, healthy)));
        const sent = await queriesDuring(() =>
          createGuard({ sequelize: healthy.plain }, { logger: silent }).run(),
        );
        const [, plain] = [0, await queriesDuring(() => healthy.plain.sync())];
        const around = await queriesDuring(() => healthy.guarded.sync());
        queries.push({
          name: `${count} models`,
          values: [Math.max(sent.length, around.length - plain.length)],
        });
      });
    // The most models come last, and they are what is judged.
    return [
      ...rows,
      {
        scenario: 'start-up',
        title: 'queries by the guard on a healthy database',
        unit: 'queries',
        figures: queries.toReversed(),
        asked: limit(5),
        note: 'the more of run() and the hook; transaction control and SET not counted',
      },
    ];
  },
};

interface Healthy {
  readonly plain: Sequelize;
  readonly guarded: Sequelize;
}

/** Two applications on one database that a plain sync has made. */
async function onHealthy(
  bench: Bench,
  count: number,
  work: (healthy: Healthy) => Promise<void>,
): Promise<void> {
  await bench.fill([], async ({ url }) => {
    const [plain, guarded] = [await connectQuietly(url), await connectQuietly(url)];
    installFkGuard(guarded, { logger: silent });
    try {
      for (const each of [plain, guarded]) defineMany(each, count);
      await plain.sync();
      await work({ plain, guarded });
    } finally {
      await Promise.all([plain.close(), guarded.close()]);
    }
  });
}

async function times(bench: Bench, count: number, { plain, guarded }: Healthy): Promise<readonly Row[]> {
  const { rounds } = bench.size;
  const few = count <= ALTERED;
  const guard = createGuard({ sequelize: plain }, { logger: silent });
  const [sync, both, run] = await compare(
    [
      { name: 'plain sync() again', run: () => timed(() => plain.sync()) },
      { name: 'guard + sync()', run: () => timed(() => guarded.sync()) },
      { name: 'guard.run() alone', run: () => timed(() => guard.run()) },
    ] as const,
    few ? 3 * rounds : Math.min(3, rounds),
    few ? 2 : 1,
  );
  const own = {
    name: "the guard's own time",
    values: both.values.map((value, i) => value - (sync.values[i] ?? NaN)),
  };
  const what = `healthy start-up, ${count} models`;
  const note = "the guard's own time is what each guarded sync took longer than the plain one before it";
  const beside = few ? '' : '; sync({ alter: true }) was left out, since its time grows with the square';
  return [
    {
      scenario: 'start-up',
      title: `${what}: guard's own time`,
      unit: 'ms',
      figures: [own, sync, run],
      asked: atMost(0.15),
      note: `${note}${beside}`,
    },
    ...(few ? [await besideAlter(bench, what, count, plain, both)] : []),
  ];
}

/** With more models than these `sync({ alter: true })`, which grows with their square, would take too long. */
const ALTERED = 1_000;

/** Last and seldom: it takes long, and it changes the database's keys. */
async function besideAlter(
  bench: Bench,
  what: string,
  count: number,
  plain: Sequelize,
  both: Figure,
): Promise<Row> {
  const [alter] = await compare(
    [{ name: 'sync({ alter: true })', run: () => timed(() => plain.sync({ alter: true })) }] as const,
    Math.min(3, bench.size.rounds),
    count > 200 ? 0 : 1,
  );
  return {
    scenario: 'start-up',
    title: `${what}: guard + sync`,
    unit: 'ms',
    figures: [both, alter],
    asked: faster(8),
  };
}
