import type { PairedRelation } from '../snapshot';

/** `commentableId` beside `commentableType`: an undeclared polymorphic association. A column of the key itself is declared. */
export function polymorphicSibling({
  child,
  relation: { childColumns },
}: PairedRelation): string | undefined {
  const stems = childColumns.map((column) => column.replace(/_?(?:id|key|uuid)$/i, '').toLowerCase());
  return child?.columns.find(({ name }) => {
    const [, stem] = /^(.+?)_?(?:type|kind)$/s.exec(name.toLowerCase()) ?? [];
    return stem !== undefined && stems.includes(stem) && !childColumns.includes(name);
  })?.name;
}
