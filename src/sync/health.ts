import { PHASES } from '../changes/change';
import type { Examination } from '../examine';
import type { Step } from '../outcome';
import type { NotMeasured } from '../snapshot';

/** What only a look at the rows, or the sync itself, can decide. */
const OPEN: readonly unknown[] = ['deferred', 'missing-table', 'missing-column'] satisfies NotMeasured[];

/** Nothing to create and nothing to repair: such starters need not wait for each other. */
export function isHealthy({ snapshot, steps }: Examination): boolean {
  const complete = snapshot.tables.every(
    ({ model, table }) =>
      table !== undefined &&
      model.indexes.every((name) => table.indexes.some((index) => index.name === name)),
  );
  return complete && steps.length === 0 && snapshot.relations.every(({ orphans }) => !OPEN.includes(orphans));
}

/** Keys of parents; everything else waits for the tables that the sync creates. */
export const isNeededBySync = ({ change }: Step): boolean => PHASES[change.op] < PHASES['add-foreign-key'];
