import type { OrphanCondition } from '../changes/change';
import type { Look } from '../execution/look';
import { measurable } from '../pairing/measurable';
import type { OrphanCount } from '../snapshot';

/**
 * What an earlier look of the same call has counted by the very same condition: tables, columns, operators. Anything
 * else that the catalog says of the relation is read anew, and may well say that there is nothing to count.
 */
export function countedBefore(
  condition: OrphanCondition,
  { counted = [], settings }: Pick<Look, 'counted' | 'settings'>,
): OrphanCount | undefined {
  const same = JSON.stringify(condition);
  for (const pair of counted)
    if (
      typeof pair.orphans === 'object' &&
      !pair.mismatch &&
      JSON.stringify(measurable(pair, settings.scan)) === same
    )
      return pair.orphans;
  return undefined;
}
