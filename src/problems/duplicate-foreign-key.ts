import { actionText, hasUnwrittenColumns } from '../delete-action';
import { droppedKey } from '../repair/key-specification';
import type { MeasuredRelation, Snapshot } from '../snapshot';
import { atRelation, defineProblem, refuse, type Repair } from './problem';

export const duplicateForeignKey = defineProblem({
  kind: 'duplicate-foreign-key',
  severity: 'error',
  title: 'Duplicate foreign key',
  why: "With two keys on one column PostgreSQL does not define whose ON DELETE acts, usually the older key's: a left-over silently disables CASCADE.",

  detect: ({ relations }: Snapshot) =>
    relations.flatMap((pair) =>
      pair.holder && pair.rivals.length > 0 ? [{ pair, holder: pair.holder }] : [],
    ),

  describe: ({ pair, holder }) => ({
    about: atRelation(pair, holder.name),
    message: `${pair.relation.id} has ${pair.rivals.length + 1} foreign keys: ${[holder, ...pair.rivals].map((key) => `"${key.name}" (ON DELETE ${actionText(key.onDelete, key.setColumns)}${key.matchFull ? ', MATCH FULL' : ''})`).join(', ')}.`,
    help: `"${holder.name}" says what is wanted; every other one is dropped${holder.validated ? '' : ' once it is valid'}.`,
  }),

  repair({ pair, holder }, policy) {
    if (disagree(pair))
      return refuse(
        'WHICH_ACTION',
        'the keys differ and nobody wrote which action is wanted',
        `relations: { '${pair.relation.id}': { onDelete } }`,
      );
    const lost = whatWouldBeLost(pair);
    if (lost) return lost;
    // The other key may be the only one that acts.
    if (!holder.enforced || !holder.triggersEnabled)
      return refuse('BLOCKED_BY_FINDING', `"${holder.name}" is not enforced, so it cannot stand alone`);
    const verdict = policy.verdict(pair);
    if (!holder.validated && verdict.kind === 'refused') return { refused: verdict.refusal };
    return {
      changes: [
        {
          op: 'drop-foreign-key',
          table: pair.childName,
          columns: pair.relation.childColumns,
          drop: pair.rivals.map(droppedKey),
        },
      ],
    };
  },
});

/** Dropping either of two different keys changes what a delete does; without an author's word that is a guess. */
const disagree = ({ relation, holder, rivals }: MeasuredRelation): boolean =>
  relation.wanted.onDelete.enforce === 'any' &&
  rivals.some(
    (key) =>
      key.onDelete !== holder?.onDelete || key.setColumns?.join('\0') !== holder?.setColumns?.join('\0'),
  );

/** What a rival does beyond what a model can say, and the holder does not do. */
function whatWouldBeLost({ relation, holder, rivals }: MeasuredRelation): Repair | undefined {
  const listed = rivals.find(
    (key) => key.onDelete === holder?.onDelete && !holder.setColumns && hasUnwrittenColumns(key, relation),
  );
  if (listed)
    return refuse(
      'COLUMN_LIST',
      `"${listed.name}" says ON DELETE ${actionText(listed.onDelete, listed.setColumns)}, and nobody wrote which columns are meant`,
      'onDeleteColumns in the declaration',
    );
  const temporal = rivals.find((key) => key.temporal !== holder?.temporal);
  if (temporal)
    return refuse('TEMPORAL_KEY', `of "${temporal.name}" and "${holder?.name}" only one has a PERIOD`);
  const strict = rivals.find((key) => key.matchFull && !holder?.matchFull);
  return strict && relation.childColumns.length > 1
    ? refuse(
        'MATCH_FULL',
        `"${strict.name}" is MATCH FULL: without it a key could be half null; validate or drop it by hand`,
      )
    : undefined;
}
