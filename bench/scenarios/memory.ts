import type { Bench, Scenario } from '../core/bench';
import { startChild } from '../core/child';
import { familyOf } from '../core/family';
import { atMost, limit, type Figure } from '../core/figures';

/** The most memory that a repairing process has, with copies of every removed row. */
export const memory: Scenario = {
  name: 'memory',
  async rows(bench) {
    const [few, many] = bench.size.memoryChildren;
    const [small, large] = [await repairing(bench, few), await repairing(bench, many)];
    const row = { scenario: 'memory', unit: 'MB' } as const;
    const title = `resident memory, ${many.toLocaleString('en-US')} children`;
    return [
      { ...row, title, figures: [large], asked: limit(150), note: 'Node and pg included' },
      { ...row, title: `${title}: flat`, figures: [large, small], asked: atMost(1.2) },
    ];
  },
};

function repairing(bench: Bench, children: number): Promise<Figure> {
  const family = { children, parents: children / 5, key: 'integer', orphanIn: 100 } as const;
  return bench.fill(familyOf(family), async ({ url }) => {
    const child = await startChild('repairer');
    try {
      return { name: `${children.toLocaleString('en-US')} children`, values: [await child.ask(url)] };
    } finally {
      await child.end();
    }
  });
}
