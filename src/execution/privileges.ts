import type { Change } from '../changes/change';
import { statementsOf } from '../changes/statement';
import { FkGuardError } from '../errors';
import { tableId } from '../names';
import type { Step } from '../outcome';
import type { Catalog, Server, Table } from '../catalog/catalog';
import type { TableName } from '../schema';

/**
 * Finds out what the role may not do before anything is changed, and returns all of it at once. Throws the same
 * (`PRIVILEGE`) when no step is left that could be carried out, or when there is no place for the ledger.
 */
export function checkPrivileges(
  steps: readonly Step[],
  catalog: Catalog,
  ledger: LedgerPlace,
): FkGuardError | undefined {
  const { server } = catalog;
  const noLedger = missingForLedger(server, ledger);
  const missing = [...missingFor(steps, catalog), ...noLedger];
  if (missing.length === 0) return undefined;
  if (noLedger.length > 0 || blocked(steps, withoutRights(steps, catalog)).size === steps.length)
    throw lacks(server, missing, 'Nothing was changed.');
  return lacks(server, missing, 'What needs it is left out.');
}

/** The changes that the role may not make, each with what it lacks. */
export const withoutRights = (steps: readonly Step[], catalog: Catalog): ReadonlyMap<Change, FkGuardError> =>
  new Map(
    steps.flatMap((step) => {
      const missing = missingFor([step], catalog);
      return missing.length > 0
        ? [[step.change, lacks(catalog.server, missing, 'This step is left out.')] as const]
        : [];
    }),
  );

/** The schema of the guard's own tables. */
export interface LedgerPlace {
  readonly schema: string;
  readonly exists: boolean;
}

const missingForLedger = (server: Server, { schema, exists }: LedgerPlace): readonly string[] =>
  exists || server.mayCreateSchema
    ? []
    : [`CREATE on the database ${server.database} (for the schema ${schema})`];

/** The steps that are refused, with those that require them. */
function blocked(steps: readonly Step[], refusals: ReadonlyMap<Change, unknown>): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const { id, change, requires } of steps)
    if (refusals.has(change) || requires.some((required) => ids.has(required))) ids.add(id);
  return ids;
}

function missingFor(steps: readonly Step[], { tables }: Catalog): readonly string[] {
  const byName = new Map(tables.map((table) => [tableId(table.name), table]));
  const known = (names: readonly TableName[]): readonly Table[] =>
    names.flatMap((name) => byName.get(tableId(name)) ?? []);
  const owned = known(steps.flatMap(({ change }) => altered(change))).filter(({ may }) => !may.own);
  const changed = known(steps.flatMap(({ change }) => lockedOrCleaned(change))).filter(
    (table) => !table.may.change && !owned.includes(table),
  );
  return [
    ...distinct(owned).map((name) => `ownership of ${name}`),
    ...distinct(changed).map((name) => `UPDATE and DELETE on ${name}`),
  ];
}

const lacks = ({ role }: Server, missing: readonly string[], consequence: string): FkGuardError =>
  new FkGuardError(
    'PRIVILEGE',
    `The role ${role} lacks: ${missing.join('; ')}.`,
    `Grant this, or connect with the role that owns the tables. ${consequence}`,
  );

/** ALTER TABLE and CREATE INDEX want the owner (42501 otherwise). */
const altered = (change: Change): readonly TableName[] =>
  'orphans' in change || 'children' in change
    ? []
    : ['key' in change ? change.key.child : 'conversion' in change ? change.conversion.table : change.table];

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
