import { tableId } from '../names';
import { cannotBeNull, changedColumns } from '../repair/key-specification';
import type { MeasuredRelation, Snapshot } from '../snapshot';
import { atRelation, defineProblem } from './problem';

export const impossibleSetNull = defineProblem({
  kind: 'impossible-set-null',
  severity: 'error',
  title: 'SET NULL on a NOT NULL column',
  why: 'Deleting a parent fails with 23502 (null value in column), an error that does not even mention the foreign key.',
  remedy: 'Nothing: whether the column may be null or the action is wrong, only an author can say.',
  silence:
    'Allow null in the model and in the table, or write another action: `onDelete` in the model or in `relations`.',

  detect: ({ relations }: Snapshot) =>
    relations
      .map((pair) => ({ pair, columns: notNull(pair) }))
      .filter(({ pair, columns }) => saysSetNull(pair) && columns.length > 0),

  describe: ({ pair, columns }) => ({
    about: atRelation(pair, pair.holder?.name),
    message: `${pair.relation.id} says ON DELETE SET NULL, but ${columns.map((column) => `${tableId(pair.childName)}.${column}`).join(' and ')} ${columns.length === 1 ? 'is' : 'are'} NOT NULL.`,
    help:
      pair.relation.childColumns.length > columns.length
        ? "Either name the columns that may be null (onDeleteColumns, PostgreSQL 15), or allow null, or write another action: onDelete: 'CASCADE' or 'RESTRICT'."
        : "Either allow null in the column (and allowNull: true in the model), or write another action: onDelete: 'CASCADE' or 'RESTRICT'.",
  }),

  repair: () => 'manual',
});

const saysSetNull = ({ relation, holder }: MeasuredRelation): boolean =>
  relation.wanted.onDelete.enforce === 'SET NULL' || holder?.onDelete === 'SET NULL';

const notNull = (pair: MeasuredRelation): readonly string[] =>
  changedColumns(pair).filter((name) => cannotBeNull(pair, [name]));
