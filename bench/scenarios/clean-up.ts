import { withSql } from '../../app/demo/sql';
import { boxed } from '../core/boxed';
import type { Bench, Scenario } from '../core/bench';
import { cleaningOf } from '../core/cleaning';
import { familyOf, type Family } from '../core/family';
import { atMost, type Asked, type Row } from '../core/figures';
import { compare, timed } from '../core/measure';

const DELETE = `delete from child c where not exists (select from parent p where p.id = c.parent_id)`;
export const KEY =
  'alter table child add constraint child_parent_id_fkey foreign key (parent_id) references parent on delete cascade';
/** What a careful hand writes who wants no copies. */
const BY_HAND = [`${KEY} not valid`, DELETE, 'alter table child validate constraint child_parent_id_fkey'];
/** Taking orphans out, with a copy of every row. */
export const cleanUp: Scenario = {
  name: 'clean-up',
  async rows(bench) {
    const { cleanedChildren: children } = bench.size;
    const integers = { children, parents: children / 5, key: 'integer' } as const;
    return [
      ...(await against(bench, '0.1 %', { ...integers, orphanIn: 1_000 })),
      ...(await against(bench, '1 %', { ...integers, orphanIn: 100 }, atMost(0.8))),
      ...(await against(bench, '10 %', { ...integers, orphanIn: 10 }, atMost(1.5))),
      ...(await against(
        bench,
        '1 % with a cascade below',
        { ...integers, orphanIn: 100, notes: true },
        atMost(1.5),
      )),
    ];
  },
};

export const titleOf = (share: string, { children }: Family): string =>
  `clean-up ${share} of ${children.toLocaleString('en-US')}`;

/** The clean-up alone, beside the one statement that does it; and everything from the look to the proof. */
function against(bench: Bench, share: string, family: Family, asked?: Asked): Promise<readonly Row[]> {
  return bench.fill(familyOf(family), async (database) => {
    const whole: number[] = [];
    const [own, plain, byHand] = await compare(
      [
        {
          name: "the guard's clean-up, with copies",
          run: () =>
            database.onCopy(async (url) => {
              const times = await cleaningOf(url);
              whole.push(times.whole);
              return times.cleaning;
            }),
        },
        {
          name: 'DELETE … NOT EXISTS, no copy',
          run: () => database.onCopy((url) => withSql(url, (sql) => timed(() => sql.rows(DELETE)))),
        },
        {
          name: 'add, delete, validate by hand, no copy',
          run: () => database.onCopy((url) => boxed(url, 1e9, BY_HAND)),
        },
      ] as const,
      bench.size.rounds,
      0,
    );
    const row = { scenario: 'clean-up', unit: 'ms' } as const;
    const title = titleOf(share, family);
    return [
      { ...row, title, figures: [own, plain], ...(asked && { asked }) },
      {
        ...row,
        title: `${title}, from look to proof`,
        figures: [{ name: 'plan() and apply()', values: whole }, byHand],
      },
    ];
  });
}
