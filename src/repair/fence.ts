import type { Change } from '../changes/change';
import { refuse, type Repair } from '../problems/problem';
import { acts } from '../pair';
import type { MeasuredRelation } from '../snapshot';
import { canBeReferenced } from './target';
import type { Policy } from '../policy/verdict';

/**
 * The repair that puts a key in place: first the fence (`add` or `swap`, NOT VALID), which stops new orphans; the
 * clean-up, which `orphaned-rows` asks for, stands between them; then the validation, which proves the result.
 * Nothing of it happens where the rows may not be cleaned; `fence: true` adds the key NOT VALID all the same.
 */
export function putKeyInPlace(pair: MeasuredRelation, policy: Policy, fence: Change, name: string): Repair {
  const obstacle = whyNot(pair, policy);
  if (obstacle) return obstacle;
  const verdict = policy.verdict(pair);
  if (verdict.kind !== 'refused') return { changes: [fence, validation(pair, name)] };
  // A key that acts is never swapped for one that is not valid; instead of one that does nothing it is a gain.
  const gain = fence.op === 'add-foreign-key' || (pair.holder !== undefined && !acts(pair.holder));
  const fenceAlone = policy.settings.fence && gain && typeof pair.orphans === 'object';
  return fenceAlone ? { changes: [fence] } : { refused: verdict.refusal };
}

/** The proof that no row lacks its parent. */
export const validation = (pair: MeasuredRelation, name: string): Change => ({
  op: 'validate-foreign-key',
  table: pair.childName,
  columns: pair.relation.childColumns,
  parent: pair.parentName,
  name,
});

function whyNot(pair: MeasuredRelation, { snapshot }: Policy): Repair | undefined {
  const { relation, child } = pair;
  if (pair.otherParents.length > 0)
    return refuse('CONTRADICTION', `the models name different parents for ${relation.id}`);
  if (child?.kind === 'partitioned table' && snapshot.catalog.server.version < 180_000)
    return refuse('PARTITIONED', 'before PostgreSQL 18 a partitioned table takes no NOT VALID key');
  return canBeReferenced(pair, snapshot)
    ? undefined
    : refuse(
        'BLOCKED_BY_FINDING',
        'the parent has no unique key on these columns; a finding of its own says why it cannot get one',
      );
}
