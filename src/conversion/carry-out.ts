import type { Change } from '../changes/change';
import type { Work } from '../execution/work';
import { fillShadow } from './fill';
import { convertInPlace } from './in-place';
import { swapShadow } from './swap';

type Converting = Extract<
  Change,
  { readonly op: 'convert-column' | 'fill-shadow-column' | 'swap-shadow-column' }
>;

/** True for the changes of a conversion that have more to do than to send their statements. */
export const isConverting = (change: Change): change is Converting =>
  change.op === 'convert-column' || change.op === 'fill-shadow-column' || change.op === 'swap-shadow-column';

/** Carries one of them out; returns how many rows it has copied into the quarantine. */
export function convert(work: Work, change: Converting, record: () => Promise<void>): Promise<number> {
  if (change.op === 'convert-column') return convertInPlace(work, change, record);
  return change.op === 'swap-shadow-column'
    ? swapShadow(work, change, record)
    : fillShadow(work, change, record);
}
