import type { PairedRelation } from '../snapshot';

/** `commentableId` beside `commentableType`: an undeclared polymorphic association. A column of the key itself is declared. */
export function polymorphicSibling({
  child,
  relation: { childColumns },
}: PairedRelation): string | undefined {
  const siblings = childColumns.flatMap((column) =>
    [column.replace(/_?id$/i, '_type'), column.replace(/_?id$/i, 'Type')].filter((name) => name !== column),
  );
  return child?.columns.find(({ name }) => siblings.includes(name) && !childColumns.includes(name))?.name;
}
