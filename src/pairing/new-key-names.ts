import { constraintName, tableId } from '../names';
import type { PairedRelation } from '../snapshot';

/**
 * The name of each relation's key, should one have to be made: the one that PostgreSQL would choose. Long names are cut,
 * so that two relations of one table may come to the same; relations on the same columns ask for one key.
 */
export function withNewKeyNames(
  pairs: readonly Omit<PairedRelation, 'newKeyName'>[],
): readonly PairedRelation[] {
  const given = new Map<string, Map<string, string>>();
  return pairs.map((pair) => {
    const id = tableId(pair.childName);
    const names = given.get(id) ?? new Map<string, string>();
    given.set(id, names);
    const columns = JSON.stringify(pair.relation.childColumns.toSorted());
    const taken = [...(pair.child?.constraints ?? []), ...names.values()];
    const newKeyName =
      names.get(columns) ?? constraintName(pair.childName.name, pair.relation.childColumns, 'fkey', taken);
    // Where a key is there already, a swap keeps its name.
    if (!pair.holder && pair.rivals.length === 0) names.set(columns, newKeyName);
    return { ...pair, newKeyName };
  });
}
