import { counted } from '../counted';
import { tableId } from '../names';
import type { Deferrability } from '../schema';
import type { Change, OrphanCondition } from './change';
import type { Cleaning } from './cleaning';
import { conversionTitle } from './conversion-title';

/** One line that says what a step does, for people. */
export function stepTitle(change: Change): string {
  if ('conversion' in change) return conversionTitle(change);
  switch (change.op) {
    case 'drop-index':
      return `Drop the invalid index ${change.index} of ${tableId(change.table)}`;
    case 'create-index':
      return `Build the index ${change.index} on ${tableId(change.table)} (${change.columns.join(', ')})`;
    case 'create-unique-index':
      return `Build the unique index ${change.index} on ${tableId(change.table)} (${change.columns.join(', ')})`;
    case 'create-partitioned-index':
      return `Prepare the unique index ${change.index} of ${tableId(change.table)} (${change.columns.join(', ')})`;
    case 'attach-index':
      return `Attach ${change.index} of ${tableId(change.table)} to ${change.to.name}`;
    case 'add-not-null-check':
      return `Promise that ${tableId(change.table)} (${change.columns.join(', ')}) is not null`;
    case 'validate-check':
      return `Prove that promise for the rows of ${tableId(change.table)}`;
    case 'add-primary-key':
      return `Make ${change.index} the primary key of ${tableId(change.table)}`;
    case 'add-foreign-key':
      return `Fence: add ${change.key.name} to ${tableId(change.key.child)}, ON DELETE ${change.key.onDelete}, NOT VALID`;
    case 'swap-foreign-key':
      return `Swap ${change.drop.map(({ name }) => name).join(', ')} of ${tableId(change.key.child)} for ${change.key.name}, ON DELETE ${change.key.onDelete}`;
    case 'clean-uncastable':
      return `${cleaning(change)}: rows of ${tableId(change.orphans.child)} whose ${misfits(change.orphans)}`;
    case 'clean-orphans':
      return `${cleaning(change)}: orphans of ${tableId(change.orphans.child)} (${change.orphans.childColumns.join(', ')})`;
    case 'create-parents':
      return `Create ${counted(change.parents.length, 'missing parent')} in ${tableId(change.children.parent)} for ${tableId(change.children.child)} (${change.children.childColumns.join(', ')})`;
    case 'validate-foreign-key':
      return `Validate ${change.name} of ${tableId(change.table)}`;
    case 'adopt-foreign-key':
      return `Join the keys of the partitions of ${tableId(change.key.child)} in ${change.key.name}, ON DELETE ${change.key.onDelete}${change.drop.length > 0 ? `, and drop ${change.drop.map(({ name }) => name).join(', ')}` : ''}`;
    case 'alter-foreign-key':
      return `Make ${change.name} of ${tableId(change.table)} ${deferrable(change.deferrability)}`;
    case 'drop-foreign-key':
      return `Drop the superfluous ${change.drop.map(({ name }) => name).join(', ')} of ${tableId(change.table)}`;
  }
}

/** PostgreSQL's own words: a key that is `INITIALLY` anything is DEFERRABLE. */
export const deferrable = (deferrability: Deferrability): string =>
  deferrability === 'NOT DEFERRABLE' ? deferrability : `DEFERRABLE ${deferrability}`;

const misfits = ({ uncastable = [] }: OrphanCondition): string =>
  uncastable.map(({ column, to }) => `${column} is no ${to}`).join(' or ');

function cleaning({ strategy, newParent = [] }: Cleaning): string {
  if (strategy === 'delete') return 'Quarantine and delete';
  return strategy === 'nullify'
    ? 'Quarantine and set to null'
    : `Quarantine and give the parent ${newParent.join(', ')}`;
}
