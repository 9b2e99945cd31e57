import type { Change } from '../changes/change';
import type { Conversion } from '../changes/conversion';
import { tableId } from '../names';
import type { ConversionVerdict } from '../policy/conversion';
import type { Policy } from '../policy/verdict';
import { orphanCondition } from '../pairing/measurable';
import { besideChanges } from '../repair/beside';
import { watched } from '../repair/watched';
import type { MismatchedColumn, TypeMismatch } from '../mismatch';
import type { MeasuredRelation, Snapshot } from '../snapshot';
import { atRelation, defineProblem } from './problem';

export const typeMismatch = defineProblem({
  kind: 'type-mismatch',
  severity: 'error',
  title: 'Types that do not fit',
  why: 'PostgreSQL makes no foreign key between columns of these types (42804: the key cannot be implemented).',
  remedy:
    "Gives the child's column the type of the parent's key where the model sides with the parent: in place, or above `limits.rewriteRows` by a second column that a trigger keeps in step. Values that change their form are copied into the quarantine. Refuses while values have no place in the new type, unless `disposable: true` lets their rows go or a `remap` translates them, and while anything else uses the column.",
  silence:
    'Correct the type in the model, or in the `type` of a key that is declared by hand. `constraints: false` says that no key is meant to be there.',

  detect: ({ relations }: Snapshot) =>
    relations.flatMap((pair) => (pair.mismatch ? [{ pair, mismatch: pair.mismatch }] : [])),

  describe: ({ pair, mismatch: { columns, count } }) => ({
    about: atRelation(pair),
    message: columns.flatMap((column) => [incompatible(pair, column), declared(pair, column)]).join(' '),
    help: `${columns.map(({ cast }) => `${cast.column} becomes ${cast.to}`).join(', ')}, as its parent is; values that change their form are copied into the quarantine first.`,
    ...(count && count.uncastable > 0 && { rows: count.uncastable }),
    ...(count && count.samples.length > 0 && { sampleKeys: count.samples }),
  }),

  repair({ pair, mismatch }, policy) {
    const verdict = policy.conversion(pair, mismatch);
    return verdict.kind === 'refused'
      ? { refused: verdict.refusal }
      : { changes: changesFor(pair, mismatch, verdict, policy) };
  },
});

/** As PostgreSQL itself puts it (42804), with the tables. */
const incompatible = (
  { childName, parentName }: MeasuredRelation,
  { cast, parentColumn }: MismatchedColumn,
): string =>
  `Key columns "${cast.column}" of ${tableId(childName)} and "${parentColumn}" of ${tableId(parentName)} are of incompatible types: ${cast.from} and ${cast.to}.`;

function declared({ relation }: MeasuredRelation, { childWord, parentWord }: MismatchedColumn): string {
  if (childWord === undefined) return 'Nothing says which of them is right.';
  return parentWord === undefined
    ? `${relation.id} is declared as ${childWord}.`
    : `${relation.id} is declared as ${childWord}, its parent as ${parentWord}.`;
}

/** What cannot be converted goes first; then one column after the other. */
function changesFor(
  pair: MeasuredRelation,
  { columns, count }: TypeMismatch,
  { removal }: Extract<ConversionVerdict, { readonly kind: 'convert' }>,
  { snapshot, settings }: Policy,
): readonly Change[] {
  const orphans = { ...orphanCondition(pair), uncastable: columns.map(({ cast }) => cast) };
  const nullColumns = columns.map(({ cast }) => cast.column);
  const some = removal?.strategy === 'nullify' && nullColumns.length < pair.relation.childColumns.length;
  const clean = removal && {
    op: 'clean-uncastable' as const,
    ...removal,
    ...(some && { nullColumns }),
    orphans,
    watch: watched(snapshot),
  };
  return [
    ...(clean ? [clean] : []),
    ...columns.flatMap((column, i) => {
      const conversion = conversionOf(pair, column, count?.changed[i] ?? 0);
      return column.shadow
        ? besideChanges(conversion, column.shadow, settings.quarantine.schema)
        : [{ op: 'convert-column', conversion } as const];
    }),
  ];
}

const conversionOf = (
  { childName, relation }: MeasuredRelation,
  { cast, collation, default: usual }: MismatchedColumn,
  rows: number,
): Conversion => ({
  table: childName,
  cast,
  ...(collation && { collation }),
  ...(usual?.converted !== undefined && { default: { written: usual.written, converted: usual.converted } }),
  ...(relation.remap && { remap: relation.remap }),
  rows,
});
