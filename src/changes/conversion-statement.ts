import { identifier, join, literal, qualified, sql, type Sql } from '../sql';
import { cast as castOf, typeOf } from './cast-statement';
import type { Conversion } from './conversion';
import { forgetRemap, prepareRemap, remappedOrNull } from './remap-statement';
import type { Statement } from './statement';

/** One ALTER TABLE that writes the table and its indexes anew, under a lock that is there before its rows are looked at. */
export function convertInPlace(conversion: Conversion): readonly Statement[] {
  const { table, cast, remap } = conversion;
  const exclusive = (text: Sql): Statement => ({
    sql: text,
    locks: [{ table, mode: 'ACCESS EXCLUSIVE' }],
    transactional: true,
  });
  const plain = (text: Sql): Statement => ({ sql: text, locks: [], transactional: true });
  return [
    exclusive(sql`lock table ${qualified(table)} in access exclusive mode`),
    ...(remap ? prepareRemap(remap, cast.to).map(plain) : []),
    exclusive(alterType(conversion)),
    ...(remap ? [plain(forgetRemap)] : []),
  ];
}

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
    ...(usual === undefined ? [] : [sql`alter column ${column} set default ${literal(usual)}`]),
  ];
  return sql`alter table ${qualified(table)} ${join(actions, ', ')}`;
}
