import { json } from '../catalog/row';
import type { KeySpecification } from '../changes/change';
import type { WatchedRelation } from '../changes/watched-relation';
import type { Session } from '../db';
import type { Catalog, ForeignKey } from '../catalog/catalog';
import type { TableName } from '../schema';
import { sameNameSet, sameTable, tableId } from '../names';
import { partitionTree } from '../policy/partition-tree';
import { sql, type Sql } from '../sql';
import type { NamedPath } from './taken';

/** The keys that the guard has added, in this run or in any before it: the ledger has them from the moment they are there. */
export const readAddedKeys = async (session: Session, ledger: Sql): Promise<readonly KeySpecification[]> =>
  (await session.query(addedKeys(ledger))).map((row) => json<KeySpecification>(row, 'key'));

const addedKeys = (ledger: Sql): Sql => sql`
  select s.change -> 'key' as key from ${ledger}.step s
   where s.change ->> 'op' in ('add-foreign-key', 'adopt-foreign-key') and s.undone_at is null`;

/**
 * The catalog with those keys only that may take or change rows. A key that the guard has added is no word of the
 * database's own: where its action is only a default, nobody has decided about the rows, however old the key is.
 */
export function decidedKeys(
  catalog: Catalog,
  watch: readonly WatchedRelation[],
  added: readonly KeySpecification[],
): Catalog {
  const undecided = watch.filter((path) => path.undecided);
  const isOurDefault = (key: ForeignKey): boolean =>
    added.some((made) => made.onDelete === key.onDelete && isOn(key, made)) &&
    undecided.some((path) => isOn(key, path));
  return { ...catalog, foreignKeys: catalog.foreignKeys.filter((key) => !isOurDefault(key)) };
}

/** A watched relation, with what to call it. */
export type WatchedPath = NamedPath & Pick<WatchedRelation, 'unclear'>;

/** Watched relations on rows that would go, and without a key that may decide: their children would become orphans. */
export function withoutKey(
  watch: readonly WatchedRelation[],
  deletes: readonly TableName[],
  decided: Catalog,
  catalog: Catalog,
): readonly WatchedPath[] {
  const { isPartOf } = partitionTree(catalog);
  const meets = ({ parent }: WatchedRelation): boolean =>
    deletes.some((name) => isPartOf(name, parent) || isPartOf(parent, name));
  const hasKey = (path: WatchedRelation, { foreignKeys }: Catalog): boolean =>
    foreignKeys.some((key) => isOn(key, path));
  return watch
    .filter((path) => meets(path) && !hasKey(path, decided))
    .map((path) => ({
      ...path,
      name: `${tableId(path.child)}(${path.childColumns.join(', ')}), ${hasKey(path, catalog) ? 'whose ON DELETE is only a default' : 'which has no key'}`,
    }));
}

type Ends = Pick<ForeignKey, 'child' | 'childColumns' | 'parent'>;

const isOn = (key: Ends, path: Ends): boolean =>
  sameTable(key.child, path.child) &&
  sameTable(key.parent, path.parent) &&
  sameNameSet(key.childColumns, path.childColumns);
