import { PHASES } from '../changes/change';
import type { Examination } from '../examine';
import type { Step } from '../outcome';
import type { NotMeasured, Snapshot } from '../snapshot';

/** What only a look at the rows, or the sync itself, can decide. */
const OPEN: readonly unknown[] = ['deferred', 'missing-table', 'missing-column'] satisfies NotMeasured[];

/** Nothing to create and nothing to repair: such starters need not wait for each other. */
export const isHealthy = ({ snapshot, steps }: Examination): boolean =>
  isComplete(snapshot) &&
  steps.length === 0 &&
  snapshot.relations.every(({ orphans }) => !OPEN.includes(orphans));

/** Nothing that a plain sync would create is missing. */
export const isComplete = ({ tables }: Snapshot): boolean =>
  tables.every(
    ({ model, table }) =>
      table !== undefined &&
      model.indexes.every((name) => table.indexes.some((index) => index.name === name)),
  );

/** Keys of parents; everything else waits for the tables that the sync creates. */
export const isNeededBySync = ({ change }: Step): boolean => PHASES[change.op] < PHASES['add-foreign-key'];
