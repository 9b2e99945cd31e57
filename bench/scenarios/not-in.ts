import { boxed } from '../core/boxed';
import type { Bench, Scenario } from '../core/bench';
import { cleaningOf } from '../core/cleaning';
import { familyOf, type Family } from '../core/family';
import { faster, medianOf, type Row } from '../core/figures';
import { compare } from '../core/measure';
import { KEY, titleOf } from './clean-up';

/** See 002 of the seeds: what a search for the error finds. */
const SEEDS = [
  'delete from child where parent_id not in (select id from parent)',
  'alter table child drop constraint if exists child_parent_id_fkey',
  KEY,
];

/** The clean-up beside the one that everybody finds first. */
export const notIn: Scenario = {
  name: 'not-in',
  async rows(bench) {
    const { cleanedChildren: children, uuidParents: parents } = bench.size;
    return [await besideSeeds(bench, { children, parents, key: 'uuid', orphanIn: 100 })];
  },
};

/** A hash that does not fit into `work_mem` makes NOT IN look through all parents for every child. */
function besideSeeds(bench: Bench, family: Family): Promise<Row> {
  const asked = faster(20);
  return bench.fill(familyOf(family), async (database) => {
    const [own] = await compare(
      [
        {
          name: 'plan() and apply(), with copies',
          run: () => database.onCopy(async (url) => (await cleaningOf(url)).whole),
        },
      ] as const,
      bench.size.rounds,
      0,
    );
    const limit = asked.value * medianOf(own.values) * 1.05;
    const [seeds] = await compare(
      [{ name: 'NOT IN, drop, add', run: () => database.onCopy((url) => boxed(url, limit, SEEDS)) }] as const,
      1,
      0,
    );
    const title = `${titleOf('1 %', family)}, ${family.parents.toLocaleString('en-US')} uuid parents`;
    return { scenario: 'not-in', title, unit: 'ms', figures: [own, seeds], asked };
  });
}
