import { counted } from '../counted';
import { tableId } from '../names';
import { hasTarget } from '../pairing/live-key';
import type { MeasuredRelation, OrphanCount, Snapshot } from '../snapshot';
import { orphanCondition } from '../pairing/measurable';
import { changedColumns } from '../repair/key-specification';
import { watched } from '../repair/watched';
import { atRelation, defineProblem } from './problem';

export const orphanedRows = defineProblem({
  kind: 'orphaned-rows',
  severity: 'error',
  title: 'Orphaned rows',
  why: 'Rows point at a parent that does not exist. They block the foreign key (23503) and show up as records of nobody.',
  remedy:
    'Copies the rows into the quarantine and deletes them or sets their key to null, as the enforced ON DELETE says. Refuses where that action is only a default, or where the rows may not be orphans at all; the refusal names the option that decides. `npx fk-guard restore <run>` puts the rows back. `reparent` gives the rows another parent, `createParent` makes the one that they miss.',
  silence:
    "Let `orphans` or `relations: { 'Model.attribute': { orphans, reparent, createParent } }` decide, or write `constraints: false` in the association when the rows are right. `orphans: 'keep'` leaves the rows, and the finding with them.",

  detect: ({ relations }: Snapshot) =>
    relations.flatMap((pair) => (isOrphaned(pair) ? [{ pair, count: pair.orphans as OrphanCount }] : [])),

  describe: ({ pair, count }) => ({
    about: atRelation(pair, pair.holder?.name),
    message: `${counted(count.rows, 'row')} of ${tableId(pair.childName)} ${count.rows === 1 ? 'has' : 'have'} no parent in ${tableId(pair.parentName)} (${pair.relation.id})${placeholders(count)}.`,
    help: 'They are copied into the quarantine and then removed or set to null as ON DELETE says, if an author wrote it; otherwise an option decides.',
    rows: count.rows,
    ...(count.samples.length > 0 && { sampleKeys: count.samples }),
  }),

  repair({ pair, count }, policy) {
    const verdict = policy.verdict(pair);
    if (verdict.kind === 'refused') return { refused: verdict.refusal };
    if (verdict.kind === 'nothing') return 'manual';
    if (verdict.kind === 'create')
      return {
        changes: [{ op: 'create-parents', children: orphanCondition(pair), parents: verdict.parents }],
      };
    const { newParent } = pair.relation;
    return {
      changes: [
        {
          op: 'clean-orphans',
          strategy: verdict.strategy,
          ...(verdict.strategy === 'nullify' && someColumns(pair)),
          orphans: orphanCondition(pair),
          rows: count.rows,
          watch: watched(policy.snapshot),
          ...(verdict.strategy === 'reparent' && newParent && { newParent }),
        },
      ],
    };
  },
});

const someColumns = (pair: MeasuredRelation): { readonly nullColumns?: readonly string[] } => {
  const columns = changedColumns(pair);
  return columns.length < pair.relation.childColumns.length ? { nullColumns: columns } : {};
};

/** They are no keys, so their rows may not be orphans at all: the number of each is worth more than a sample. */
const placeholders = ({ sentinels }: OrphanCount): string =>
  sentinels.length > 0
    ? `; placeholders among them: ${sentinels.map(({ value, rows }) => `${rows} with ${IN_WORDS[value] ?? value}`).join(', ')}`
    : '';

const IN_WORDS: Readonly<Record<string, string>> = {
  '': 'an empty string',
  '00000000-0000-0000-0000-000000000000': 'the nil uuid',
};

/** Rows that another key gives a parent elsewhere are the business of `wrong-target`. */
const isOrphaned = ({ orphans, rivals, elsewhere, relation, parentName }: MeasuredRelation): boolean =>
  typeof orphans === 'object' &&
  orphans.rows > 0 &&
  [...rivals, ...elsewhere].every((key) => hasTarget(key, relation, parentName));
