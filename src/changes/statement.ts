import type { TableName } from '../schema';
import { columns, identifier, join, qualified, sql, type Sql } from '../sql';
import type { Change } from './change';
import { adoptKey } from './adopt-statement';
import { createIndex } from './index-statement';
import { insertParent } from './parent-statement';
import { convertInPlace } from './conversion-statement';
import { addShadow, shadowIndex, swapShadow } from './shadow-statement';
import {
  addKey,
  alter,
  alterKey,
  dropKey,
  lockTables,
  parentsOf,
  withParentsFirst,
  dropIndex,
} from './key-statement';

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
  /** Makes something in the table's schema, which wants CREATE there of whoever owns the table as well. */
  readonly creates?: true;
  /** Asked under the statement's own lock, just before it; where no row comes back, the statement is not run. */
  readonly onlyIf?: Sql;
  /** Removes what a failed try leaves behind (an invalid index), so that the next one can start afresh. */
  readonly afterFailure?: Statement;
  /** The child whose rows it joins with their parents, as a whole. */
  readonly joins?: TableName;
  /** Asked of a query that must find nothing: what its rows (`name`) mean otherwise. Nothing is changed then. */
  readonly nothing?: string;
}

/** Rows are not DDL: clean-ups have their statements in `quarantine/`. */
export const statementsOf = (change: Change): readonly Statement[] => BUILDERS[change.op](change as never);

/** One builder for each change; a missing one does not compile. */
const BUILDERS: {
  readonly [Op in Change['op']]: (change: Extract<Change, { readonly op: Op }>) => readonly Statement[];
} = {
  'drop-index': ({ table, index }) => [dropIndex(table, index)],
  'create-index': (change) => [createIndex(change, sql`create index concurrently`)],
  'create-unique-index': (change) => [createIndex(change, sql`create unique index concurrently`)],
  'create-partitioned-index': ({ table, index, columns: names }) => [
    {
      sql: sql`create unique index ${identifier(index)} on only ${qualified(table)} (${columns(names)})`,
      locks: [{ table, mode: 'SHARE' }],
      transactional: true,
      creates: true,
    },
  ],
  'attach-index': ({ table, index, to }) => [
    {
      sql: sql`alter index ${qualified(to)} attach partition ${qualified({ ...table, name: index })}`,
      locks: [],
      transactional: true,
    },
  ],
  'add-not-null-check': ({ table, name, columns: names }) => [
    alter(
      table,
      sql`add constraint ${identifier(name)} check (${notNull(names)}) not valid`,
      'ACCESS EXCLUSIVE',
    ),
  ],
  'validate-check': ({ table, name }) => [
    alter(table, sql`validate constraint ${identifier(name)}`, 'SHARE UPDATE EXCLUSIVE'),
  ],
  'add-primary-key': ({ table, name, index, check }) => [
    alter(
      table,
      sql`add constraint ${identifier(name)} primary key using index ${identifier(index)}`,
      'ACCESS EXCLUSIVE',
    ),
    ...(check === undefined
      ? []
      : [alter(table, sql`drop constraint ${identifier(check)}`, 'ACCESS EXCLUSIVE')]),
  ],
  'add-foreign-key': ({ key, modes = FENCE }) => [
    lockTables([key.parent], modes.parent),
    alter(key.child, addKey(key), modes.child),
  ],
  'swap-foreign-key': ({ key, drop }) =>
    withParentsFirst(
      parentsOf(drop, key),
      key.child,
      join([...drop.map(dropKey), addKey(key)], ', '),
      'ACCESS EXCLUSIVE',
    ),
  'clean-uncastable': () => [],
  'convert-column': ({ conversion }) => convertInPlace(conversion),
  'add-shadow-column': addShadow,
  'fill-shadow-column': () => [],
  'create-shadow-index': shadowIndex,
  'add-shadow-check': ({ conversion: { table }, shadow, check }) => [
    alter(
      table,
      sql`add constraint ${identifier(check)} check (${notNull([shadow.column])}) not valid`,
      'ACCESS EXCLUSIVE',
    ),
  ],
  'validate-shadow-check': ({ conversion: { table }, check }) => [
    alter(table, sql`validate constraint ${identifier(check)}`, 'SHARE UPDATE EXCLUSIVE'),
  ],
  'swap-shadow-column': swapShadow,
  'create-parents': ({ children: { parent, parentColumns }, parents }) =>
    parents.map(({ values }) => insertParent(parent, parentColumns, values)),
  'clean-orphans': () => [],
  'validate-foreign-key': ({ table, parent, name }) => {
    const validate = alter(table, sql`validate constraint ${identifier(name)}`, 'SHARE UPDATE EXCLUSIVE');
    return [{ ...validate, locks: [...validate.locks, { table: parent, mode: 'ROW SHARE' }], joins: table }];
  },
  'adopt-foreign-key': adoptKey,
  // The parent's triggers change with it, without a lock on the parent.
  'alter-foreign-key': ({ table, name, deferrability }) => [
    alter(table, alterKey(name, deferrability), 'ACCESS EXCLUSIVE'),
  ],
  'drop-foreign-key': ({ table, drop }) =>
    withParentsFirst(parentsOf(drop), table, join(drop.map(dropKey), ', '), 'ACCESS EXCLUSIVE'),
};

const FENCE = { parent: 'SHARE ROW EXCLUSIVE', child: 'SHARE ROW EXCLUSIVE' } as const;

const notNull = (names: readonly string[]): Sql =>
  join(
    names.map((name) => sql`${identifier(name)} is not null`),
    ' and ',
  );
