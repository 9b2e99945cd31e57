import type { OrphanCondition } from '../changes/change';
import { fits } from '../column-type';
import { acts, hasTarget } from './live-key';
import type { Column, ForeignKey, Table } from '../catalog/catalog';
import type { Operator } from '../schema';
import type { NotMeasured, PairedRelation } from '../snapshot';

/** What to count for a relation, or why its rows cannot or need not be looked at. */
export function measurable(pair: PairedRelation, scan: 'needed' | 'all'): OrphanCondition | NotMeasured {
  if (!pair.child || !pair.parent) return 'missing-table';
  if (pair.otherParents.length > 0) return 'contradictory-models';
  if (pair.wrongWay) return 'foreign-key-on-primary-key';
  return comparableRows(pair, scan);
}

/** The same, also where the models are in doubt about the relation: enough to be careful with its parents, never with its children. */
export function comparableRows(pair: PairedRelation, scan: 'needed' | 'all'): OrphanCondition | NotMeasured {
  const { relation, child, parent } = pair;
  if (!child || !parent) return 'missing-table';
  if (!isStored(child) || !isStored(parent)) return 'not-a-table';
  // A key sees only the parent's own rows, a plain query sees its inheritance children too: never guess between them.
  if (child.inherited || parent.inherited) return 'inheritance';
  const childColumns = pick(child, relation.childColumns);
  const parentColumns = pick(parent, relation.parentColumns);
  if (!childColumns || !parentColumns) return 'missing-column';
  if (!comparable(childColumns, parentColumns, liveKey(pair) !== undefined)) return 'type-mismatch';
  if (scan === 'needed' && proof(pair)) return 'trusted';
  if (liveKey(pair)?.temporal) return 'temporal';
  if (![child, parent].every(({ may, foreignPartitions }) => may.select && !foreignPartitions))
    return 'unreadable';
  if (child.rowSecurity || parent.rowSecurity) return 'row-security';
  return orphanCondition(pair);
}

/** Which rows of the relation's child are orphans; only for relations whose rows can be looked at. */
export const orphanCondition = (pair: PairedRelation): OrphanCondition => ({
  child: pair.childName,
  childColumns: pair.relation.childColumns,
  parent: pair.parentName,
  parentColumns: pair.relation.parentColumns,
  equality: equalityOf(pair, pick(pair.parent, pair.relation.parentColumns) ?? []),
});

/** A key that proves by itself that the relation has no orphans: validated, enforced, its triggers on. */
export const proof = (pair: PairedRelation): ForeignKey | undefined =>
  [...(pair.holder ? [pair.holder] : []), ...pair.rivals].find(
    (key) => key.validated && acts(key) && hasTarget(key, pair.relation, pair.parentName),
  );

const isStored = ({ kind }: Table): boolean => kind === 'table' || kind === 'partitioned table';

function pick(table: Table | undefined, names: readonly string[]): readonly Column[] | undefined {
  const found = names.flatMap((name) => (table?.columns ?? []).filter((column) => column.name === name));
  return found.length === names.length ? found : undefined;
}

/**
 * The equality that a key compares with: a live key's own, else the one of the parent's index, else the type's.
 * A plain `=` would be looked up along the search_path and can mean another type's equality (citext).
 */
function equalityOf(pair: PairedRelation, parentColumns: readonly Column[]): readonly Operator[] {
  const live = liveKey(pair);
  return pair.relation.parentColumns.map((column, i) => {
    const childColumn = pair.relation.childColumns[i] ?? '';
    const ofKey = live?.equality[live.childColumns.indexOf(childColumn)];
    const ofIndex = pair.target?.equality[pair.target.columns.indexOf(column)];
    const ofType = parentColumns[i]?.equality;
    const found = ofKey ?? ofIndex ?? ofType;
    if (!found) throw new Error(`no equality operator for ${column}`);
    return found;
  });
}

const liveKey = (pair: PairedRelation): ForeignKey | undefined =>
  [...(pair.holder ? [pair.holder] : []), ...pair.rivals].find((key) =>
    hasTarget(key, pair.relation, pair.parentName),
  );

const comparable = (children: readonly Column[], parents: readonly Column[], live: boolean): boolean =>
  children.every((child, i) => fits(child.type, parents[i]?.type ?? '', live));
