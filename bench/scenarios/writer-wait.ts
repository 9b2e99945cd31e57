import { boxed } from '../core/boxed';
import type { Scenario } from '../core/bench';
import { startChild } from '../core/child';
import { atMost, limit, type Figure } from '../core/figures';
import { booksOf, damagedLibrary, repairLibrary, SEEDS_WAY, usersOf } from '../core/library';
import { compare, Stopped, timed } from '../core/measure';

/** One try for a lock, one batch, and 100 ms. */
const LONGEST = 100 + 50 + 100;
/** The seeds' repair is cut off after so many times the guard's. */
const PATIENCE = 5;

/** How long the longest wait of an application's statement is while its database is repaired. */
export const writerWait: Scenario = {
  name: 'writer-wait',
  rows: ({ size, ...bench }) =>
    damagedLibrary({ size, ...bench }, size.writersCheckouts, async (database) => {
      const repairs: number[] = [];
      const longestDuring = (work: (url: string) => Promise<unknown>): Promise<number> =>
        database.onCopy((url) => waited(url, size.writersCheckouts, () => work(url)));
      const guard = (url: string): Promise<unknown> =>
        timed(() => repairLibrary(url)).then((ms) => repairs.push(ms));
      const seeds = (url: string): Promise<unknown> =>
        boxed(url, PATIENCE * Math.max(...repairs), SEEDS_WAY).catch((error: unknown) => {
          // The writers have waited all the same.
          if (!(error instanceof Stopped)) throw error;
        });
      const [own, theirs] = await compare(
        [
          { name: 'the guard', run: () => longestDuring(guard) },
          { name: "the seeds' way", run: () => longestDuring(seeds) },
        ] as const,
        Math.min(3, size.rounds),
        0,
      );
      return rowsOf(size.writersCheckouts, own, theirs);
    }),
};

async function waited(url: string, checkouts: number, work: () => Promise<unknown>): Promise<number> {
  const writer = await startChild('writer', url, String(usersOf(checkouts)), String(booksOf(checkouts)));
  try {
    await work();
    return await writer.ask('stop');
  } finally {
    await writer.end();
  }
}

function rowsOf(checkouts: number, own: Figure, theirs: Figure) {
  const row = { scenario: 'writer-wait', unit: 'ms' } as const;
  const title = `longest writer wait during the whole repair, ${checkouts.toLocaleString('en-US')} checkouts`;
  return [
    { ...row, title, figures: [own, theirs], asked: atMost(0.1) },
    {
      ...row,
      title: `${title}: by itself`,
      figures: [own],
      asked: limit(LONGEST),
      note: 'one try for a lock (100 ms), one batch (50 ms) and 100 ms',
    },
  ];
}
