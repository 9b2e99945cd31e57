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
  /** What to read instead of the child's table: its rows as they would be after a conversion. */
  readonly source?: Sql;
}

/** What one look at the rows tells; how large the child's table is takes another one. */
export type Orphans = Omit<OrphanCount, 'childRows'>;

/**
 * Counts the orphans of one relation exactly, by one anti-join: everything else is asked of the orphans alone, so that
 * the join stays the one that a plain count would be, with its workers.
 *
 * `work_mem` is never raised: with more of it the planner leaves the merge join and takes five times as long.
 */
export async function countOrphans(
  session: Session,
  condition: OrphanCondition,
  options: CountOptions,
): Promise<Orphans> {
  const [row] = await session.query(orphanQuery(condition, options));
  const rows = count(row, 'rows');
  if (rows === 0) return NO_ORPHANS;
  const sentinels = json<OrphanCount['sentinels']>(row, 'sentinels');
  return {
    rows,
    sentinelRows: sentinels.reduce((sum, sentinel) => sum + sentinel.rows, 0),
    sentinels,
    parentIsEmpty: flag(row, 'parent_is_empty'),
    samples: json<string[]>(row, 'samples'),
  };
}

export const NO_ORPHANS: Orphans = {
  rows: 0,
  sentinelRows: 0,
  sentinels: [],
  parentIsEmpty: false,
  samples: [],
};

function orphanQuery(
  condition: OrphanCondition,
  { samples, probe = false, source = qualified(condition.child) }: CountOptions,
): Sql {
  const keys = sql`
    select ${keyText(child, condition.childColumns)} as key, ${sentinel(condition)} as sentinel
    from ${source} as ${child}
    where ${orphanPredicate(condition, child)}${probe ? sql` limit 1` : sql``}`;
  return samples > 0 ? sampled(keys, condition, samples) : counted(keys, condition);
}

const child = sql`"fk_guard_child"`;

const counted = (keys: Sql, condition: OrphanCondition): Sql => sql`
with orphan as (select sentinel, pg_catalog.count(*) as rows from (${keys}) as single group by sentinel)
select coalesce(pg_catalog.sum(rows), 0) as rows, ${sentinels} as sentinels, ${parentIsEmpty(condition)}, '[]' as samples
from orphan`;

// Rows of equal key are folded first, so that counting and sampling share the one anti-join.
const sampled = (keys: Sql, condition: OrphanCondition, samples: number): Sql => sql`
with orphan as (select key, sentinel, pg_catalog.count(*) as rows from (${keys}) as single group by key, sentinel)
select
  coalesce(pg_catalog.sum(rows), 0) as rows,
  ${sentinels} as sentinels, ${parentIsEmpty(condition)},
  (select pg_catalog.json_agg(key order by key)
    from (select distinct key from orphan order by key limit ${integer(samples)}) as first) as samples
from orphan`;

const sentinels = sql`coalesce((
    select pg_catalog.json_agg(pg_catalog.json_build_object('value', sentinel, 'rows', rows) order by sentinel)
    from (select sentinel, pg_catalog.sum(rows) as rows from orphan where sentinel is not null group by sentinel) as each
  ), '[]')`;

// Placeholders that applications write instead of NULL; in a composite key the first column that has one tells.
// The list is made once and not for each orphan, which is why it is asked for in brackets.
const sentinel = ({ child: table, childColumns }: OrphanCondition): Sql => {
  const cases = childColumns.map((column) => {
    const value = keyText(child, [column]);
    return sql`when ${value} operator(pg_catalog.=) any ((select array['0', '-1', '', '00000000-0000-0000-0000-000000000000', coalesce(${columnDefault(table, column)}, '0')])::pg_catalog.text[]) then ${value}`;
  });
  return sql`case ${join(cases, ' ')} end`;
};

const parentIsEmpty = ({ parent }: OrphanCondition): Sql =>
  sql`not exists (select from ${qualified(parent)}) as parent_is_empty`;
