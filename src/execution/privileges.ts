import type { Change } from '../changes/change';
import { statementsOf } from '../changes/statement';
import { FkGuardError } from '../errors';
import { tableId } from '../names';
import type { Step } from '../outcome';
import type { Catalog, Table } from '../catalog/catalog';
import type { TableName } from '../schema';

/** Finds out what the role may not do before anything is changed, and says all of it at once (`PRIVILEGE`). */
export function assertPrivileges(
  steps: readonly Step[],
  { server, tables }: Catalog,
  ledgerSchema: string,
  ledgerExists: boolean,
): void {
  const byName = new Map(tables.map((table) => [tableId(table.name), table]));
  const known = (names: readonly TableName[]): readonly Table[] =>
    names.flatMap((name) => byName.get(tableId(name)) ?? []);
  const owned = known(steps.flatMap(({ change }) => altered(change))).filter(({ may }) => !may.own);
  const changed = known(steps.flatMap(({ change }) => lockedOrCleaned(change))).filter(
    (table) => !table.may.change && !owned.includes(table),
  );
  const missing = [
    ...distinct(owned).map((name) => `ownership of ${name}`),
    ...distinct(changed).map((name) => `UPDATE and DELETE on ${name}`),
    ...(ledgerExists || server.mayCreateSchema
      ? []
      : [`CREATE on the database ${server.database} (for the schema ${ledgerSchema})`]),
  ];
  if (missing.length > 0)
    throw new FkGuardError(
      'PRIVILEGE',
      `The role ${server.role} lacks: ${missing.join('; ')}.`,
      'Grant this, or connect with the role that owns the tables. Nothing was changed.',
    );
}

/** ALTER TABLE and CREATE INDEX want the owner (42501 otherwise). */
const altered = (change: Change): readonly TableName[] =>
  'orphans' in change || 'children' in change ? [] : ['key' in change ? change.key.child : change.table];

/** LOCK TABLE wants the right to change rows as well (manual, LOCK); validation asks for no more than reading. */
const lockedOrCleaned = (change: Change): readonly TableName[] =>
  'orphans' in change
    ? [change.orphans.child, change.orphans.parent]
    : statementsOf(change).flatMap(({ locks }) =>
        locks.flatMap(({ table, mode }) => (mode === 'ROW SHARE' ? [] : [table])),
      );

const distinct = (tables: readonly Table[]): readonly string[] => [
  ...new Set(tables.map(({ name }) => tableId(name))),
];
