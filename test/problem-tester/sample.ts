import { createHash } from 'node:crypto';
import { full } from '../extent';
import { serverVersion } from '../postgres/version';
import type { ProblemCase } from './case';

/** A number of a case's own, the same in every run. */
const lot = ({ title }: ProblemCase): number => createHash('sha256').update(title).digest().readUInt32BE();

/** In the sample a quarter of the cases show their locks, and another one are stopped: half and half of what is `newest`. */
const drawn = (problem: ProblemCase): number => lot(problem) % (problem.newest ? 2 : 4);
export const showsLocks = (problem: ProblemCase): boolean => full || drawn(problem) === 0;
export const isStopped = (problem: ProblemCase): boolean => full || drawn(problem) === 1;

/**
 * The steps after which a case is stopped: in the sample one that differs from case to case; in the matrix every other
 * one, so that a server of an even version and one of an odd version have them all between them.
 */
export function stopsOf(problem: ProblemCase, steps: number): readonly number[] {
  const every = Array.from({ length: steps }, (_, i) => i + 1);
  if (!full) return every.slice((lot(problem) >>> 2) % steps).slice(0, 1);
  const major = Math.floor(serverVersion() / 10_000);
  return problem.newest || steps === 1 ? every : every.filter((k) => (k + major) % 2 === 0);
}
