import { createHash } from 'node:crypto';
import type { ProblemCase } from './case';

/**
 * The steps after which a case is stopped: every one where `FK_GUARD_STOPS` is `every`, as on the servers of the
 * matrix; else one of them, always the same, which differs from case to case so that all of them get their turn.
 */
export function stopsOf({ title }: ProblemCase, steps: number): readonly number[] {
  const every = Array.from({ length: steps }, (_, i) => i + 1);
  if (process.env['FK_GUARD_STOPS'] === 'every') return every;
  return every.slice(createHash('sha256').update(title).digest().readUInt32BE() % steps).slice(0, 1);
}
