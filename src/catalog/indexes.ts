import type { Operator } from '../schema';
import { byBytes } from './byte-order';
import type { Index, UniqueIndex } from './catalog';
import { at, type ReadColumn } from './columns';
import type { IndexLists, OwnOperator } from './index-query';

/** The indexes of one table, in order of their names. */
export function indexesFrom(
  lists: IndexLists | null,
  columns: readonly ReadColumn[],
): { readonly indexes: readonly Index[]; readonly uniqueIndexes: readonly UniqueIndex[] } {
  const order = [...(lists?.names.keys() ?? [])].sort((a, b) => byBytes(lists?.names[a], lists?.names[b]));
  const read = lists ? order.map((i) => indexFrom(lists, i, columns)) : [];
  return {
    uniqueIndexes: read.flatMap(({ unique }) => unique ?? []),
    indexes: read.map(({ index }) => index),
  };
}

function indexFrom(
  lists: IndexLists,
  i: number,
  columns: readonly ReadColumn[],
): { readonly index: Index; readonly unique?: UniqueIndex } {
  // Only the first `indnkeyatts` columns are the key; the others are there by INCLUDE.
  const key = numbersIn(at(lists.columns, i))
    .slice(0, at(lists.lengths, i))
    .map((number) => columns.find((column) => column.number === number));
  const collations = numbersIn(at(lists.collations, i));
  const has = (flag: number): boolean => (at(lists.flags, i) & flag) > 0;
  const index = {
    name: at(lists.names, i),
    columns: key.map((part, n) => (isFoundBy(part, collations[n]) ? part.column.name : '')),
    unique: has(1),
    valid: has(4),
    searchable: has(8),
    needed: has(16),
    building: has(32),
  };
  return index.unique ? { index, unique: uniqueFrom(lists, i, key, has) } : { index };
}

function uniqueFrom(
  lists: IndexLists,
  i: number,
  key: readonly (ReadColumn | undefined)[],
  has: (flag: number) => boolean,
): UniqueIndex {
  const constraint = lists.constraints[i] ?? undefined;
  const partOf = lists.wholes[i] ?? undefined;
  const own = lists.classes[i];
  return {
    name: at(lists.names, i),
    columns: key.map((part) => part?.column.name ?? ''),
    primary: has(2),
    ...(constraint !== undefined && { constraint }),
    valid: has(4),
    ...(partOf !== undefined && { partOf }),
    // Keys WITHOUT OVERLAPS (PostgreSQL 18) are unique by a range and not by equality: no plain key can rest on one.
    partial: has(64),
    deferrable: has(128),
    equality: key.map((part, n) =>
      equalityOf(
        part,
        own?.find(([position]) => position === n + 1),
      ),
    ),
  };
}

/** A column under another collation cannot be looked up by the index; 0 is that of a type without one. */
const isFoundBy = (part: ReadColumn | undefined, collation: number | undefined): part is ReadColumn =>
  part !== undefined && (collation === 0 || collation === part.collationOid);

/**
 * A key compares under the collation of its parent's column, whatever that of the index is: an index that is stricter
 * would make orphans of good rows.
 */
function equalityOf(part: ReadColumn | undefined, own: OwnOperator | undefined): Operator {
  const collation = part?.column.equality.collation;
  const [, schema = 'pg_catalog', name = '='] = own ?? [];
  return { schema, name, ...(collation && { collation }) };
}

/** An int2vector or oidvector as PostgreSQL writes it: `1 0 3`. */
const numbersIn = (vector: string): readonly number[] => (vector === '' ? [] : vector.split(' ').map(Number));
