import type { Change } from '../changes/change';
import { refuse, type Repair } from '../problems/problem';
import type { MeasuredRelation } from '../snapshot';
import { canBeReferenced } from './target';
import type { Policy } from '../policy/verdict';

/**
 * The repair that puts a key in place: first the fence (`add` or `swap`, NOT VALID), which stops new orphans; the
 * clean-up, which `orphaned-rows` asks for, stands between them; then the validation, which proves the result.
 * Nothing of it happens where the rows may not be cleaned; `fence: true` adds the key NOT VALID all the same.
 */
export function putKeyInPlace(pair: MeasuredRelation, policy: Policy, fence: Change, name: string): Repair {
  const obstacle = whyNot(pair, policy, fence);
  if (obstacle) return obstacle;
  const verdict = policy.verdict(pair);
  if (verdict.kind !== 'refused') return { changes: [fence, validation(pair, name)] };
  const fenceAlone =
    policy.settings.fence && fence.op === 'add-foreign-key' && typeof pair.orphans === 'object';
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

function whyNot(pair: MeasuredRelation, { snapshot }: Policy, fence: Change): Repair | undefined {
  const { relation, child } = pair;
  if (pair.otherParents.length > 0)
    return refuse('CONTRADICTION', `the models name different parents for ${relation.id}`);
  if (child?.kind === 'partitioned table' && snapshot.catalog.server.version < 180_000)
    return refuse('PARTITIONED', 'before PostgreSQL 18 a partitioned table takes no NOT VALID key');
  if ('key' in fence && fence.key.setColumns && snapshot.catalog.server.version < 150_000)
    return refuse('COLUMN_LIST', `before PostgreSQL 15 ON DELETE ${fence.key.onDelete} takes no columns`);
  return canBeReferenced(pair, snapshot)
    ? undefined
    : refuse(
        'BLOCKED_BY_FINDING',
        'the parent has no unique key on these columns; a finding of its own says why it cannot get one',
      );
}
