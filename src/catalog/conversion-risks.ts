import { castOrNull, isTextType } from '../changes/cast-statement';
import type { OrphanCondition } from '../changes/change';
import type { Cast } from '../changes/conversion';
import type { Session } from '../db';
import { identifier, join, qualified, sql, type Sql } from '../sql';
import type { UniqueIndex } from './catalog';
import { convertedRows, oldOf, type Converted } from './converted-rows';
import { keyMatch, orphanPredicate } from './orphans';
import { count } from './row';

/**
 * Counts rows that have a parent by their value and would have none by their text: a parent may well be written `007`
 * or in capitals, and the text that PostgreSQL gives a number or a uuid is only one of several.
 */
export async function countWrittenOtherwise(
  session: Session,
  converted: Converted,
  condition: OrphanCondition,
): Promise<number> {
  if (!converted.casts.some(({ to }) => isTextType(to))) return 0;
  const [row] = await session.query(sql`
    select pg_catalog.count(*) as rows from ${convertedRows(converted)} as ${child}
     where ${orphanPredicate(condition, child)}
       and exists (select from ${qualified(condition.parent)} as ${parent} where ${sameValue(converted.casts, condition)})`);
  return count(row, 'rows');
}

function sameValue(casts: readonly Cast[], condition: OrphanCondition): Sql {
  const { parentColumns, childColumns, equality } = condition;
  const parts = childColumns.flatMap((column, i) => {
    const position = casts.findIndex((cast) => cast.column === column && isTextType(cast.to));
    const [cast, named, equal] = [casts[position], parentColumns[i], equality[i]];
    if (named === undefined || !equal) return [];
    if (!cast)
      return [keyMatch({ parent, parentColumns: [named], child, childColumns: [column], equality: [equal] })];
    const text = sql`pg_catalog.btrim(${parent}.${identifier(named)}::pg_catalog.text)`;
    const read = castOrNull(text, { column, from: 'text', to: cast.from });
    return [sql`${read} operator(pg_catalog.=) ${child}.${oldOf(position)}`];
  });
  return join(parts, ' and ');
}

/** The name of the first unique index that would hold a key twice after the conversion. */
export async function doubledBy(
  session: Session,
  converted: Converted,
  indexes: readonly UniqueIndex[],
): Promise<string | undefined> {
  const concerned = indexes.filter(
    ({ columns, partial }) =>
      !partial && !columns.includes('') && converted.casts.some(({ column }) => columns.includes(column)),
  );
  for (const { name, columns } of concerned) {
    const keys = columns.map((column) => sql`${child}.${identifier(column)}`);
    const complete = keys.map((key) => sql`${key} is not null`);
    const [row] = await session.query(sql`
      select pg_catalog.count(*) as rows from (
        select from ${convertedRows({ ...converted, columns })} as ${child} where ${join(complete, ' and ')}
         group by ${join(keys, ', ')} having pg_catalog.count(*) operator(pg_catalog.>) 1 limit 1) as doubled`);
    if (count(row, 'rows') > 0) return name;
  }
  return undefined;
}

const child = sql`"fk_guard_child"`;
const parent = sql`"fk_guard_parent"`;
