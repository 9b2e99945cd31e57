import type { Change, DroppedKey, FenceModes, KeySpecification } from '../changes/change';
import { constraintName, sameNames, sameTable } from '../names';
import type { ForeignKey } from '../catalog/catalog';
import type { MeasuredRelation, PairedPartition } from '../snapshot';
import { droppedKey } from './key-specification';

/**
 * The way to a key on a partitioned table before PostgreSQL 18, which takes none that is NOT VALID (0A000): every
 * partition gets its fence, then its proof, and a key on the whole adopts them without looking at a row. An old key
 * stays until that very statement, so that there is never a moment without a fence.
 */
export function keyByPartition(
  pair: MeasuredRelation,
  key: KeySpecification,
  drop: readonly DroppedKey[],
): { readonly fences: readonly Change[]; readonly proofs: readonly Change[] } {
  const pieces = (pair.partitions ?? []).flatMap((partition) => piecesOf(partition, key));
  const exclusive = pieces.some(({ name }) => name !== undefined) || drop.length > 0;
  return {
    fences: pieces.flatMap((piece) => fence(piece, key)),
    proofs: [
      ...pieces.flatMap((piece) => proof(piece, key)),
      {
        op: 'adopt-foreign-key',
        key,
        drop,
        modes: modesOfAdoption(pair, exclusive, drop.length > 0),
      },
      ...pieces.flatMap((piece) => removal(piece, key)),
    ],
  };
}

/** The adopted keys' own triggers on the parent go (ACCESS EXCLUSIVE); on the child only where the parent is partitioned, or a key goes. */
export const modesOfAdoption = (
  { parent }: MeasuredRelation,
  adopts: boolean,
  drops: boolean,
): FenceModes => ({
  parent: adopts ? 'ACCESS EXCLUSIVE' : 'SHARE ROW EXCLUSIVE',
  child:
    drops || (adopts && parent?.kind === 'partitioned table') ? 'ACCESS EXCLUSIVE' : 'SHARE ROW EXCLUSIVE',
});

/** A partition on the way: a leaf, or one whose own key serves for all below it, or one with keys to get rid of. */
interface Piece {
  readonly partition: PairedPartition;
  /** The key of its own that the whole will adopt; none where its partitions have theirs. */
  readonly name?: string;
  /** That key, when it is there already. */
  readonly ready?: ForeignKey;
  readonly others: readonly ForeignKey[];
}

function piecesOf(partition: PairedPartition, key: KeySpecification): readonly Piece[] {
  const { table, keys, parts } = partition;
  const ready = keys.find((candidate) => isAdoptable(candidate, key));
  const others = keys.filter((candidate) => candidate !== ready);
  if (ready) return [{ partition, name: ready.name, ready, others }];
  if (table.kind === 'partitioned table')
    return [{ partition, others }, ...parts.flatMap((part) => piecesOf(part, key))];
  const name =
    others[0]?.name ?? constraintName(table.name.name, key.childColumns, 'fkey', table.constraints);
  return [{ partition, name, others }];
}

/** As PostgreSQL compares: the columns in their order, the parent, the actions, the match type, when it is checked. */
const isAdoptable = (candidate: ForeignKey, key: KeySpecification): boolean =>
  sameNames(candidate.childColumns, key.childColumns) &&
  sameNames(candidate.parentColumns, key.parentColumns) &&
  sameTable(candidate.parent, key.parent) &&
  candidate.onDelete === key.onDelete &&
  candidate.onUpdate === key.onUpdate &&
  sameNames(candidate.setColumns ?? [], key.setColumns ?? []) &&
  candidate.matchFull === key.matchFull &&
  candidate.deferrable === (key.deferrable !== undefined) &&
  candidate.initiallyDeferred === (key.deferrable === 'INITIALLY DEFERRED') &&
  candidate.enforced &&
  candidate.triggersEnabled;

/** A leaf without the right key gets it; in one statement with the wrong ones that it has. */
function fence({ partition, name, ready, others }: Piece, whole: KeySpecification): readonly Change[] {
  if (name === undefined || ready) return [];
  const key = { ...whole, name, child: partition.table.name };
  return others.length > 0
    ? [{ op: 'swap-foreign-key', key, drop: others.map(droppedKey), partitionOf: whole.child }]
    : [{ op: 'add-foreign-key', key, partitionOf: whole.child }];
}

function proof({ partition, name, ready }: Piece, whole: KeySpecification): readonly Change[] {
  if (name === undefined || ready?.validated) return [];
  const { childColumns: columns, parent, child: partitionOf } = whole;
  return [{ op: 'validate-foreign-key', table: partition.table.name, columns, parent, name, partitionOf }];
}

/** What a swap could not take along. */
function removal({ partition, name, ready, others }: Piece, whole: KeySpecification): readonly Change[] {
  if (others.length === 0 || (name !== undefined && !ready)) return [];
  const { kind, name: table } = partition.table;
  const drop = others.map((key) => ({
    ...droppedKey(key),
    ...(kind === 'partitioned table' && ({ scanned: true } as const)),
  }));
  return [{ op: 'drop-foreign-key', table, columns: whole.childColumns, drop, partitionOf: whole.child }];
}
