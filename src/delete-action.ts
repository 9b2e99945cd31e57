import type { ForeignKey } from './catalog/catalog';
import { sameNameSet } from './names';
import type { WantedRelation } from './policy/wanted';
import type { ReferentialAction } from './schema';

/** The columns that a key's SET NULL or SET DEFAULT changes. */
export const changedBy = ({ setColumns, childColumns }: ForeignKey): readonly string[] =>
  setColumns ?? childColumns;

/** True for the actions that change children, and that may name the columns (PostgreSQL 15). */
export const setsColumns = (action: string): boolean => action === 'SET NULL' || action === 'SET DEFAULT';

/** True when the key does something else on deletes than what is enforced; SET NULL of some columns is not SET NULL of all. */
export function deletesOtherwise(key: ForeignKey, relation: WantedRelation): boolean {
  const { enforce } = relation.wanted.onDelete;
  if (enforce === 'any') return false;
  if (enforce !== key.onDelete) return true;
  return (
    setsColumns(enforce) && !sameNameSet(changedBy(key), relation.onDeleteColumns ?? relation.childColumns)
  );
}

/** A key whose list of columns nobody has written down: to replace it would be to lose that list. */
export const hasUnwrittenColumns = (key: ForeignKey, { onDeleteColumns }: WantedRelation): boolean =>
  key.setColumns !== undefined && onDeleteColumns === undefined;

/** `SET NULL (author)`, as PostgreSQL prints it. */
export const actionText = (action: ReferentialAction, columns?: readonly string[]): string =>
  columns ? `${action} (${columns.join(', ')})` : action;

/** What the relation wants, in the same words. */
export const wantedText = ({ wanted, childColumns, onDeleteColumns: columns }: WantedRelation): string => {
  const { enforce } = wanted.onDelete;
  const some = columns && columns.length < childColumns.length && setsColumns(enforce);
  return some && enforce !== 'any' ? actionText(enforce, columns) : enforce;
};
