import { acts, liveKeys } from './live-key';
import { sameNameSet, sameTable } from '../names';
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
    .filter((pair) => !liveKeys(pair).some(isStrict))
    .flatMap((pair) =>
      pair.child ? [{ child: pair.child, columns: pair.relation.childColumns, pair }] : [],
    );
  const others = unclaimed
    .filter((key) => !key.matchFull && !key.temporal)
    .flatMap((key) =>
      catalog.tables
        .filter(({ name }) => sameTable(name, key.child))
        .map((child) => ({ child, columns: key.childColumns, key })),
    );
  return [...wanted, ...others].filter(
    (candidate, i, all) =>
      canBeHalfNull(candidate) &&
      all.findIndex(
        ({ child, columns }) => child === candidate.child && sameNameSet(columns, candidate.columns),
      ) === i,
  );
}

const isStrict = (key: ForeignKey): boolean =>
  key.temporal === true || (key.matchFull === true && key.validated && acts(key));

function canBeHalfNull({ child, columns }: PartialKey): boolean {
  const found = child.columns.filter(({ name }) => columns.includes(name));
  const readable = child.may.select && !child.rowSecurity && !child.inherited && !child.foreignPartitions;
  return (
    columns.length > 1 &&
    found.length === columns.length &&
    found.some(({ notNull }) => !notNull) &&
    (child.kind === 'table' || child.kind === 'partitioned table') &&
    readable
  );
}
