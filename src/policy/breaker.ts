import type { RowLimits } from '../changes/change';
import type { Refusal } from '../finding';

/** How many of a table's rows go. */
export interface Going {
  readonly going: number;
  readonly all: number;
  /** They only get another parent. */
  readonly stays: boolean;
}

/** The circuit breaker: why so many rows of one table may not go. */
export function breaker(table: string, all: readonly Going[], limits: RowLimits): Refusal | undefined {
  const stay = all.some(({ stays }) => stays);
  const rows = all.reduce((sum, { going }) => sum + going, 0);
  const size = all[0]?.all ?? 0;
  // Divided, and not multiplied: 100 * 0.29 is less than 29.
  if (rows <= limits.rows || rows / size <= limits.fraction) return undefined;
  return {
    code: 'LIMIT',
    option: 'limits: { rows, fraction }',
    message: `${rows} of the ${size} rows of ${table} would ${stay ? 'change' : 'go'}, more than ${limits.rows} and more than ${limits.fraction * 100} % of it`,
  };
}

/**
 * How many rows of a table have to be there for so many of them to be within `limits.fraction`; no more need be counted.
 * One more than it takes: the quotient is rounded.
 */
export const enoughRows = (rows: number, { fraction }: RowLimits): number => Math.ceil(rows / fraction) + 1;
