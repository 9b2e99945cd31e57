import { identifier, join, qualified, sql } from '../sql';
import type { Change } from './change';
import { alter, alterKey, bringBack, dropKey, parentsOf, withParentsFirst } from './key-statement';
import type { Statement } from './statement';

/** The statements that take a change of constraints back; none for what is only added information or rows. */
export function undoStatementsOf(change: Change): readonly Statement[] {
  switch (change.op) {
    case 'add-foreign-key':
      return withParentsFirst([change.key.parent], change.key.child, dropKey(change.key), 'ACCESS EXCLUSIVE');
    case 'swap-foreign-key':
      return withParentsFirst(
        parentsOf(change.drop, change.key),
        change.key.child,
        join([dropKey(change.key), ...change.drop.map(bringBack)], ', '),
        'ACCESS EXCLUSIVE',
      );
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
      // Gone already where it had become a primary key.
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
