import { escapeIdentifier as quoted, escapeLiteral } from 'pg';
import { at, toSomeKey, type Context, type KindOfDamage } from './damage';
import { keyAs } from './rows';
import type { LiveKey } from './site';

/** A column that others point at would orphan their rows as well. */
const isPointedAtByNobody = ({ child, column }: LiveKey, { site }: Context): boolean =>
  !site.keys.some((key) => key.parent === child && key.parentColumn === column);

/** Damages to rows. */
export const rowDamages: readonly KindOfDamage[] = [
  toSomeKey(
    (key) => ({
      name: 'a row is orphaned under a valid key',
      sql: orphan(key),
      tables: [key.child],
      own: at('orphaned-rows', key.relation),
    }),
    isPointedAtByNobody,
  ),
  toSomeKey((key) => {
    const name = quoted(key.name);
    return {
      name: 'a row is orphaned under a key that is not valid',
      sql: `alter table ${key.child} drop constraint ${name}; ${orphan(key)};
        alter table ${key.child} add constraint ${name} ${key.definition} not valid`,
      tables: [key.child],
      own: at('orphaned-rows', key.relation),
      consequences: [at('not-valid-foreign-key', key.relation)],
    };
  }, isPointedAtByNobody),
];

/** One row gets a parent that does not exist, past every trigger. */
const orphan = ({ child, column, type }: LiveKey): string =>
  `set session_replication_role = replica;
   update ${child} set ${quoted(column)} = ${escapeLiteral(keyAs(type, 9) ?? '')}
    where ctid = (select ctid from ${child} limit 1);
   reset session_replication_role`;
