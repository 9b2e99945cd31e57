import { identifier, join, literal, qualified, sql, type Sql } from '../sql';
import { cast as castOf, typeOf } from './cast-statement';
import type { Conversion } from './conversion';
import { forgetRemap, prepareRemap, remappedOrNull } from './remap-statement';
import type { Statement } from './statement';

/** One ALTER TABLE that writes the table and its indexes anew, under a lock that is there before its rows are looked at. */
export function convertInPlace(conversion: Conversion): readonly Statement[] {
  const { lock, prepare, alter, after } = inPlace(conversion);
  const exclusive = (text: Sql): Statement => ({
    sql: text,
    locks: [{ table: conversion.table, mode: 'ACCESS EXCLUSIVE' }],
    transactional: true,
  });
  const plain = (text: Sql): Statement => ({ sql: text, locks: [], transactional: true });
  return [exclusive(lock), ...prepare.map(plain), exclusive(alter), ...after.map(plain)];
}

/** Its parts: between `prepare` and `alter` the rows are looked at and copied. */
export interface InPlace {
  readonly lock: Sql;
  /** What the user has written, so along the application's own search_path. */
  readonly prepare: readonly Sql[];
  readonly alter: Sql;
  readonly after: readonly Sql[];
}

export const inPlace = (conversion: Conversion): InPlace => {
  const { table, cast, remap } = conversion;
  return {
    lock: sql`lock table ${qualified(table)} in access exclusive mode`,
    prepare: remap ? prepareRemap(remap, cast.to) : [],
    alter: alterType(conversion),
    // The column has lost its statistics, and nothing else would collect them until a tenth of the rows has changed.
    after: [sql`analyze ${qualified(table)} (${identifier(cast.column)})`, ...(remap ? [forgetRemap] : [])],
  };
};

/** The default goes first and comes back last, because USING is not for it (42804). */
function alterType({ table, cast, collation, default: usual, remap }: Conversion): Sql {
  const column = identifier(cast.column);
  const rule = collation
    ? sql` collate ${identifier(collation.schema)}.${identifier(collation.name)}`
    : sql``;
  const value = remap ? remappedOrNull(column, cast) : castOf(column, cast);
  const actions = [
    ...(usual === undefined ? [] : [sql`alter column ${column} drop default`]),
    sql`alter column ${column} type ${typeOf(cast.to)}${rule} using ${value}`,
    ...(typeof usual?.converted === 'string'
      ? [sql`alter column ${column} set default ${literal(usual.converted)}`]
      : []),
  ];
  return sql`alter table ${qualified(table)} ${join(actions, ', ')}`;
}
