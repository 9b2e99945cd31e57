import type { TableName } from '../schema';
import { identifier, join, qualified, sql } from '../sql';
import type { Change, DroppedKey, KeySpecification } from './change';
import { alter, alterKey, bringBack, dropKey, parentsOf, withParentsFirst } from './key-statement';
import type { Statement } from './statement';

/** The statements that take a change of constraints back; none for what is only added information or rows. */
export function undoStatementsOf(change: Change): readonly Statement[] {
  switch (change.op) {
    case 'add-foreign-key':
      return keyAgainst(change.key, [], change.partitionOf);
    case 'swap-foreign-key':
      return keyAgainst(change.key, change.drop, change.partitionOf);
    case 'adopt-foreign-key':
      return keyAgainst(change.key, change.drop);
    case 'drop-foreign-key':
      return withParentsFirst(
        parentsOf(change.drop),
        change.table,
        join(change.drop.map(bringBack), ', '),
        'SHARE ROW EXCLUSIVE',
      );
    case 'alter-foreign-key':
      return [alter(change.table, alterKey(change.name, change.before), 'ACCESS EXCLUSIVE')];
    case 'add-primary-key':
      return [alter(change.table, sql`drop constraint ${identifier(change.name)}`, 'ACCESS EXCLUSIVE')];
    case 'create-unique-index':
    case 'create-partitioned-index':
      // Gone already where it had become a primary key; a partition's goes with its table's (2BP01).
      if (change.partitionOf) return [];
      return [
        {
          sql: sql`drop index if exists ${qualified({ ...change.table, name: change.index })}`,
          locks: [{ table: change.table, mode: 'ACCESS EXCLUSIVE' }],
          transactional: true,
        },
      ];
    default:
      return [];
  }
}

/** The new key goes, the old ones come back. A partition's key that its table had adopted has gone with the table's. */
function keyAgainst(
  key: KeySpecification,
  dropped: readonly DroppedKey[],
  partitionOf?: TableName,
): readonly Statement[] {
  const drop = partitionOf ? sql`drop constraint if exists ${identifier(key.name)}` : dropKey(key);
  return withParentsFirst(
    parentsOf(dropped, key),
    key.child,
    join([drop, ...dropped.map(bringBack)], ', '),
    'ACCESS EXCLUSIVE',
  );
}
