import { acts, liveKeys } from './live-key';
import { groupBy } from '../group-by';
import { tableId } from '../names';
import type { ForeignKey, Table } from '../catalog/catalog';
import type { PairedRelation, Pairs } from '../snapshot';

/** A composite key that lets rows through which have a null in some of its columns. */
export interface PartialKey {
  readonly child: Table;
  readonly columns: readonly string[];
  /** What asks for the key: a relation, or else a live key that no model declares. */
  readonly pair?: PairedRelation;
  readonly key?: ForeignKey;
}

/**
 * The composite keys whose rows may be half null: those that are wanted and those that are only there. MATCH FULL lets
 * no such row in, once it is valid; where no column may be null, nothing else does.
 */
export function partialKeys({ relations, unclaimed, catalog }: Pairs): readonly PartialKey[] {
  const wanted = relations
    .filter((pair) => pair.relation.childColumns.length > 1 && !liveKeys(pair).some(isStrict))
    .flatMap((pair) =>
      pair.child ? [{ child: pair.child, columns: pair.relation.childColumns, pair }] : [],
    );
  const composite = unclaimed.filter((key) => key.childColumns.length > 1 && !key.matchFull && !key.temporal);
  const children = new Set(composite.map(({ child }) => tableId(child)));
  const tables = groupBy(
    catalog.tables.filter(({ name }) => children.has(tableId(name))),
    ({ name }) => tableId(name),
  );
  const others = composite.flatMap((key) =>
    (tables.get(tableId(key.child)) ?? []).map((child) => ({ child, columns: key.childColumns, key })),
  );
  const said = new Set<string>();
  return [...wanted, ...others].filter((candidate) => {
    if (!canBeHalfNull(candidate)) return false;
    const place = JSON.stringify([tableId(candidate.child.name), candidate.columns.toSorted()]);
    return !said.has(place) && said.add(place);
  });
}

const isStrict = (key: ForeignKey): boolean =>
  key.temporal === true || (key.matchFull === true && key.validated && acts(key));

function canBeHalfNull({ child, columns }: PartialKey): boolean {
  if (columns.length < 2) return false;
  const found = child.columns.filter(({ name }) => columns.includes(name));
  const readable = child.may.select && !child.rowSecurity && !child.inherited && !child.foreignPartitions;
  return (
    found.length === columns.length &&
    found.some(({ notNull }) => !notNull) &&
    (child.kind === 'table' || child.kind === 'partitioned table') &&
    readable
  );
}
