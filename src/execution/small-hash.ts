import { sql } from '../sql';

/**
 * A hash of all parents that is made batch by batch in little memory is read faster than one that fills more of it, as if
 * it fitted the processor's cache: see docs/decisions.md. Each holds within a transaction.
 */
export const smallHash = {
  begin: sql`set local work_mem = '1MB'`,
  asUsual: sql`set local work_mem to default`,
  /** For VALIDATE CONSTRAINT, whose own query takes `maintenance_work_mem` for its `work_mem`. */
  ofValidation: sql`set local maintenance_work_mem = '1MB'`,
} as const;
