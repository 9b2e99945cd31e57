import type { Catalog, ForeignKey, Table } from '../../catalog/catalog';
import type { DeleteTriggers } from '../../catalog/delete-triggers';
import { changedBy } from '../../delete-action';
import { groupBy } from '../../group-by';
import { sameTable, tableId } from '../../names';
import { partitionTree } from '../../policy/partition-tree';
import type { TableName } from '../../schema';
import type { ActingKey } from './fate';

/** The keys that act on a delete, and the tables that they are between. */
export interface Acting {
  /** The role that is connected. */
  readonly role: string;
  /** Those of the rows of one table, in the order in which PostgreSQL lets them act. */
  keysOf(table: number): readonly ActingKey[];
  table(oid: number): Table;
  named(name: TableName): Table;
  /** The table with its partitions, at any depth, and what it is a partition of. */
  kin(table: Table): readonly Table[];
  /** The key that this one is a part of, or itself. */
  whole(acting: ActingKey): ForeignKey;
  /** True when no other key leads to the child's rows and none leads on from them: they need not be told apart. */
  isLone(acting: ActingKey): boolean;
}

export function actingOf(catalog: Catalog, triggers: DeleteTriggers): Acting {
  const tables = new Map(catalog.tables.map((table) => [table.oid, table]));
  const names = new Map(catalog.tables.map((table) => [tableId(table.name), table]));
  const keys = new Map(catalog.foreignKeys.map((key) => [key.oid, key]));
  const { isPartOf } = partitionTree(catalog);
  const named = (name: TableName): Table => known(names.get(tableId(name)), tableId(name));
  const all = triggers.keys.flatMap((trigger): readonly ActingKey[] => {
    const key = keys.get(trigger.key);
    // Of a table that the catalog's readers leave out: another session's temporary one.
    if (!key) return [];
    const { columns } = named(key.child);
    const mustHave = changedBy(key).some((column) => columns.some((c) => c.name === column && c.notNull));
    return [{ trigger, key, impossible: trigger.action === 'SET NULL' && mustHave }];
  });
  const byParent = groupBy(all, ({ trigger }) => trigger.parent);
  const kin = (table: Table): readonly Table[] =>
    catalog.tables.filter(({ name }) => isPartOf(name, table.name) || isPartOf(table.name, name));
  return {
    role: catalog.server.role,
    keysOf: (table) => byParent.get(table) ?? [],
    table: (oid) => known(tables.get(oid), `the table ${oid}`),
    named,
    kin,
    whole: ({ trigger, key }) => keys.get(trigger.whole) ?? key,
    isLone({ key, trigger }) {
      const child = kin(named(key.child));
      return (
        child.every(({ oid }) => !byParent.has(oid)) &&
        all.every(
          (other) =>
            other.trigger.whole === trigger.whole ||
            !child.some(({ name }) => sameTable(name, other.key.child)),
        )
      );
    },
  };
}

function known<T>(found: T | undefined, what: string): T {
  if (found === undefined) throw new Error(`the catalog has no ${what}`);
  return found;
}
