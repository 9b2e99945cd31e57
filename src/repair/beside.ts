import type { Change } from '../changes/change';
import type { Conversion, Shadowed, ShadowIndex, ShadowSwap } from '../changes/conversion';
import type { ShadowFacts } from '../mismatch';

/**
 * A conversion beside a running application: a second column, kept in step by a trigger; its indexes and the proof of
 * NOT NULL, made while reads and writes go on; then the swap. What an interrupted run has left is not made again.
 */
export function besideChanges(conversion: Conversion, facts: ShadowFacts, schema: string): readonly Change[] {
  const { names, check, exists, notNull } = facts;
  const shared: Shadowed = { conversion: { ...conversion, rows: 0 }, shadow: { ...names, schema } };
  return [
    ...(exists ? [] : [{ op: 'add-shadow-column', ...shared } as const]),
    { op: 'fill-shadow-column', ...shared },
    ...wantedIndexes(conversion, facts).flatMap((wanted) => built(shared, wanted)),
    ...(notNull && !check.exists ? [{ op: 'add-shadow-check', ...shared, check: check.name } as const] : []),
    ...(notNull ? [{ op: 'validate-shadow-check', ...shared, check: check.name } as const] : []),
    {
      op: 'swap-shadow-column',
      ...shared,
      conversion,
      follow: followOf(facts),
    },
  ];
}

/** What the shadow has to take over. */
export const followOf = ({ check, notNull, indexes, comment, grants }: ShadowFacts): ShadowSwap => ({
  indexes: indexes.map(({ copy, name }) => ({ copy, name })),
  ...(notNull && { check: check.name }),
  ...(comment !== undefined && { comment }),
  grants,
});

/** Copies of the column's own indexes, and the index of the rows that change their form. */
function wantedIndexes(
  { cast }: Conversion,
  { names, indexes, changed }: ShadowFacts,
): readonly { readonly state: ShadowFacts['changed']; readonly index: ShadowIndex }[] {
  const copies = indexes.map(({ copy, state, method, unique, columns }) => ({
    state,
    index: {
      name: copy,
      method,
      unique,
      columns: columns.map((column) => (column === cast.column ? names.column : column)),
    },
  }));
  const own = { name: names.changed, method: 'btree', unique: false, columns: [names.column] };
  return [...copies, { state: changed, index: { ...own, changedOnly: true } }];
}

/** An index that is not there yet; an invalid left-over goes first. */
function built(
  shared: Shadowed,
  { state, index }: { readonly state: ShadowFacts['changed']; readonly index: ShadowIndex },
): readonly Change[] {
  if (state === 'valid') return [];
  const leftOver = { op: 'drop-index', table: shared.conversion.table, index: index.name } as const;
  return [...(state === 'invalid' ? [leftOver] : []), { op: 'create-shadow-index', ...shared, index }];
}
