import type { TableName } from '../schema';
import { literal, qualified, sql, type Sql } from '../sql';

/**
 * A hash of all parents that is made batch by batch in little memory is read faster than one that fills more of it, as if
 * it fitted the processor's cache: see docs/decisions.md. What does not fit goes to temporary files, parents and children:
 * so this is for children of at most 2 GB, and not where a server limits those files. It holds within a transaction.
 */
export const smallHash = {
  begin: (child: TableName): Sql => little('work_mem', child),
  asUsual: sql`set local work_mem to default`,
  /** For VALIDATE CONSTRAINT, whose own query takes `maintenance_work_mem` for its `work_mem`. */
  ofValidation: (child: TableName): Sql => little('maintenance_work_mem', child),
} as const;

/** A partitioned table has no size of its own, and so keeps what the server says. */
const little = (name: 'work_mem' | 'maintenance_work_mem', child: TableName): Sql => sql`
  select pg_catalog.set_config(${literal(name)}, '1MB', true)
   where pg_catalog.current_setting('temp_file_limit') = '-1'
     and pg_catalog.pg_size_bytes(pg_catalog.current_setting(${literal(name)})) > 1048576
     and pg_catalog.pg_relation_size(pg_catalog.to_regclass(${literal(qualified(child))})) between 1 and 2147483648`;
