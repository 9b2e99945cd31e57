import { createGuard } from 'sequelize-fk-guard';
import { withSql } from '../../app/demo/sql';
import type { Bench, Scenario } from '../core/bench';
import { familyOf, FOREIGN_KEYS, type Family } from '../core/family';
import { atMost, type Row } from '../core/figures';
import { byMedian, compare, timed } from '../core/measure';
import { silent } from '../core/silent';

const NOT_EXISTS = `select count(*) from child c
  where parent_id is not null and not exists (select from parent p where p.id = c.parent_id)`;
const LEFT_JOIN = `select count(*) from child c left join parent p on p.id = c.parent_id
  where c.parent_id is not null and p.id is null`;

/** Whether the child's key is indexed, and how many of its rows are orphans: one in so many. */
const KINDS = [
  [false, 100],
  [true, 100],
  [false, 0],
] as const;

/** Counting the rows whose parent is gone. */
export const orphanCheck: Scenario = {
  name: 'orphan-check',
  async rows(bench) {
    const rows: Row[] = [];
    for (const children of bench.size.checkedChildren)
      for (const key of ['integer', 'uuid'] as const)
        for (const [indexed, orphanIn] of KINDS)
          rows.push(await check(bench, { children, parents: children / 5, key, orphanIn, indexed }));
    return rows;
  },
};

function check(bench: Bench, family: Family): Promise<Row> {
  return bench.fill(familyOf(family), async ({ url }) => {
    const guard = createGuard({ url, foreignKeys: FOREIGN_KEYS }, { logger: silent });
    const byHand = (name: string, ...queries: readonly string[]) =>
      ({
        name,
        run: () =>
          timed(() =>
            withSql(url, async (sql) => {
              for (const query of queries) await sql.rows(query);
            }),
          ),
      }) as const;
    const [own, ...others] = await compare(
      [
        { name: 'guard.check()', run: () => timed(() => guard.check()) },
        byHand('NOT EXISTS', NOT_EXISTS),
        byHand('LEFT JOIN … IS NULL', LEFT_JOIN),
        byHand('NOT EXISTS, tuned', `set work_mem = '1MB'`, NOT_EXISTS),
      ] as const,
      bench.size.rounds,
    );
    return {
      scenario: 'orphan-check',
      title: `orphan check, ${family.children.toLocaleString('en-US')} children, ${family.key}, ${family.indexed ? 'indexed' : 'not indexed'}${family.orphanIn === 0 ? ', no orphans' : ''}`,
      unit: 'ms',
      figures: [own, ...byMedian(others)],
      asked: atMost(1.1),
    };
  });
}
