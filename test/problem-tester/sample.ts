import { createHash } from 'node:crypto';
import { full } from '../extent';
import type { ProblemCase } from './case';

/** A number of a case's own, the same in every run. */
const lot = ({ title }: ProblemCase): number => createHash('sha256').update(title).digest().readUInt32BE();

/** In the sample half of the cases show their locks, and the other half are stopped. */
export const showsLocks = (problem: ProblemCase): boolean => full || lot(problem) % 2 === 0;
export const isStopped = (problem: ProblemCase): boolean => full || lot(problem) % 2 === 1;

/** The steps after which a case is stopped: every one, or in the sample one that differs from case to case. */
export function stopsOf(problem: ProblemCase, steps: number): readonly number[] {
  const every = Array.from({ length: steps }, (_, i) => i + 1);
  return full ? every : every.slice((lot(problem) >>> 1) % steps).slice(0, 1);
}
