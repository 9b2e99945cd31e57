import { tableId } from '../names';
import type { Settings } from '../options';
import { unreadableBecause } from '../rights';
import type { MeasuredRelation, OrphanCount, Snapshot } from '../snapshot';
import { inDoubt } from './in-doubt';
import { parentsElsewhere } from './parents-elsewhere';
import { standingInTheWay } from './reach';
import { refused } from './refused';
import { takesAnotherKeyAlong } from './shared-columns';
import { strategyFor } from './strategy';
import { unfenced } from './unfenced';
import { notAllowed } from './user-triggers';
import { keysOfPartitions } from '../repair/partitions';
import { hasTarget } from '../pairing/live-key';
import { canBeReferenced } from '../repair/target';
import type { Verdict } from './verdict';

/** What happens to the orphans of one relation, looked at by itself. */
export function judge(pair: MeasuredRelation, snapshot: Snapshot, settings: Settings): Verdict {
  const { orphans, relation } = pair;
  if (orphans === 'trusted') return { kind: 'nothing' };
  const doubt = inDoubt(pair);
  if (doubt) return doubt;
  if (typeof orphans === 'string') return unseen(orphans, pair, snapshot);
  if (orphans.rows === 0) return { kind: 'nothing' };
  const elsewhere = parentsElsewhere(pair, snapshot);
  if (elsewhere) return elsewhere;
  if (relation.rowsStay !== undefined) return refused('JUST_SYNCED', '', relation.rowsStay);
  if (hasKeyElsewhere(pair))
    return refused(
      'ROWS_OF_OTHER_TARGET',
      '',
      `another key on ${relation.id} says that these rows have a parent elsewhere`,
    );
  if (pair.unusable !== undefined) return refused('NO_SUCH_PARENT', '', pair.unusable);
  const strategy = strategyFor(pair, orphans);
  if (strategy.kind === 'refused') return strategy;
  const bare = relation.orphanPolicy === 'auto' ? unfenced(pair, snapshot) : undefined;
  if (bare) return bare;
  if (orphans.parentIsEmpty && settings.limits.fraction < 1)
    return refused(
      'EMPTY_PARENT',
      'limits: { fraction: 1 }',
      `${tableId(pair.parentName)} is empty, so every row of ${tableId(pair.childName)} looks orphaned`,
    );
  if (strategy.strategy === 'create') return creation(pair, orphans, snapshot, settings);
  const shared =
    strategy.strategy === 'delete' ? undefined : takesAnotherKeyAlong(pair, strategy.strategy, snapshot);
  return (
    shared ??
    standingInTheWay(pair, strategy.strategy, snapshot, settings) ?? {
      kind: 'clean',
      strategy: strategy.strategy,
      count: orphans,
    }
  );
}

/** Says what would let the role look at them, where it is that. */
const unseen = (
  reason: string,
  { relation, child, parent }: MeasuredRelation,
  { catalog }: Snapshot,
): Verdict =>
  refused(
    'NOT_MEASURED',
    '',
    `the rows of ${relation.id} could not be looked at (${reason})${unreadableBecause([...(child ? [child] : []), ...(parent ? [parent] : [])], catalog.server.role)}`,
  );

/** By a live key these rows have a parent, whatever a model says. */
const hasKeyElsewhere = (pair: MeasuredRelation): boolean =>
  [...pair.rivals, ...pair.elsewhere, ...keysOfPartitions(pair)].some(
    (key) => !hasTarget(key, pair.relation, pair.parentName),
  );

/** Whether a parent has come back meanwhile is told by its key (`on conflict`, 42P10 without one). */
const withoutUniqueKey = ({ relation, parentName }: MeasuredRelation): Verdict =>
  refused(
    'BLOCKED_BY_FINDING',
    '',
    `no parent can be made for ${relation.id}, because ${tableId(parentName)} has no unique key on these columns; a finding of its own says why it cannot get one`,
  );

function creation(
  pair: MeasuredRelation,
  count: OrphanCount,
  snapshot: Snapshot,
  { triggers }: Settings,
): Verdict {
  if (!canBeReferenced(pair, snapshot)) return withoutUniqueKey(pair);
  const { parentName, missingParents } = pair;
  const { parents = [], insertHooks = [] } = missingParents ?? {};
  const hooked = notAllowed(insertHooks, triggers);
  return hooked === undefined
    ? { kind: 'create', parents, count }
    : refused(
        'USER_TRIGGER',
        hooked.option,
        `${hooked.words} would act on the rows that are made in ${tableId(parentName)}`,
      );
}
