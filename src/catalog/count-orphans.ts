import type { OrphanCondition } from '../changes/change';
import type { Session } from '../db';
import type { OrphanCount } from '../snapshot';
import { integer, join, qualified, sql, type Sql } from '../sql';
import { columnDefault } from './column-default';
import { keyText } from './key-text';
import { orphanPredicate } from './orphans';
import { count, flag, json } from './row';

/** How a count is made. */
export interface CountOptions {
  /** How many different keys to show; 0 shows none. */
  readonly samples: number;
  /** Stop at the first orphan: `rows` is then 0 or 1. */
  readonly probe?: boolean;
}

/**
 * Counts the orphans of one relation exactly, by one anti-join.
 *
 * `work_mem` stays as it is: with more of it the planner leaves the merge join and takes five times as long.
 */
export async function countOrphans(
  session: Session,
  condition: OrphanCondition,
  options: CountOptions,
): Promise<OrphanCount> {
  const [row] = await session.query(orphanQuery(condition, options));
  const rows = count(row, 'rows');
  if (rows === 0) return { rows, sentinelRows: 0, childRows: 0, parentIsEmpty: false, samples: [] };
  const [around] = await session.query(surroundingsQuery(condition));
  return {
    rows,
    sentinelRows: count(row, 'sentinel_rows'),
    childRows: count(around, 'child_rows'),
    parentIsEmpty: flag(around, 'parent_is_empty'),
    samples: json<string[]>(row, 'samples'),
  };
}

function orphanQuery(condition: OrphanCondition, { samples, probe = false }: CountOptions): Sql {
  const keys = sql`
    select ${keyText(child, condition.childColumns)} as key, ${sentinel(condition)} as is_sentinel
    from ${qualified(condition.child)} as ${child}
    where ${orphanPredicate(condition, child)}${probe ? sql` limit 1` : sql``}`;
  return samples > 0 ? sampled(keys, samples) : counted(keys);
}

const child = sql`"fk_guard_child"`;

const counted = (keys: Sql): Sql => sql`
select pg_catalog.count(*) as rows, pg_catalog.count(*) filter (where is_sentinel) as sentinel_rows,
  '[]' as samples
from (${keys}) as orphan`;

// Rows of equal key are folded first, so that counting and sampling share the one anti-join.
const sampled = (keys: Sql, samples: number): Sql => sql`
with orphan as (select key, pg_catalog.bool_or(is_sentinel) as is_sentinel, pg_catalog.count(*) as rows from (${keys}) as single group by key)
select
  coalesce(pg_catalog.sum(rows), 0) as rows,
  coalesce(pg_catalog.sum(rows) filter (where is_sentinel), 0) as sentinel_rows,
  (select pg_catalog.json_agg(key order by key)
    from (select key from orphan order by key limit ${integer(samples)}) as first) as samples
from orphan`;

// Placeholders that applications write instead of NULL; in a composite key one column is enough.
const sentinel = ({ child: table, childColumns }: OrphanCondition): Sql =>
  join(
    childColumns.map(
      (column) =>
        sql`${keyText(child, [column])} operator(pg_catalog.=) any (array['0', '-1', '', '00000000-0000-0000-0000-000000000000', coalesce(${columnDefault(table, column)}, '0')])`,
    ),
    ' or ',
  );

const surroundingsQuery = (condition: OrphanCondition): Sql => sql`
select
  (select pg_catalog.count(*) from ${qualified(condition.child)}) as child_rows,
  not exists (select from ${qualified(condition.parent)}) as parent_is_empty`;
