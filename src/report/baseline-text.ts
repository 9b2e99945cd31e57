import type { Compared } from '../baseline/baseline';
import { visible } from '../visible';
import { count } from './layout';

/** What a baseline came to, a line each; nothing where there is none. */
export function baselineLines(compared: Compared | undefined): readonly string[] {
  if (!compared) return [];
  const { accepted, worse, vanished } = compared;
  return [
    `Accepted by the baseline: ${count(accepted.length, 'finding')}.`,
    ...worse.map(({ finding, why }) => `Not accepted any more: ${visible(finding.id)} (${why}).`),
    ...vanished.map(({ id }) => `In the baseline and gone: ${visible(id)}.`),
  ];
}
