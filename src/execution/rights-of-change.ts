import type { Catalog, ForeignKey, Table } from '../catalog/catalog';
import type { Change } from '../changes/change';
import { statementsOf } from '../changes/statement';
import { tableId } from '../names';
import { reachOf } from '../policy/reach';
import { missingOnSequence, missingOwnership, missingRight, type MissingRight, type Right } from '../rights';
import type { TableName } from '../schema';

/** What the role lacks for one change. */
export function missingFor(change: Change, catalog: Catalog): readonly MissingRight[] {
  const byName = new Map(catalog.tables.map((table) => [tableId(table.name), table]));
  const { role } = catalog.server;
  const owned = altered(change).flatMap((name) => byName.get(tableId(name)) ?? []);
  const notOwned = owned.flatMap((table) =>
    table.may.own ? [] : [missingOwnership(table.name, table.owner, role)],
  );
  return [
    ...notOwned,
    ...needs(change, catalog).flatMap(([name, ...rights]) => {
      const table = byName.get(tableId(name));
      return table ? lacking(table, rights, owned).map((right) => missingRight(right, name, role)) : [];
    }),
    ...('children' in change ? (byName.get(tableId(change.children.parent))?.closedSequences ?? []) : []).map(
      (sequence) => missingOnSequence(sequence, role),
    ),
  ];
}

/** Who owns a table may do with it what the guard does; its schema may still be somebody else's. */
const lacking = (table: Table, rights: readonly Right[], owned: readonly Table[]): readonly Right[] =>
  table.lacks.filter(
    (right) =>
      right === 'USAGE' || (rights.includes(right) && (right === 'CREATE' || !owned.includes(table))),
  );

/** ALTER TABLE and CREATE INDEX want the owner (42501 otherwise). */
const altered = (change: Change): readonly TableName[] =>
  'orphans' in change || 'children' in change
    ? []
    : ['key' in change ? change.key.child : 'conversion' in change ? change.conversion.table : change.table];

type Needs = readonly (readonly [TableName, ...Right[]])[];

/** The rights that a change wants on tables, beside owning those that it alters. */
function needs(change: Change, catalog: Catalog): Needs {
  if ('children' in change)
    return [
      [change.children.parent, 'SELECT', 'INSERT'],
      [change.children.child, 'SELECT'],
    ];
  if ('orphans' in change) return forCleaning(change, catalog);
  const statements = statementsOf(change);
  // LOCK TABLE wants the right to change rows as well (manual, LOCK); validation asks for no more than reading.
  const locked = statements.flatMap(({ locks }) =>
    locks.flatMap(({ table, mode }): Needs => (mode === 'ROW SHARE' ? [] : [[table, 'LOCK']])),
  );
  const filled = altered(change).flatMap((table): Needs =>
    statements.some(({ creates }) => creates) ? [[table, 'CREATE']] : [[table]],
  );
  return [...filled, ...('key' in change ? ([[change.key.parent, 'REFERENCES']] as const) : []), ...locked];
}

/** Rows are locked for update before they go (UPDATE); what PostgreSQL takes along it takes as the table's owner. */
function forCleaning({ orphans, strategy }: Extract<Change, { orphans: object }>, catalog: Catalog): Needs {
  const treated = strategy === 'delete' ? (['DELETE'] as const) : [];
  const reach = strategy === 'delete' ? reachOf(orphans.child, catalog) : { deletes: [], keys: [] };
  return [
    [orphans.parent, 'SELECT', 'LOCK'],
    [orphans.child, 'SELECT', 'UPDATE', ...treated],
    ...reach.deletes.map((name) => [name, 'SELECT', 'UPDATE'] as const),
    ...reach.keys.map((key) => [key.child, 'SELECT', takesOrChanges(key) ? 'UPDATE' : 'LOCK'] as const),
  ];
}

const takesOrChanges = ({ onDelete }: ForeignKey): boolean =>
  onDelete !== 'NO ACTION' && onDelete !== 'RESTRICT';
