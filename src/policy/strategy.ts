import type { Strategy } from '../changes/change';
import { actionText, deletesOtherwise, wantedText } from '../delete-action';
import { keysOfPartitions } from '../repair/partitions';
import { cannotBeNull, changedColumns } from '../repair/key-specification';
import type { MeasuredRelation, OrphanCount } from '../snapshot';
import { polymorphicSibling } from './polymorphic';
import { refused, type Refused } from './refused';

/** What to do with the orphans of one relation, as far as its own options, models and rows say. */
export type Treatment = { readonly kind: 'strategy'; readonly strategy: Strategy | 'create' } | Refused;

/** The strategy that the options ask for, or the one that the enforced action gives. */
export function strategyFor(pair: MeasuredRelation, orphans: OrphanCount): Treatment {
  const { orphanPolicy } = pair.relation;
  if (orphanPolicy === 'auto') return automatic(pair, orphans);
  return orphanPolicy === 'reparent' || orphanPolicy === 'create'
    ? { kind: 'strategy', strategy: orphanPolicy }
    : chosen(pair, orphanPolicy);
}

/** The strategy that a user asked for by name. */
function chosen(pair: MeasuredRelation, policy: 'delete' | 'nullify' | 'keep'): Treatment {
  if (policy === 'keep')
    return refused(
      'KEEP',
      optionFor(pair.relation.id, 'orphans'),
      `the option ${pair.relation.orphanOption} says to keep the orphans of ${pair.relation.id}`,
    );
  if (policy === 'nullify' && cannotBeNull(pair, changedColumns(pair))) return setNullOnNotNull(pair);
  return { kind: 'strategy', strategy: policy };
}

/** `orphans: 'auto'`: the action that is enforced decides, and nothing that is only a default does. */
function automatic(pair: MeasuredRelation, orphans: OrphanCount): Treatment {
  const { enforce, source } = pair.relation.wanted.onDelete;
  const option = optionFor(pair.relation.id, 'orphans');
  const contradicting = [
    ...(source === 'contradiction' ? ['ON DELETE'] : []),
    ...(pair.relation.wanted.onUpdate.source === 'contradiction' ? ['ON UPDATE'] : []),
  ].join(' and ');
  if (contradicting !== '')
    return refused(
      'CONTRADICTION',
      option,
      `the models name different ${contradicting} actions for ${pair.relation.id}`,
    );
  if (enforce === 'any')
    return refused(
      'DEFAULT_ACTION',
      `onDelete in the model, or ${option}`,
      `nobody wrote an ON DELETE action for ${pair.relation.id}; ${pair.relation.onDelete.resolved} is only a default`,
    );
  if (enforce !== 'CASCADE' && enforce !== 'SET NULL')
    return refused(
      'ACTION_FORBIDS',
      option,
      `ON DELETE ${enforce} ${enforce === 'SET DEFAULT' ? 'would give these rows another parent' : 'says that parents with children stay'}, so it cannot say what to do with rows whose parent is gone`,
    );
  return (
    whyNotTheseRows(pair, orphans, enforce, option) ?? {
      kind: 'strategy',
      strategy: enforce === 'CASCADE' ? 'delete' : 'nullify',
    }
  );
}

/** The action is clear, but something about the column or its rows speaks against it. */
function whyNotTheseRows(
  pair: MeasuredRelation,
  { sentinelRows }: OrphanCount,
  enforce: 'CASCADE' | 'SET NULL',
  option: string,
): Refused | undefined {
  const live = [...pair.rivals, ...pair.elsewhere, ...keysOfPartitions(pair)].find((key) =>
    deletesOtherwise(key, pair.relation),
  );
  if (live)
    return refused(
      'LIVE_KEY_DISAGREES',
      option,
      `the live key "${live.name}" says ON DELETE ${actionText(live.onDelete, live.setColumns)}, and ${wantedText(pair.relation)} is wanted`,
    );
  if (enforce === 'SET NULL' && cannotBeNull(pair, changedColumns(pair))) return setNullOnNotNull(pair);
  if (sentinelRows > 0)
    return refused(
      'SENTINEL_KEYS',
      option,
      `${sentinelRows} of the orphans ${sentinelRows === 1 ? 'has' : 'have'} a placeholder (0, -1, an empty string, the nil uuid or the column's default) for a key`,
    );
  const { scoped } = pair.relation;
  if (scoped !== undefined)
    return refused(
      'POLYMORPHIC',
      option,
      `${scoped} with a scope suggests that the other rows may belong to other tables`,
    );
  const discriminator = polymorphicSibling(pair);
  if (discriminator)
    return refused(
      'POLYMORPHIC',
      option,
      `"${discriminator}" beside the column suggests that the rows may belong to other tables`,
    );
  return undefined;
}

/** The option that decides for one relation, as it would be written. */
const optionFor = (relation: string, option: string): string =>
  `relations: { '${relation}': { ${option}: 'delete' | 'nullify' | 'keep' } }`;

function setNullOnNotNull(pair: MeasuredRelation): Refused {
  const columns = changedColumns(pair).filter((column) => cannotBeNull(pair, [column]));
  const others = changedColumns(pair).filter((column) => !columns.includes(column));
  return refused(
    'SET_NULL_ON_NOT_NULL',
    others.length > 0
      ? `onDeleteColumns: [${others.map((column) => `'${column}'`).join(', ')}] in the declaration, or ${optionFor(pair.relation.id, 'orphans')}`
      : optionFor(pair.relation.id, 'orphans'),
    `${columns.join(', ')} is NOT NULL, so it cannot be set to null`,
  );
}
