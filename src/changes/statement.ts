import type { TableName } from '../schema';
import { columns, foreignKeyDefinition, identifier, join, qualified, sql, type Sql } from '../sql';
import type { Change, DroppedKey, KeySpecification } from './change';

/** PostgreSQL's table-level lock modes that the guard takes (manual, 13.3.1). */
export type LockMode =
  | 'ROW SHARE'
  | 'ROW EXCLUSIVE'
  | 'SHARE UPDATE EXCLUSIVE'
  | 'SHARE'
  | 'SHARE ROW EXCLUSIVE'
  | 'ACCESS EXCLUSIVE';

/** The strongest lock that a statement takes on a table. */
export interface Lock {
  readonly table: TableName;
  readonly mode: LockMode;
}

/** One statement of a change. The statements of one change share a transaction unless one of them refuses to. */
export interface Statement {
  readonly sql: Sql;
  readonly locks: readonly Lock[];
  /** False for what cannot run inside BEGIN (`create index concurrently`, SQLSTATE 25001). */
  readonly transactional: boolean;
  /** Removes what a failed try leaves behind (an invalid index), so that the next one can start afresh. */
  readonly afterFailure?: Sql;
}

/** The only DDL of the library. Rows are not DDL: `clean-orphans` has its statements in `quarantine/`. */
export function statementsOf(change: Change): readonly Statement[] {
  switch (change.op) {
    case 'drop-index':
      return [
        alone(
          sql`drop index concurrently if exists ${qualified({ ...change.table, name: change.index })}`,
          change.table,
        ),
      ];
    case 'create-unique-index':
      return [
        {
          ...alone(
            sql`create unique index concurrently ${identifier(change.index)} on ${qualified(change.table)} (${columns(change.columns)})`,
            change.table,
          ),
          afterFailure: sql`drop index concurrently if exists ${qualified({ ...change.table, name: change.index })}`,
        },
      ];
    case 'add-not-null-check':
      return [
        alter(
          change.table,
          sql`add constraint ${identifier(change.name)} check (${notNull(change.columns)}) not valid`,
          'ACCESS EXCLUSIVE',
        ),
      ];
    case 'validate-check':
      return [
        alter(change.table, sql`validate constraint ${identifier(change.name)}`, 'SHARE UPDATE EXCLUSIVE'),
      ];
    case 'add-primary-key':
      return [
        alter(
          change.table,
          sql`add constraint ${identifier(change.name)} primary key using index ${identifier(change.index)}`,
          'ACCESS EXCLUSIVE',
        ),
        ...(change.check === undefined
          ? []
          : [alter(change.table, sql`drop constraint ${identifier(change.check)}`, 'ACCESS EXCLUSIVE')]),
      ];
    case 'add-foreign-key':
      return withParentsFirst(
        [change.key.parent],
        change.key.child,
        addKey(change.key),
        'SHARE ROW EXCLUSIVE',
      );
    case 'swap-foreign-key':
      return withParentsFirst(
        parentsOf(change.drop, change.key),
        change.key.child,
        join([...change.drop.map(dropKey), addKey(change.key)], ', '),
        'ACCESS EXCLUSIVE',
      );
    case 'validate-foreign-key':
      return [
        {
          ...alter(
            change.table,
            sql`validate constraint ${identifier(change.name)}`,
            'SHARE UPDATE EXCLUSIVE',
          ),
          locks: [
            { table: change.table, mode: 'SHARE UPDATE EXCLUSIVE' },
            { table: change.parent, mode: 'ROW SHARE' },
          ],
        },
      ];
    case 'drop-foreign-key':
      return withParentsFirst(
        parentsOf(change.drop),
        change.table,
        join(change.drop.map(dropKey), ', '),
        'ACCESS EXCLUSIVE',
      );
    case 'clean-orphans':
      return [];
  }
}

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

const alone = (text: Sql, table: TableName): Statement => ({
  sql: text,
  locks: [{ table, mode: 'SHARE UPDATE EXCLUSIVE' }],
  transactional: false,
});

const alter = (table: TableName, action: Sql, mode: LockMode): Statement => ({
  sql: sql`alter table ${qualified(table)} ${action}`,
  locks: [{ table, mode }],
  transactional: true,
});

/** Applications insert the parent and then the child: locking in the same order is what keeps us out of deadlocks with them. */
function withParentsFirst(
  parents: readonly TableName[],
  child: TableName,
  action: Sql,
  mode: 'SHARE ROW EXCLUSIVE' | 'ACCESS EXCLUSIVE',
): readonly Statement[] {
  const modeText = mode === 'ACCESS EXCLUSIVE' ? sql`access exclusive` : sql`share row exclusive`;
  const lockParents = {
    sql: sql`lock table ${join(parents.map(qualified), ', ')} in ${modeText} mode`,
    locks: parents.map((table) => ({ table, mode })),
    transactional: true,
  };
  return [lockParents, alter(child, action, mode)];
}

const parentsOf = (dropped: readonly DroppedKey[], added?: KeySpecification): readonly TableName[] => {
  const all = [...dropped.map(({ parent }) => parent), ...(added ? [added.parent] : [])];
  return [...new Map(all.map((table) => [JSON.stringify(table), table])).values()];
};

const notNull = (names: readonly string[]): Sql =>
  join(
    names.map((name) => sql`${identifier(name)} is not null`),
    ' and ',
  );

const dropKey = ({ name }: { readonly name: string }): Sql => sql`drop constraint ${identifier(name)}`;

const ACTIONS = {
  'NO ACTION': sql`no action`,
  RESTRICT: sql`restrict`,
  CASCADE: sql`cascade`,
  'SET NULL': sql`set null`,
  'SET DEFAULT': sql`set default`,
} as const;

const DEFERRABLE = {
  'INITIALLY DEFERRED': sql` deferrable initially deferred`,
  'INITIALLY IMMEDIATE': sql` deferrable`,
} as const;

function addKey(key: KeySpecification): Sql {
  const deferrable = key.deferrable ? DEFERRABLE[key.deferrable] : sql``;
  return sql`add constraint ${identifier(key.name)} foreign key (${columns(key.childColumns)}) references ${qualified(key.parent)} (${columns(key.parentColumns)}) on delete ${ACTIONS[key.onDelete]} on update ${ACTIONS[key.onUpdate]}${deferrable} not valid`;
}

/** Rows may have changed since: a key comes back without looking at them. */
const bringBack = (key: DroppedKey): Sql =>
  sql`add constraint ${identifier(key.name)} ${foreignKeyDefinition(key.definition)} not valid`;
