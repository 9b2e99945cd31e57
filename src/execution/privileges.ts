import type { Catalog, Server } from '../catalog/catalog';
import type { Change } from '../changes/change';
import { FkGuardError } from '../errors';
import type { Step } from '../outcome';
import { joined, missingOnDatabase, type MissingRight } from '../rights';
import { addedBy } from './added-keys';
import { missingFor } from './rights-of-change';

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
  const missing = [...missingOf(steps, catalog).flatMap((one) => one.missing), ...noLedger];
  if (missing.length === 0) return undefined;
  if (noLedger.length > 0 || blocked(steps, withoutRights(steps, catalog)).size === steps.length)
    throw lacks(server, missing, 'Nothing was changed.');
  return lacks(server, missing, 'What needs it is left out.');
}

/** The changes that the role may not make, each with what it lacks. */
export const withoutRights = (steps: readonly Step[], catalog: Catalog): ReadonlyMap<Change, FkGuardError> =>
  new Map(
    missingOf(steps, catalog).flatMap(({ change, missing }) =>
      missing.length > 0 ? [[change, lacks(catalog.server, missing, 'This step is left out.')] as const] : [],
    ),
  );

/** By the catalog as each step will find it: the keys that earlier ones add lead to tables of their own. */
const missingOf = (
  steps: readonly Step[],
  catalog: Catalog,
): readonly { readonly change: Change; readonly missing: readonly MissingRight[] }[] =>
  steps.map(({ change }, i) => {
    const added = steps.slice(0, i).flatMap((before) => addedBy(before.change));
    return {
      change,
      missing: missingFor(change, { ...catalog, foreignKeys: [...catalog.foreignKeys, ...added] }),
    };
  });

/** The schema of the guard's own tables. */
export interface LedgerPlace {
  readonly schema: string;
  readonly exists: boolean;
  /** What the role lacks on it and on the tables that are there already. */
  readonly missing: readonly MissingRight[];
}

const missingForLedger = (
  { mayCreateSchema, database, role }: Server,
  { schema, exists, missing }: LedgerPlace,
): readonly MissingRight[] =>
  exists || mayCreateSchema ? missing : [missingOnDatabase(database, schema, role)];

/** The steps that are refused, with those that require them. */
function blocked(steps: readonly Step[], refusals: ReadonlyMap<Change, unknown>): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const { id, change, requires } of steps)
    if (refusals.has(change) || requires.some((required) => ids.has(required))) ids.add(id);
  return ids;
}

function lacks({ role }: Server, missing: readonly MissingRight[], consequence: string): FkGuardError {
  const { words, mend } = joined(missing);
  return new FkGuardError(
    'PRIVILEGE',
    `The role ${role} lacks: ${words}.`,
    `Grant this (${mend}), or connect with the role that owns the tables. ${consequence}`,
  );
}
