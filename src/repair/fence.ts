import type { Change } from '../changes/change';
import { refuse, type Repair } from '../problems/problem';
import { acts } from '../pairing/live-key';
import type { MeasuredRelation } from '../snapshot';
import { keyByPartition, modesOfAdoption } from './by-partition';
import { keysOfPartitions, needsKeyByPartition, partitionsInTheWay } from './partitions';
import { canBeReferenced } from './target';
import type { Policy } from '../policy/verdict';

/**
 * The repair that puts a key in place: first the fence (`add` or `swap`, NOT VALID), which stops new orphans; the
 * clean-up, which `orphaned-rows` asks for, stands between them; then the validation, which proves the result.
 * Nothing of it happens where the rows may not be cleaned; `fence: true` adds the key NOT VALID all the same.
 */
export function putKeyInPlace(pair: MeasuredRelation, policy: Policy, fence: FenceChange): Repair {
  const obstacle = whyNot(pair, policy, fence);
  if (obstacle) return obstacle;
  const { fences, proofs } = changesFor(pair, policy, fence);
  const verdict = policy.verdict(pair);
  if (verdict.kind !== 'refused') return { changes: [...fences, ...proofs] };
  // A key that acts is never swapped for one that is not valid; instead of one that does nothing it is a gain.
  const gain = fence.op === 'add-foreign-key' || (pair.holder !== undefined && !acts(pair.holder));
  const fenceAlone =
    policy.settings.fence &&
    gain &&
    fences.length > 0 &&
    fences.every(({ op }) => op === fence.op) &&
    typeof pair.orphans === 'object' &&
    typesWillFit(pair, policy);
  return fenceAlone ? { changes: fences } : { refused: verdict.refusal };
}

/** Between types that stay as they are PostgreSQL makes no key (42804). */
const typesWillFit = (pair: MeasuredRelation, policy: Policy): boolean =>
  !pair.mismatch || policy.conversion(pair, pair.mismatch).kind !== 'refused';

type FenceChange = Extract<Change, { readonly op: 'add-foreign-key' | 'swap-foreign-key' }>;

function changesFor(pair: MeasuredRelation, { snapshot }: Policy, fence: FenceChange) {
  if (!needsKeyByPartition(pair, snapshot.catalog.server))
    return { fences: [adopting(pair, fence)], proofs: [validation(pair, fence.key.name)] };
  const drop = fence.op === 'swap-foreign-key' ? fence.drop : [];
  return keyByPartition(
    pair,
    fence.key,
    drop.map((key) => ({ ...key, scanned: true })),
  );
}

/** On a partitioned table PostgreSQL adopts fitting keys of its partitions, valid or not. */
const adopting = (pair: MeasuredRelation, fence: FenceChange): FenceChange =>
  fence.op === 'add-foreign-key' && keysOfPartitions(pair).length > 0
    ? { ...fence, modes: modesOfAdoption(pair, true, false) }
    : fence;

/** The proof that no row lacks its parent. */
export const validation = (pair: MeasuredRelation, name: string): Change => ({
  op: 'validate-foreign-key',
  table: pair.childName,
  columns: pair.relation.childColumns,
  parent: pair.parentName,
  name,
});

function whyNot(pair: MeasuredRelation, { snapshot }: Policy, { key }: FenceChange): Repair | undefined {
  const { relation } = pair;
  if (pair.otherParents.length > 0)
    return refuse('CONTRADICTION', `the models name different parents for ${relation.id}`);
  const partitioned = partitionsInTheWay(pair, snapshot.catalog.server);
  if (partitioned) return partitioned;
  if (key.setColumns && snapshot.catalog.server.version < 150_000)
    return refuse('COLUMN_LIST', `before PostgreSQL 15 ON DELETE ${key.onDelete} takes no columns`);
  return canBeReferenced(pair, snapshot)
    ? undefined
    : refuse(
        'BLOCKED_BY_FINDING',
        'the parent has no unique key on these columns; a finding of its own says why it cannot get one',
      );
}
