import { own } from '../../own';
import { json, text } from '../../catalog/row';
import { identifier, join, literal, qualified, sql, type Sql } from '../../sql';
import { rowText } from '../row-text';
import type { Copy } from './copies';
import { valueTable } from './copy-values';
import {
  hasAll,
  hasKey,
  hasWholeKey,
  here,
  isUntouched,
  keptKey,
  tellingColumns,
  type CopyValues,
  type Values,
} from './find-row';
import { writtenOtherwise, type Alike, type Place } from './insert';
import type { Reason } from './reason';
import { alongPath, type Target } from './target';
import type { TargetColumn } from './target-columns';

/**
 * Gives the changed columns of rows their old values, where nobody has given them new ones. The reason when not all of
 * them could be given. First each row is found and locked, then it is written along the application's search_path.
 */
export async function giveBackRows(place: Place, alike: Alike): Promise<Reason | undefined> {
  const { target, copies } = alike;
  const [first] = copies;
  if (!first) return undefined;
  const lost = first.changed.find((name) => !target.columns.some((column) => column.name === name));
  if (lost !== undefined) return { text: `the column ${lost} is gone` };
  const given = target.columns.filter(({ name }) => first.changed.includes(name));
  if (copies.length > 1 && !hasWholeKey(target.columns, first.changed))
    return { text: 'rows without a key are given back one by one' };
  const found = await find(place, alike, given, (values) => isLeftAlone(target, given, first, values));
  const places = new Set(found.map(({ relation, at }) => `${relation} ${at}`));
  if (places.size === copies.length) return write(place, alike, given, found);
  if (copies.length > 1) return { text: 'not all of them were found' };
  const [changed] = await find(place, alike, given, () => sql`true`);
  // `no_data` (manual, appendix A): the row may be one that comes back later.
  if (!changed) return { text: 'the row is gone', code: '02000' };
  const renewed = `it has a new value in ${given.map(({ name }) => name).join(', ')}`;
  return hasWholeKey(target.columns, first.changed) ? { text: renewed } : { text: renewed, unsure: true };
}

interface Found {
  readonly id: string;
  readonly relation: string;
  readonly at: string;
}

function isLeftAlone(
  { columns }: Target,
  given: readonly TargetColumn[],
  { left, changed }: Copy,
  values: CopyValues,
): Sql {
  const isSure = hasWholeKey(columns, changed);
  return join(
    given.map((column) => isUntouched(column, left, values, isSure)),
    ' and ',
  );
}

/** Without a whole primary key several rows may fit. They are alike in everything that is known, so any one will do. */
async function find(
  { session }: Place,
  { target, copies }: Alike,
  given: readonly TargetColumn[],
  condition: (values: CopyValues) => Sql,
): Promise<readonly Found[]> {
  const [first] = copies;
  if (!first) return [];
  const key = keptKey(target.columns, first.changed);
  const values = valueTable(copies, [...key, ...given]);
  const isIt = target.columns.some(({ keyEquality }) => keyEquality)
    ? hasKey(key, values)
    : hasEverythingElse(target, first);
  const one = copies.length > 1 ? sql`` : sql` limit 1`;
  const rows = await session.query(
    sql`select ${values.id} as id, ${here}.tableoid as relation, ${here}.ctid as at
          from ${qualified(target.name)} as ${here} join ${values.from} on ${isIt} where ${condition(values)}${one} for update of ${here}`,
  );
  return rows.map((row) => ({
    id: text(row, 'id'),
    relation: text(row, 'relation'),
    at: text(row, 'at'),
  }));
}

function hasEverythingElse({ columns }: Target, { values, changed }: Copy): Sql {
  const telling = tellingColumns(columns, values, changed);
  const kept = Object.fromEntries(telling.map(({ name }) => [name, own(values, name)]));
  return hasAll(telling, sql`${literal(JSON.stringify(kept))}::pg_catalog.jsonb`);
}

async function write(
  { session, searchPath }: Place,
  { target, copies }: Alike,
  given: readonly TargetColumn[],
  found: readonly Found[],
): Promise<Reason | undefined> {
  const values = valueTable(copies, given);
  const places = found.map(
    ({ id, relation, at }) =>
      sql`(${literal(id)}::pg_catalog.int8, ${literal(relation)}::pg_catalog.oid, ${literal(at)}::pg_catalog.tid)`,
  );
  const sets = given.map((column) => sql`${identifier(column.name)} = ${values.typed('value', column)}`);
  const rows = await alongPath(session, searchPath, () =>
    session.query(sql`
      update ${qualified(target.name)} as ${here} set ${join(sets, ', ')}
        from ${values.from} join (values ${join(places, ', ')}) as place(id, relation, at) on place.id operator(pg_catalog.=) ${values.id}
       where ${here}.tableoid operator(pg_catalog.=) place.relation and ${here}.ctid operator(pg_catalog.=) place.at
      returning ${values.id} as id, ${rowText(here, given)} as values`),
  );
  if (rows.length !== copies.length) return { text: 'a trigger or rule keeps it as it is' };
  const now = new Map(rows.map((row) => [text(row, 'id'), json<Values>(row, 'values')]));
  for (const copy of copies) {
    const other = whyNotAsBefore(target, given, copy, now.get(copy.id) ?? {});
    if (other) return other;
  }
  return undefined;
}

/** A converted column may still have its new type, which would turn '007' into 7 again. */
function whyNotAsBefore(
  { triggered }: Target,
  given: readonly TargetColumn[],
  { values, left }: Copy,
  now: Values,
): Reason | undefined {
  const retyped = Object.keys(left.converted).filter((name) => own(now, name) !== own(values, name));
  if (retyped.length > 0)
    return { text: `the type of ${retyped.join(', ')} cannot hold the old value`, code: '22000' };
  return triggered ? writtenOtherwise(given, values, now) : undefined;
}
