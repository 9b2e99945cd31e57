import { castOrNull, changesForm, typeOf } from '../changes/cast-statement';
import type { Cast, Remap } from '../changes/conversion';
import { remapRows } from '../changes/remap-statement';
import type { Session } from '../db';
import type { TableName } from '../schema';
import type { ConversionCount } from '../mismatch';
import { identifier, integer, join, qualified, sql, type Sql } from '../sql';
import { count, flag, json } from './row';

/** A relation's columns as they would be after a conversion. */
export interface Converted {
  readonly child: TableName;
  readonly columns: readonly string[];
  readonly casts: readonly Cast[];
  /** Only for a key of one column. */
  readonly remap?: Remap;
}

/** A subquery of the child's key columns in their new types, null where a value has none; `fk_guard_old_1` … are the old ones. */
export function convertedRows({ child, columns, casts, remap }: Converted): Sql {
  const value = (column: string): Sql => sql`${row}.${identifier(column)}`;
  const now = columns.map((column) => {
    const cast = casts.find((candidate) => candidate.column === column);
    if (!cast) return value(column);
    const converted = castOrNull(value(column), cast);
    const new_ = remap ? sql`coalesce(map.new::${typeOf(cast.to)}, ${converted})` : converted;
    return sql`${new_} as ${identifier(column)}`;
  });
  const old = casts.map(({ column }, i) => sql`${value(column)} as ${oldOf(i)}`);
  const [first] = casts;
  const map = remap ? sql`with map as materialized (${remapRows(remap)}) ` : sql``;
  const joined =
    remap && first
      ? sql` left join map on map.old operator(pg_catalog.=) ${value(first.column)}::pg_catalog.text`
      : sql``;
  return sql`(${map}select ${join([...now, ...old], ', ')} from ${qualified(child)} as ${row}${joined})`;
}

/** What each row says by itself. */
type RowCount = Omit<ConversionCount, 'writtenOtherwise' | 'doubled'>;

/** Looks at every row once: what a conversion would do to it. */
export async function countConversion(
  session: Session,
  converted: Converted,
  parent: TableName,
  samples: number,
): Promise<RowCount> {
  const [result] = await session.query(countQuery(converted, parent, samples), [qualified(converted.child)]);
  return {
    rows: count(result, 'rows'),
    bytes: count(result, 'bytes'),
    uncastable: count(result, 'uncastable'),
    changed: converted.casts.map((_, i) => count(result, changedOf(i))),
    parentIsEmpty: flag(result, 'parent_is_empty'),
    samples: json<string[]>(result, 'samples'),
  };
}

const countQuery = (converted: Converted, parent: TableName, samples: number): Sql => {
  const parts = converted.casts.map((cast, i) => {
    const [old, now] = [sql`r.${oldOf(i)}`, sql`r.${identifier(cast.column)}`];
    return {
      lost: sql`(${old} is not null and ${now} is null)`,
      changed: sql`(${now} is not null and ${changesForm(old, now, cast)})`,
      text: sql`case when ${old} is not null and ${now} is null then ${old}::pg_catalog.text end`,
    };
  });
  const lost = join(
    parts.map((part) => part.lost),
    ' or ',
  );
  const changed = parts.map(
    (part, i) => sql`(not (${lost}) and ${part.changed}) as ${identifier(changedOf(i))}`,
  );
  const counts = parts.map(
    (_, i) =>
      sql`pg_catalog.count(*) filter (where ${identifier(changedOf(i))}) as ${identifier(changedOf(i))}`,
  );
  return sql`
with converted as materialized (
  select (${lost}) as lost, ${join(changed, ', ')},
    ${
      samples > 0
        ? sql`coalesce(${join(
            parts.map((part) => part.text),
            ', ',
          )}) collate pg_catalog."C"`
        : sql`null::pg_catalog.text`
    } as sample
  from ${convertedRows(converted)} as r)
select pg_catalog.count(*) as rows, pg_catalog.count(*) filter (where lost) as uncastable,
  ${join(counts, ', ')},
  pg_catalog.pg_total_relation_size($1::pg_catalog.regclass) as bytes,
  not exists (select from ${qualified(parent)}) as parent_is_empty,
  (select coalesce(pg_catalog.json_agg(sample order by sample), '[]') from
    (select distinct sample from converted where lost and sample is not null order by sample limit ${integer(samples)}) s) as samples
from converted`;
};

const row = sql`"fk_guard_row"`;
const changedOf = (i: number): string => `changed_${i + 1}`;

/** The value of one of the casts before the conversion. */
export const oldOf = (i: number): Sql => identifier(`fk_guard_old_${i + 1}`);
