import { statementsOf } from './changes/statement';
import { FkGuardError } from './errors';
import { tableId } from './names';
import type { Step } from './outcome';
import type { Catalog, Table } from './schema';

/** Finds out what the role may not do before anything is changed, and says all of it at once (`PRIVILEGE`). */
export function assertPrivileges(steps: readonly Step[], { server, tables }: Catalog, ledgerSchema: string, ledgerExists: boolean): void {
  const byName = new Map(tables.map((table) => [tableId(table.name), table]));
  const missing = new Set<string>();
  for (const { change } of steps) {
    for (const { table, mode } of statementsOf(change).flatMap(({ locks }) => locks)) {
      const lack = lackOf(byName.get(tableId(table)), 'key' in change ? tableId(change.key.child) : tableId(table), mode);
      if (lack) missing.add(lack);
    }
    if ('orphans' in change) for (const table of [change.orphans.child, change.orphans.parent]) if (byName.get(tableId(table))?.may.change === false) missing.add(`UPDATE and DELETE on ${tableId(table)}`);
  }
  if (!ledgerExists && !server.mayCreateSchema) missing.add(`CREATE on the database ${server.database} (for the schema ${ledgerSchema})`);
  if (missing.size > 0)
    throw new FkGuardError('PRIVILEGE', `The role ${server.role} lacks: ${[...missing].join('; ')}.`, 'Grant this, or connect with the role that owns the tables. Nothing was changed.');
}

/** ALTER TABLE wants the owner; LOCK TABLE on the parent wants a right to change it (manual, LOCK). */
function lackOf(table: Table | undefined, altered: string, mode: string): string | undefined {
  if (!table || table.may.own) return undefined;
  if (tableId(table.name) === altered) return `ownership of ${tableId(table.name)}`;
  return mode !== 'ROW SHARE' && !table.may.change ? `UPDATE and DELETE on ${tableId(table.name)}, to lock it` : undefined;
}
