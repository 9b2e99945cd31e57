import { sameTable, tableId } from '../names';
import { hasTarget } from '../pairing/live-key';
import { refuse, type Repair } from '../problems/problem';
import type { ForeignKey, Server } from '../catalog/catalog';
import type { MeasuredRelation, PairedPartition, PairedRelation } from '../snapshot';

/** `add … not valid` on a partitioned table is of PostgreSQL 18; no catalog tells, so the version does. */
export const needsKeyByPartition = ({ child }: PairedRelation, { version }: Server): boolean =>
  child?.kind === 'partitioned table' && version < 180_000;

/** All partitions of a relation's child, at any depth. */
export const allPartitions = ({ partitions = [] }: PairedRelation): readonly PairedPartition[] => {
  const below = (partition: PairedPartition): readonly PairedPartition[] => [
    partition,
    ...partition.parts.flatMap(below),
  ];
  return partitions.flatMap(below);
};

/** The keys on the relation's columns that partitions have of their own. */
export const keysOfPartitions = (pair: PairedRelation): readonly ForeignKey[] =>
  allPartitions(pair).flatMap(({ keys }) => keys);

/** Why the partitions of a relation's child keep it from having a key. */
export function partitionsInTheWay(pair: MeasuredRelation, server: Server): Repair | undefined {
  const foreign = allPartitions(pair).find(({ table }) => table.kind === 'foreign table');
  if (foreign)
    return refuse(
      'PARTITIONED',
      `the partition ${tableId(foreign.table.name)} is a foreign table, and takes no key`,
    );
  const elsewhere = keysOfPartitions(pair).find((key) => !hasTarget(key, pair.relation, pair.parentName));
  if (elsewhere)
    return refuse(
      'PARTITIONED',
      `the key "${elsewhere.name}" of the partition ${tableId(elsewhere.child)} points at ${tableId(elsewhere.parent)}; drop it if the models are right`,
    );
  return needsKeyByPartition(pair, server) && !adoptsCleanly(pair, server.version)
    ? refuse(
        'PARTITIONED',
        'this version of PostgreSQL leaves stray constraints behind when a partitioned table adopts keys to a partitioned table; its later minor versions (13.21, 14.18, 15.13, 16.9, 17.5) do not',
      )
    : undefined;
}

/** The first minor version of each major one that adopts keys to partitioned tables, and to the same one, without a trace. */
const FIXED: Readonly<Record<number, { readonly parent: number; readonly self: number }>> = {
  13: { parent: 17, self: 21 },
  14: { parent: 14, self: 18 },
  15: { parent: 9, self: 13 },
  16: { parent: 5, self: 9 },
  17: { parent: 1, self: 5 },
};

function adoptsCleanly({ parent, childName, parentName }: PairedRelation, version: number): boolean {
  if (parent?.kind !== 'partitioned table') return true;
  const fixed = FIXED[Math.floor(version / 10_000)];
  const needed = sameTable(childName, parentName) ? fixed?.self : fixed?.parent;
  return needed !== undefined && version % 10_000 >= needed;
}
