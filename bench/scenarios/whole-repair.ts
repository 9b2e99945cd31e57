import type { Bench, Scenario } from '../core/bench';
import { atMost } from '../core/figures';
import { damagedLibrary, repairLibrary } from '../core/library';
import { compare, timed } from '../core/measure';

/** Whether ten times as many rows take ten times as long. */
export const wholeRepair: Scenario = {
  name: 'whole-repair',
  async rows(bench) {
    const { few, times } = bench.size.repair;
    const figures = [await repair(bench, few * times), await repair(bench, few)];
    return [
      {
        scenario: 'whole-repair',
        title: `whole repair of BookNexus, ${times} times as many checkouts`,
        unit: 'ms',
        figures,
        asked: atMost(times * 1.1),
      },
    ];
  },
};

function repair(bench: Bench, checkouts: number) {
  return damagedLibrary(bench, checkouts, async (database) => {
    const run = (): Promise<number> => database.onCopy((url) => timed(() => repairLibrary(url)));
    const name = `${checkouts.toLocaleString('en-US')} checkouts`;
    const [figure] = await compare([{ name, run }] as const, Math.min(3, bench.size.rounds), 0);
    return figure;
  });
}
